"""The directory in a real browser: axe finds nothing, nothing scrolls sideways, no script is needed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from tests.app.test_accessibility import AXE, visit
from tests.foundations.directory.conftest import Site
from tests.foundations.directory.test_pages_shape import CARDS, PAGES, address_of
from tools.screenshots import ChromiumMissing, browser, chromium

# What a browser shows does not depend on the engine.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("site", ["sqlite"], indirect=True)]
NAMES = [*PAGES, *CARDS]


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    try:
        chromium()
    except ChromiumMissing as missing:
        pytest.skip(str(missing))
    with browser() as launched:
        yield launched


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(opened: Browser, site: Site, name: str, width: int, scheme: str) -> None:
    context, page = visit(opened, site.base + address_of(site, name), width, color_scheme=scheme)
    for closed in page.locator("details").all():
        closed.evaluate("element => element.open = true")
    found = Axe().run(page, options=AXE)
    context.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways(opened: Browser, site: Site, name: str, width: int) -> None:
    context, page = visit(opened, site.base + address_of(site, name), width)
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert wide <= width


@pytest.mark.parametrize("name", NAMES)
def test_the_same_content_without_javascript(opened: Browser, site: Site, name: str) -> None:
    kept = []
    for allowed in (True, False):
        context, page = visit(opened, site.base + address_of(site, name), 768, java_script_enabled=allowed)
        kept.append(page.locator("main").inner_text().replace("Copier", "").split())
        context.close()
    assert kept[0] == kept[1] != []


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
    """No refused style or script, no missing file."""
    context = opened.new_context(locale="fr-FR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(site.base + address_of(site, name))
    context.close()
    assert complaints == []
