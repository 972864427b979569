"""The pages of the accounts in a real browser: one enters with two factors, without a script, and axe finds nothing."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from socle.kernel.accounts import totp
from socle.kernel.clock import micros
from tests.app.conftest import opened
from tests.app.running import running
from tests.kernel.accounts.conftest import PASSWORD
from tests.support.browsing import check_clean, check_keyboard, check_print, complaints
from tests.support.command_line import socle
from tests.support.databases import migrate

__all__ = ["opened"]
# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser
EMAIL = "operatrice@exemple.test"
STRUCTURE = "690900006"


@dataclass
class Installation:
    """A running Socle with one operator; `secret` is what their application of codes holds, `entered` and `half` the
    cookies of a browser with both factors and with one."""

    base: str
    home: Path
    secret: bytes = b""
    last_step: int = 0
    recovery: list[str] = field(default_factory=list)
    entered: Any = None
    half: Any = None

    def command(self, *arguments: str) -> str:
        port = self.base.rpartition(":")[2]
        done = socle("admin", *arguments, home=self.home, SOCLE_PORT=port)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def link(self, email: str, *options: str) -> str:
        return self.command("invite", email, *options).splitlines()[0]

    def code(self) -> str:
        """A code that was not used yet: the one of this half minute, or the next, which counts already."""
        step = max(totp.step_at(micros()), self.last_step + 1)
        self.last_step = step
        return totp.code(self.secret, step)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, opened: Browser) -> Iterator[Installation]:
    home: Path = tmp_path_factory.mktemp("home")
    migrate(f"sqlite:///{home / 'socle.sqlite3'}", home)
    with running(home) as base:
        made = Installation(base, home)
        enter_by_invitation(made, opened)
        yield made


def enter_by_invitation(made: Installation, opened: Browser) -> None:
    """The operator's first visit, without any script: the link, a password, codes, recovery codes."""
    with_context = opened.new_context(locale="fr-FR", java_script_enabled=False)
    page = with_context.new_page()
    page.goto(made.link(EMAIL))
    page.get_by_label("Prénom et nom").fill("Nora Exemple")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir mon compte").click()
    made.half = with_context.storage_state()
    typed = page.locator(".code pre").text_content() or ""
    made.secret = base64.b32decode(typed.replace(" ", ""))
    page.get_by_label("Code affiché").fill(made.code())
    page.get_by_role("button", name="Ajouter cette application").click()
    made.recovery = page.locator(".codes code").all_text_contents()
    page.get_by_role("link", name="continuer").click()
    assert page.locator("h1").text_content() == "Nora Exemple"
    made.entered = with_context.storage_state()
    with_context.close()


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/compte/connexion")
    page.get_by_label("Adresse de messagerie").fill(EMAIL)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()


def entered(opened: Browser, state: Any, **options: Any) -> tuple[BrowserContext, Page]:
    context = opened.new_context(locale="fr-FR", storage_state=state, **options)
    return context, context.new_page()


def account_of(installation: Installation, email: str) -> str:
    """The account's identifier, as the command line lists it."""
    found = re.search(rf"^(\w{{16}}) .*{re.escape(email)}", installation.command("list"), re.MULTILINE)
    assert found
    return found[1]


VISITORS = {"sign-in": "/compte/connexion"}
ENTERED = {
    "account": "/compte",
    "password": "/compte/mot-de-passe",
    "enrol": "/compte/enrolement",
    "people": "/comptes",
    "invite": "/comptes/inviter",
    "review": "/comptes/revue",
    "matrix": "/acces",
    "home": "/",
}


@pytest.mark.parametrize("name", [*VISITORS, *ENTERED])
def test_a_page_is_clean_under_the_keyboard_and_on_paper(
    opened: Browser, installation: Installation, name: str
) -> None:
    state = installation.entered if name in ENTERED else None
    context, page = entered(opened, state)
    page.goto(installation.base + {**VISITORS, **ENTERED}[name])
    check_clean(page)
    check_keyboard(page)
    check_print(page)
    context.close()


@pytest.mark.parametrize("name", [*VISITORS, *ENTERED])
def test_the_browser_finds_nothing_to_complain_about(
    opened: Browser, installation: Installation, name: str
) -> None:
    """No refused style or script, no missing file: the content security policy lets the whole page through."""
    state = installation.entered if name in ENTERED else None
    address = installation.base + {**VISITORS, **ENTERED}[name]
    assert complaints(opened, address, storage_state=state) == []


def test_one_signs_in_with_a_password_and_a_code(opened: Browser, installation: Installation) -> None:
    context, page = entered(opened, None, java_script_enabled=False)
    page.goto(f"{installation.base}/comptes/revue")
    assert "/compte/connexion?suite=" in page.url
    page.get_by_label("Adresse de messagerie").fill(EMAIL)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Se connecter").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("Code").fill(installation.code())
    page.get_by_role("button", name="Se connecter").click()
    assert page.url == f"{installation.base}/comptes/revue"
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{installation.base}/compte")
    assert "/compte/connexion" in page.url
    context.close()


def test_the_errors_of_a_form_are_read_first_and_lead_to_their_field(
    opened: Browser, installation: Installation
) -> None:
    context, page = entered(opened, None)
    page.goto(f"{installation.base}/compte/connexion")
    page.get_by_role("button", name="Continuer").click()
    check_clean(page)
    page.get_by_role("link", name="Mot de passe").click()
    assert page.evaluate("document.activeElement.id") == "id_password"
    sign_in(page, installation.base)
    check_clean(page)
    context.close()


def test_a_passkey_takes_the_place_of_the_code(opened: Browser, installation: Installation) -> None:
    """With the authenticator that Chromium simulates (WebDriver extension of Web Authentication, §11)."""
    context, page = entered(opened, None)
    authenticator = context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, installation.base)
    page.get_by_label("Code").fill(installation.recovery[0])
    page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{installation.base}/compte/enrolement")
    page.get_by_role("button", name="Créer une clé d’accès").click()
    page.get_by_text("Clé d’accès", exact=False).first.wait_for()
    page.wait_for_url(f"{installation.base}/compte")
    page.get_by_role("button", name="Se déconnecter").click()
    sign_in(page, installation.base)
    check_clean(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(f"{installation.base}/compte")
    assert page.locator("h1").text_content() == "Nora Exemple"
    context.close()


def test_a_person_is_invited_given_a_role_and_leaves(opened: Browser, installation: Installation) -> None:
    context, page = entered(opened, installation.entered)
    page.goto(f"{installation.base}/comptes/inviter")
    page.get_by_label("Adresse de messagerie").fill("lea@exemple.test")
    page.get_by_label("Rôle").select_option("access-manager")
    page.get_by_role("button", name="Inviter").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("Structure").fill(STRUCTURE)
    page.get_by_role("button", name="Inviter").click()
    check_clean(page)
    link = page.locator(".code pre").text_content() or ""
    assert link.startswith(f"{installation.base}/compte/invitation?jeton=")
    page.goto(link)
    check_clean(page)
    page.goto(f"{installation.base}/comptes/{account_of(installation, 'lea@exemple.test')}")
    check_clean(page)
    page.get_by_label("Rôle", exact=True).select_option("auditor")
    page.get_by_role("button", name="Attribuer ce rôle").click()
    assert page.get_by_text("Auditeur de la trace", exact=False).first.is_visible()
    page.get_by_role("button", name="Retirer Auditeur").click()
    check_clean(page)
    page.get_by_role("button", name="Oui, retirer ce rôle").click()
    assert page.get_by_text("Auditeur de la trace · ", exact=False).count() == 0
    page.get_by_role("link", name="Fermer ses accès").click()
    check_clean(page)
    page.get_by_role("button", name="Oui, fermer ses accès").click()
    assert page.url == f"{installation.base}/comptes"
    assert page.get_by_text("lea@exemple.test").count() == 0
    context.close()


def test_a_role_is_delegated_and_reviewed(opened: Browser, installation: Installation) -> None:
    context, page = entered(opened, installation.entered)
    page.goto(f"{installation.base}/compte")
    page.get_by_role("link", name="Déléguer").first.click()
    check_clean(page)
    page.get_by_label("À qui").fill("personne@exemple.test")
    page.get_by_label("Jusqu’au").fill("2100-01-01")
    page.get_by_role("button", name="Déléguer").click()
    assert page.get_by_role("alert").is_visible()
    page.goto(f"{installation.base}/comptes/revue")
    page.get_by_role("button", name="Ouvrir la revue").click()
    assert page.get_by_text("Votre propre rôle").is_visible()
    check_clean(page)
    context.close()


def test_the_recovery_codes_are_readable_and_printable(opened: Browser, installation: Installation) -> None:
    context, page = entered(opened, installation.entered)
    page.goto(f"{installation.base}/compte")
    page.get_by_role("button", name="En créer de nouveaux").click()
    page.get_by_role("button", name="Oui, en créer de nouveaux").click()
    assert page.locator(".codes code").count() == 10
    check_clean(page)
    page.emulate_media(media="print")
    assert page.locator(".codes").is_visible()
    assert not page.locator(".menu").is_visible()
    context.close()
