"""Pictures of the pages, taken from a running Socle (`make run`) with the Chromium of this machine.

python tools/screenshots.py                     the pictures of the documentation that everybody may see
python tools/screenshots.py --invitation LINK   those of the operator too: the link that `socle up` prints, used up
python tools/screenshots.py --officer LINK      those of who instructs requests, and the requests that they show
python tools/screenshots.py --auditor LINK      those of the auditor
python tools/screenshots.py --review DIR        every page, at three widths, light and dark

`socle admin invite somebody@exemple.test --role data-protection` (or `auditor`) prints such a link.
"""

import argparse
import shutil
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from socle.kernel.accounts import totp
from socle.kernel.clock import micros

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
_LOOKS = 60
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
OPERATED = (
    "/exploitation",
    "/exploitation/livraisons",
    "/exploitation/webhooks",
    "/exploitation/webhooks/creer",
    "/cles-api",
    "/cles-api/creer",
    "/compte",
    "/comptes",
    "/comptes/inviter",
    "/comptes/revue",
    "/acces",
)
# `PAGE > PREFIX` is where the first link of that page leads whose address begins so.
INSTRUCTED = (
    "/droits/instruction",
    "/droits/instruction > /droits/instruction/",
    "/notifications",
    "/notifications/preferences",
)
AUDITED = ("/trace", "/trace > /trace/entrees/", "/trace/journal")
REVIEWED_BY = {"operator": OPERATED, "officer": INSTRUCTED, "auditor": AUDITED}
# What the pages of who instructs requests show.
ASKED = (
    ("Accès", "Nora Exemple", "Quelles données gardez-vous de mes inscriptions ?"),
    ("Rectification", "Hugo Exemple", "Mon adresse d’exercice a changé au mois de mars."),
    ("Effacement", "Lina Exemple", "J’ai quitté l’établissement : effacez mon compte."),
)


@dataclass(frozen=True)
class Picture:
    """A page of the documentation: its file, its address, the height kept (0: the whole page), and as whom it is seen
    (a key of REVIEWED_BY, nobody when empty)."""

    file: str
    path: str
    height: int = 0
    by: str = ""


DOCUMENTED = (
    Picture("home.png", "/", 1790),
    Picture("search.png", "/annuaire?q=cardio+Lyon", 1200),
    Picture("card.png", "/annuaire/professionnel/89970010016", 1230),
    Picture("operating.png", "/exploitation", 845, "operator"),
    Picture("webhooks.png", "/exploitation/webhooks", 740, "operator"),
    Picture("people.png", "/comptes", 660, "operator"),
    Picture("sign-in.png", "/compte/connexion", 720),
    Picture("matrix.png", "/acces", 900),
    Picture("deliveries.png", "/exploitation/livraisons", 760, "operator"),
    Picture("trail.png", "/trace", 1000, "auditor"),
    Picture("rights-desk.png", "/droits/instruction", 890, "officer"),
    Picture("notifications.png", "/notifications", 1020, "officer"),
)
# Who is signed in, by the keys of REVIEWED_BY.
Signed = dict[str, StorageState]


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


def accepted(opened: Browser, link: str) -> StorageState:
    """What the browser keeps of a person who has accepted the invitation: a password that nobody will know, codes of an
    app that is thrown away."""
    context = opened.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Prénom et nom").fill("Nora Exemple")
    page.get_by_label("Mot de passe").fill(token_urlsafe(24))
    page.get_by_role("button", name="Ouvrir mon compte").click()
    typed = page.locator(".code pre").text_content() or ""
    secret = b32decode(typed.replace(" ", ""))
    page.get_by_label("Code affiché").fill(totp.code(secret, totp.step_at(micros())))
    page.get_by_role("button", name="Ajouter cette application").click()
    page.get_by_role("link", name="continuer").click()
    state = context.storage_state()
    context.close()
    return state


def shoot(
    opened: Browser,
    base: str,
    path: str,
    file: Path,
    *,
    width: int,
    scheme: str,
    lang: str = "fr",
    height: int = 0,
    state: StorageState | None = None,
) -> None:
    """One picture of one page, as a new visitor sees it, or who is signed in."""
    context = opened.new_context(
        viewport={"width": width, "height": height or 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR" if lang == "fr" else "en-GB",
        reduced_motion="reduce",
        storage_state=state,
    )
    page = context.new_page()
    opening(page, base, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=not height)
    context.close()


def opening(page: Page, base: str, path: str) -> None:
    """Go to an address, or to what the first such link of it leads to."""
    address, _, below = path.partition(" > ")
    page.goto(base + address)
    if below:
        page.goto(base + str(page.locator(f'main a[href^="{below}"]').first.get_attribute("href")))


def ask(opened: Browser, base: str) -> None:
    """Deposit ASKED, as their persons would."""
    for right, name, said in ASKED:
        context = opened.new_context(locale="fr-FR", java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{base}/droits/demande")
        page.get_by_label(right).first.check()
        page.get_by_label("Prénom et nom").fill(name)
        page.get_by_label("Comment vous joindre").fill("06 00 00 00 00")
        page.get_by_label("Votre demande").fill(said)
        page.get_by_role("button", name="Déposer ma demande").click()
        page.get_by_role("link", name="Suivre ma demande").wait_for()
        context.close()


def wait_until_told(opened: Browser, base: str, state: StorageState) -> None:
    """Until the centre of who instructs tells of every request: the worker makes notifications after the fact."""
    context = opened.new_context(locale="fr-FR", storage_state=state)
    page = context.new_page()
    for _ in range(_LOOKS):
        page.goto(f"{base}/notifications")
        if page.get_by_text("exerce").count() >= len(ASKED):
            break
        page.wait_for_timeout(500)
    context.close()


def signed_in(opened: Browser, base: str, invitations: dict[str, str]) -> Signed:
    """Each invitation accepted; with somebody to instruct them, requests are deposited."""
    signed = {by: accepted(opened, link) for by, link in invitations.items() if link}
    if "officer" in signed:
        ask(opened, base)
        wait_until_told(opened, base, signed["officer"])
    return signed


def document(base: str, folder: Path, invitations: dict[str, str], chosen: list[str]) -> None:
    with browser() as opened:
        signed = signed_in(opened, base, invitations)
        for picture in DOCUMENTED:
            if (picture.by and picture.by not in signed) or (chosen and picture.file not in chosen):
                continue
            file, state = folder / picture.file, signed.get(picture.by)
            height = picture.height
            shoot(opened, base, picture.path, file, width=1280, scheme="light", height=height, state=state)


def review(base: str, folder: Path, paths: tuple[str, ...], lang: str, invitations: dict[str, str]) -> None:
    with browser() as opened:
        signed = signed_in(opened, base, invitations)
        seen: list[tuple[str, StorageState | None]] = [(path, None) for path in paths]
        seen += [(path, state) for by, state in signed.items() for path in REVIEWED_BY[by]]
        for (path, state), width, scheme in product(seen, WIDTHS, SCHEMES):
            name = quote(path.strip("/").replace(" > ", "--") or "home", safe="").replace("%", "_")
            file = folder / f"{name}-{width}-{scheme}.png"
            shoot(opened, base, path, file, width=width, scheme=scheme, lang=lang, state=state)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", default="http://localhost:8000", help="address of the running Socle")
    parser.add_argument(
        "--review", type=Path, metavar="DIR", help="every page at three widths, light and dark"
    )
    parser.add_argument("--invitation", default="", metavar="LINK", help="of an operator; it is used up")
    parser.add_argument("--officer", default="", metavar="LINK", help="of who instructs requests")
    parser.add_argument("--auditor", default="", metavar="LINK", help="of an auditor")
    parser.add_argument("--only", nargs="*", default=[], metavar="FILE", help="these pictures alone")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    parser.add_argument("--paths", nargs="*", default=REVIEWED, help="the pages to review")
    chosen = parser.parse_args()
    base = chosen.base.rstrip("/")
    invitations = {
        "operator": chosen.invitation,
        "officer": chosen.officer,
        "auditor": chosen.auditor,
    }
    if chosen.review:
        review(base, chosen.review, tuple(chosen.paths), chosen.lang, invitations)
    else:
        document(base, IMAGES, invitations, chosen.only)


if __name__ == "__main__":
    main()
