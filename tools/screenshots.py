"""Pictures of the pages, taken from a running Socle (`make run`) with the Chromium of this machine.

python tools/screenshots.py                 the pictures of the documentation
python tools/screenshots.py --review DIR    every page, at three widths, light and dark
"""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# The browser itself must stay silent: what it asks the network for would be read as ours.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
REVIEWED = (
    "/",
    "/services",
    "/visite",
    "/visite/1",
    "/erreurs",
    "/accessibilite",
    "/facile-a-lire",
    "/composants",
    "/annuaire",
    "/annuaire?q=cardio+Lyon",
    "/annuaire?q=inffirmiere+lyon",
    "/annuaire/professionnel/89970010016",
    "/annuaire/structure/690900006",
    "/annuaire/densites",
    "/annuaire/densites/69",
    "/rien",
)


@dataclass(frozen=True)
class Picture:
    """A page of the documentation: its file, its address, and the height kept (0: the whole page)."""

    file: str
    path: str
    height: int = 0


DOCUMENTED = (
    Picture("home.png", "/", 1360),
    Picture("search.png", "/annuaire?q=cardio+Lyon", 1200),
    Picture("card.png", "/annuaire/professionnel/89970010016", 1230),
)


class ChromiumMissing(RuntimeError):
    """No Chromium on this machine."""


def chromium() -> str:
    """The path of Chromium. Raises ChromiumMissing, saying what to install."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise ChromiumMissing("no Chromium found (Debian: apt install chromium)")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield launched
        launched.close()


def shoot(
    opened: Browser, address: str, file: Path, *, width: int, scheme: str, lang: str = "fr", height: int = 0
) -> None:
    """One picture of one page, as a new visitor sees it."""
    context = opened.new_context(
        viewport={"width": width, "height": height or 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR" if lang == "fr" else "en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=not height)
    context.close()


def document(base: str, folder: Path) -> None:
    with browser() as opened:
        for picture in DOCUMENTED:
            shoot(
                opened,
                base + picture.path,
                folder / picture.file,
                width=1280,
                scheme="light",
                height=picture.height,
            )


def review(base: str, folder: Path, paths: tuple[str, ...], lang: str) -> None:
    with browser() as opened:
        for path in paths:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    name = quote(path.strip("/") or "home", safe="").replace("%", "_")
                    file = folder / f"{name}-{width}-{scheme}.png"
                    shoot(opened, base + path, file, width=width, scheme=scheme, lang=lang)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", default="http://localhost:8000", help="address of the running Socle")
    parser.add_argument(
        "--review", type=Path, metavar="DIR", help="every page at three widths, light and dark"
    )
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    parser.add_argument("--paths", nargs="*", default=REVIEWED, help="the pages to review")
    chosen = parser.parse_args()
    base = chosen.base.rstrip("/")
    if chosen.review:
        review(base, chosen.review, tuple(chosen.paths), chosen.lang)
    else:
        document(base, IMAGES)


if __name__ == "__main__":
    main()
