"""Every kind of page in a real browser: axe finds nothing, nothing scrolls sideways, the keyboard finds its way.

Axe sees about a third of the criteria; `docs/accessibility.md` says who looks at the rest.
"""

import pytest
from playwright.sync_api import Browser

from tests.app.browsing import axe_report, complaints, visit, width_needed, words_shown
from tests.app.test_pages import PATHS, REFUSED
from tools.screenshots import SCHEMES, WIDTHS

pytestmark = pytest.mark.browser

PAGES = [*PATHS, REFUSED]


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    pixels: int = request.param
    return pixels


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(opened: Browser, server: str, path: str, width: int, scheme: str) -> None:
    assert axe_report(opened, server + path, width, scheme) == ""


@pytest.mark.parametrize("width", [320, *WIDTHS])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways(opened: Browser, server: str, path: str, width: int) -> None:
    """320 pixels are what a page of 1280 has left when it is enlarged four times (WCAG 1.4.10)."""
    assert width_needed(opened, server + path, width) <= width


@pytest.mark.parametrize("path", PAGES)
def test_the_same_content_without_javascript(opened: Browser, server: str, path: str) -> None:
    whole = words_shown(opened, server + path, scripts=True)
    assert whole == words_shown(opened, server + path, scripts=False) != []


@pytest.mark.parametrize("path", PAGES)
def test_what_one_touches_is_large_enough(opened: Browser, server: str, path: str) -> None:
    """44 pixels high, but for links inside a sentence (WCAG 2.5.5)."""
    context, page = visit(opened, server + path, 360)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input, select')]
            .filter(e => e.getClientRects().length && !e.matches('[type=radio], [type=checkbox]'))
            .filter(e => !e.closest('.skip, p, dd, dt, h4, main li:not([class])'))
            .filter(e => e.getBoundingClientRect().height < 43.5)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    context.close()
    assert small == []


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(opened: Browser, server: str) -> None:
    context, page = visit(opened, f"{server}/", 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    rings = page.evaluate(
        """[document.activeElement, document.activeElement.closest('li')]
            .map(element => getComputedStyle(element).outlineStyle)"""
    )
    context.close()
    assert "solid" in rings


def test_a_command_is_copied_by_its_button(opened: Browser, server: str) -> None:
    context, page = visit(
        opened, f"{server}/services", 1280, permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copier").first.click()
    page.get_by_role("button", name="Copié").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied == f"curl {server}/services.json"


def test_nothing_moves_for_those_who_ask_for_stillness(opened: Browser, server: str) -> None:
    context, page = visit(opened, f"{server}/", 1280, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


def test_on_paper_the_navigation_gives_way_to_the_content(opened: Browser, server: str) -> None:
    context, page = visit(opened, f"{server}/services", 1280)
    page.emulate_media(media="print")
    assert not page.locator(".menu").is_visible()
    assert page.locator("h1").is_visible()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_finds_nothing_to_complain_about(opened: Browser, server: str, path: str) -> None:
    expected = ["Failed to load resource: the server responded with a status of 404 (Not Found)"] * (
        path == REFUSED
    )
    assert complaints(opened, server + path) == expected
