"""The directory in a real browser: axe finds nothing, nothing scrolls sideways, no script is needed."""

import pytest
from playwright.sync_api import Browser

from tests.foundations.directory.conftest import Site
from tests.foundations.directory.test_pages_shape import CARDS, PAGES, address_of
from tests.support.browsing import check_in_every_light, visit

# What a browser shows does not depend on the engine.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("site", ["sqlite"], indirect=True)]
NAMES = [*PAGES, *CARDS]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_clean_in_every_light_and_width(opened: Browser, site: Site, name: str) -> None:
    check_in_every_light(opened, site.base + address_of(site, name))


def test_one_searches_with_the_keyboard_alone(opened: Browser, site: Site) -> None:
    context, page = visit(opened, f"{site.base}/annuaire", 1280)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("dr exemple")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dr Nora EXEMPLE", exact=True).wait_for()
    context.close()
    assert page.url.endswith("q=dr+exemple&metier=&ou=")


def test_on_paper_a_list_is_its_table_and_a_card_itself(opened: Browser, site: Site) -> None:
    context, page = visit(opened, f"{site.base}/annuaire?q=cardio+lyon", 1280)
    page.emulate_media(media="print")
    assert not page.locator(".search").is_visible()
    assert page.locator(".found").is_visible()
    page.goto(site.base + address_of(site, "person"))
    assert page.locator("h1").is_visible()
    assert not page.locator(".menu").is_visible()
    context.close()
