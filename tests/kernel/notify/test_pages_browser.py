"""The pages of notifications in a real browser, with and without scripts, and the mail of an invitation from the page
of its inviter to the page that opens the account."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser

from socle.kernel.access import OPERATOR
from socle.kernel.db import Database
from socle.kernel.notify.kinds import Channel
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.unsubscribing import link
from socle.kernel.settings import settings
from tests.app.conftest import opened
from tests.kernel.notify.telling import heard
from tests.support.browsing import Site, check_clean, check_keyboard, check_print, complaints, site
from tests.support.databases import SqliteTemplate
from tests.support.mail_relay import MailRelay

__all__ = ["opened"]
# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser
CENTRE, PREFERENCES = "/notifications", "/notifications/preferences"


@pytest.fixture(scope="module")
def relay() -> Iterator[MailRelay]:
    with MailRelay().listening() as listening, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCLE_MAIL_RELAY", f"smtp://127.0.0.1:{listening.port}?starttls=no")
        patch.setenv("SOCLE_MAIL_FROM", "socle@exemple.test")
        notify_settings.cache_clear()
        yield listening
    notify_settings.cache_clear()


def work(known: Site) -> None:
    """What a worker does beside the server; on a thread of its own, because the browser has the loop of this one."""

    def heard_there() -> None:
        db = Database(known.url)
        heard(db)
        db.close()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(heard_there).result()


@pytest.fixture(scope="module")
def known(
    opened: Browser,
    sqlite_template: SqliteTemplate,
    tmp_path_factory: pytest.TempPathFactory,
    relay: MailRelay,
) -> Iterator[Site]:
    """The operator was told, and mailed, of their role and of their second factor."""
    with site(sqlite_template, tmp_path_factory.mktemp("site"), {"nora": OPERATOR}) as started:
        work(started)
        assert len(relay.taken) == 2
        yield started


def test_pages_are_clean_in_every_light_and_width_and_on_paper(opened: Browser, known: Site) -> None:
    stop = link(known.people["nora"].account, Channel.MAIL, ["role.received"])
    for path, who in ((CENTRE, "nora"), (PREFERENCES, "nora"), (stop, "")):
        context, page = known.visit(opened, path, who)
        check_clean(page)
        check_keyboard(page)
        check_print(page)
        context.close()
        assert complaints(opened, known.base + path, storage_state=known.state(who)) == []


def test_one_reads_undoes_and_chooses_without_a_script(opened: Browser, known: Site) -> None:
    context, page = known.visit(opened, CENTRE, "nora", java_script_enabled=False)
    assert page.locator(".count").inner_text().startswith("2")
    page.get_by_role("button", name="Tout marquer comme lu").click()
    assert page.locator(".count").count() == 0
    page.get_by_role("button", name="Annuler").click()
    assert page.locator(".count").inner_text().startswith("2")
    page.get_by_role("button", name="Ouvrir Un rôle vous est confié").click()
    assert page.url == f"{known.base}/compte"
    page.get_by_role("link", name=re.compile("Notifications")).click()
    page.get_by_label("Notifications à afficher").select_option("non-lues")
    page.get_by_role("button", name="Filtrer").click()
    assert page.locator(".row").count() == 1
    page.get_by_role("link", name="Choisir ce qui m’est envoyé").click()
    page.get_by_label("Un rôle vous est confié").select_option("digest")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_text("Vos choix sont enregistrés").is_visible()
    assert page.get_by_label("Un rôle vous est confié").input_value() == "digest"
    context.close()


def test_an_invitation_is_mailed_and_opens_the_account(
    opened: Browser, known: Site, relay: MailRelay
) -> None:
    before = len(relay.taken)
    context, page = known.visit(opened, "/comptes/inviter", "nora", java_script_enabled=False)
    page.get_by_label("Adresse de messagerie").fill("lea@exemple.test")
    page.get_by_label("Rôle").select_option("auditor")
    page.get_by_role("button", name="Inviter").click()
    assert page.locator("h1").inner_text() == "Invitation envoyée"
    assert not page.locator(".code").is_visible()
    page.get_by_text("Montrer un lien").click()
    assert page.locator(".code").is_visible()
    context.close()
    work(known)
    assert len(relay.taken) == before + 1
    taken = relay.taken[-1]
    found = re.search(r"/compte/invitation\?\S+", taken.body())
    assert found
    assert taken.to == "lea@exemple.test"
    context, page = known.visit(opened, found[0], java_script_enabled=False)
    page.get_by_label("Prénom et nom").fill("Léa Exemple")
    page.get_by_label("Mot de passe").fill("sept hérons sur la berge")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    assert page.get_by_label("Code affiché").is_visible()
    context.close()


def test_one_stops_mails_by_their_link_without_an_account(
    opened: Browser, known: Site, relay: MailRelay
) -> None:
    (stop,) = [one.stop for one in relay.taken if one.stop]
    path = stop.removeprefix(settings().public_url)
    context, page = known.visit(opened, path, java_script_enabled=False)
    page.get_by_role("button", name="Ne plus me les envoyer").click()
    assert page.locator("h1").inner_text() == "Ces courriels sont arrêtés"
    page.get_by_role("button", name="Annuler").click()
    assert page.locator("h1").inner_text() == "Vous recevrez de nouveau ces courriels"
    context.close()
