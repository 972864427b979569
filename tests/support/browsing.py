"""What a real browser makes of a page: asked of every page, here and in the services.

A module with pages behind a sign-in opens one `Site` (a server on an SQLite database, with people who have accounts)
and one browser (`opened`, from `tests.app.conftest`), and asks each page to be clean:

    with site(sqlite_template, folder, {"operator": OPERATOR}, fill=some_rows) as known:
        context, page = known.visit(opened, "/exploitation", "operator")
        check_clean(page)
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page

from socle.kernel.access import Role
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.db import Database
from tests.app.running import running
from tests.kernel.accounts.conftest import STRUCTURE, Somebody, somebody
from tests.support.databases import SqliteTemplate

# Target size (WCAG 2.5.8) is not among the rules that axe runs by default.
_AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_TELEPHONE = 360
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_WIDTHS = (320, _TELEPHONE, 768, 1280)
_TOUCHED = """() => [...document.querySelectorAll(
        'header a, header button, main a, main button, main summary, main input, main select, main textarea')]
    .filter(e => e.getClientRects().length && !e.matches('[type=hidden], [type=checkbox], [type=radio]'))
    .filter(e => !e.closest('.skip, p:not([class]), dd, dt, td, h4, main li:not([class])'))
    .filter(e => e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 120))"""
# Each stop writes itself down: one look at the end instead of one a key. A field for a date has three more inside.
_REACHABLE = """() => {
    const stops = [...document.querySelectorAll('a[href], button, summary, input, select, textarea')]
        .filter(e => e.getClientRects().length && !e.disabled && !e.matches('[type=hidden]'));
    window.reached = [];
    document.addEventListener('focusin', event => {
        const e = event.target, box = e.getBoundingClientRect();
        const seen = [e, e.closest('li') ?? e].some(one => getComputedStyle(one).outlineStyle !== 'none');
        const shown = box.bottom > 0 && box.top < innerHeight;
        window.reached.push([stops.indexOf(e), seen && shown ? '' : e.outerHTML.slice(0, 120)]);
    });
    // From the first stop, wherever a fragment of the address has put the reader.
    stops[0].focus();
    return [stops.length, 3 * stops.filter(e => e.matches('[type=date]')).length];
}"""


@dataclass(frozen=True)
class Site:
    """A running Socle; `people` are those who were given accounts, by the name that the test gave them."""

    base: str
    url: str
    people: Mapping[str, Somebody]

    def state(self, who: str = "") -> dict[str, Any]:
        """What a browser keeps of somebody who is signed in; of nobody when no name is given."""
        if not who:
            return {"cookies": [], "origins": []}
        cookie = {"name": cookie_name(), "value": self.people[who].token, "url": self.base}
        return {"cookies": [cookie], "origins": []}

    def visit(
        self, opened: Browser, path: str, who: str = "", width: int = 1280, **options: Any
    ) -> tuple[BrowserContext, Page]:
        """A browser of their own, on the page. Close the context."""
        return visit(opened, self.base + path, width, storage_state=self.state(who), **options)


@contextmanager
def site(
    template: SqliteTemplate,
    folder: Path,
    roles: Mapping[str, Role],
    fill: Callable[[Database], None] = lambda db: None,
    **variables: str,
) -> Iterator[Site]:
    """One person for each role, for STRUCTURE where the role is held for one; what `fill` has put in; a server on it
    with these variables of its environment. What a browser shows does not depend on the engine."""
    with template.fresh(folder) as url:
        db = Database(url)
        people = {
            who: somebody(db, f"{who}@exemple.test", role, STRUCTURE if role.per_structure else "")
            for who, role in roles.items()
        }
        with ThreadPoolExecutor(1) as beside:
            # The browser's event loop is that of this thread: what `fill` awaits runs on one of its own.
            beside.submit(fill, db).result()
        db.close()
        # Sessions are sealed with the secret of this process's own home.
        with running(Path(os.environ["SOCLE_HOME"]), SOCLE_DATABASE=url, **variables) as base:
            yield Site(base, url, people)


def visit(
    opened: Browser, address: str, width: int, said: list[str] | None = None, **options: Any
) -> tuple[BrowserContext, Page]:
    """A new browser on the page at an address; `said` receives what it complains of."""
    context = opened.new_context(
        viewport={"width": width, "height": 800},
        locale="fr-FR",
        extra_http_headers={"X-Request-ID": "browser"},
        **options,
    )
    page = context.new_page()
    if said is not None:
        page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    return context, page


def check_clean(page: Page) -> None:
    """axe finds nothing, nothing scrolls sideways and fingers find what they touch, on a telephone in the dark and on a
    desk by day."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 800})
    assert axe_on(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(_TOUCHED) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert axe_on(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def check_in_every_light(opened: Browser, address: str, expected: Sequence[str] = ()) -> None:
    """One visit: the browser has nothing to say but what is expected, nothing scrolls sideways from the width that a
    page enlarged four times has left (WCAG 1.4.10) to that of a desk, axe finds nothing by day and by night, fingers
    find what they touch (WCAG 2.5.5). A second one, without scripts: the content is the same."""
    said: list[str] = []
    context, page = visit(opened, address, 768, said, reduced_motion="reduce")
    words = _words(page)
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == _TELEPHONE:
            assert page.evaluate(_TOUCHED) == []
    for width, scheme in product((_TELEPHONE, 1280), _SCHEMES):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert axe_on(page) == "", f"{width} pixels, {scheme}"
    assert said == list(expected)
    context.close()
    context, page = visit(opened, address, 768, java_script_enabled=False)
    assert _words(page) == words != []
    context.close()


def _words(page: Page) -> list[str]:
    """The words of the content, but for the button that only a script can serve."""
    return page.locator("main").inner_text().replace("Copier", "").split()


def check_keyboard(page: Page) -> None:
    """Tab reaches everything that can be used, in the order in which the page is read, and each stop shows itself."""
    count, inside = page.evaluate(_REACHABLE)
    for _ in range(count - 1 + inside):
        page.keyboard.press("Tab")
    reached = page.evaluate("window.reached")[:count]
    assert [stop for stop, _ in reached] == list(range(count))
    # The first one was given the focus by a script, which shows no ring.
    assert [hidden for _, hidden in reached[1:] if hidden] == []


def check_print(page: Page) -> None:
    """On paper the content stays and the navigation goes."""
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.locator(".menu").is_visible()
    assert not page.locator(".breadcrumb").is_visible()
    page.emulate_media(media="screen")


def axe_on(page: Page) -> str:
    """What axe finds on a page as it stands, with all of its details open; empty when it finds nothing."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options=_AXE)
    return str(found.generate_report()) if found.violations_count else ""


def width_needed(opened: Browser, address: str, width: int, **options: Any) -> int:
    """Pixels that the page takes on a screen of this width."""
    context, page = visit(opened, address, width, **options)
    needed: int = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    return needed


def complaints(opened: Browser, address: str, **options: Any) -> list[str]:
    """What the browser has to say: a style or script refused by the content security policy, a missing file."""
    said: list[str] = []
    context, _ = visit(opened, address, 1280, said, **options)
    context.close()
    return said
