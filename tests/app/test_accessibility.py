"""Every kind of page in a real browser: axe finds nothing, nothing scrolls sideways, the keyboard finds its way.

Axe sees about a third of the criteria; `docs/accessibility.md` says who looks at the rest.
"""

import pytest
from playwright.sync_api import Browser

from tests.app.test_pages import PATHS, REFUSED
from tests.support.browsing import check_in_every_light, visit

pytestmark = pytest.mark.browser

PAGES = [*PATHS, REFUSED]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_clean_in_every_light_and_width(opened: Browser, server: str, path: str) -> None:
    missing = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    check_in_every_light(opened, server + path, [missing] * (path == REFUSED))


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
