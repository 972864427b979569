"""What a real browser makes of a page: asked of every page, here and in the services."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page

# Target size (WCAG 2.5.8) is not among the rules that axe runs by default.
_AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def visit(opened: Browser, address: str, width: int, **options: object) -> tuple[BrowserContext, Page]:
    context = opened.new_context(
        viewport={"width": width, "height": 800},
        locale="fr-FR",
        extra_http_headers={"X-Request-ID": "browser"},
        **options,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(address)
    return context, page


def axe_report(opened: Browser, address: str, width: int, scheme: str, **options: object) -> str:
    """What axe finds on the page at an address; empty when it finds nothing."""
    context, page = visit(opened, address, width, color_scheme=scheme, **options)
    report = axe_on(page)
    context.close()
    return report


def axe_on(page: Page) -> str:
    """What axe finds on a page as it stands, with all of its details open; empty when it finds nothing."""
    for closed in page.locator("details").all():
        closed.evaluate("element => element.open = true")
    found = Axe().run(page, options=_AXE)
    return str(found.generate_report()) if found.violations_count else ""


def width_needed(opened: Browser, address: str, width: int, **options: object) -> int:
    """Pixels that the page takes on a screen of this width."""
    context, page = visit(opened, address, width, **options)
    needed: int = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    return needed


def words_shown(opened: Browser, address: str, *, scripts: bool) -> list[str]:
    """The words of the content, with scripts or without, but for the button that only a script can serve."""
    context, page = visit(opened, address, 768, java_script_enabled=scripts)
    words = page.locator("main").inner_text().replace("Copier", "").split()
    context.close()
    return words


def complaints(opened: Browser, address: str, **options: object) -> list[str]:
    """What the browser has to say: a style or script refused by the content security policy, a missing file."""
    context = opened.new_context(locale="fr-FR", **options)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    context.close()
    return said
