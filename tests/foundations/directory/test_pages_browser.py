"""The directory in a real browser: axe finds nothing, nothing scrolls sideways, no script is needed."""

import pytest
from playwright.sync_api import Browser

from tests.app.browsing import axe_report, complaints, visit, width_needed, words_shown
from tests.foundations.directory.conftest import Site
from tests.foundations.directory.test_pages_shape import CARDS, PAGES, address_of

# What a browser shows does not depend on the engine.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("site", ["sqlite"], indirect=True)]
NAMES = [*PAGES, *CARDS]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(opened: Browser, site: Site, name: str, width: int, scheme: str) -> None:
    assert axe_report(opened, site.base + address_of(site, name), width, scheme) == ""


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways(opened: Browser, site: Site, name: str, width: int) -> None:
    assert width_needed(opened, site.base + address_of(site, name), width) <= width


@pytest.mark.parametrize("name", NAMES)
def test_the_same_content_without_javascript(opened: Browser, site: Site, name: str) -> None:
    address = site.base + address_of(site, name)
    assert words_shown(opened, address, scripts=True) == words_shown(opened, address, scripts=False) != []


@pytest.mark.parametrize("name", NAMES)
def test_what_one_touches_is_large_enough(opened: Browser, site: Site, name: str) -> None:
    """44 pixels high on a telephone, but for links inside a sentence (WCAG 2.5.5)."""
    context, page = visit(opened, site.base + address_of(site, name), 360)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main summary, main input, main select')]
            .filter(e => e.getClientRects().length && !e.matches('[type=checkbox]'))
            .filter(e => !e.closest('p:not([class]), dd, dt') && e.getBoundingClientRect().height < 43.5)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    context.close()
    assert small == []


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


@pytest.mark.parametrize("name", NAMES)
def test_the_browser_finds_nothing_to_complain_about(opened: Browser, site: Site, name: str) -> None:
    assert complaints(opened, site.base + address_of(site, name)) == []
