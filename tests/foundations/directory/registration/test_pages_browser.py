"""Self-registration in a real browser: a person registers, corrects and follows, their employer decides; without a
script, with the keyboard, on a telephone."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from socle.foundations.directory.registration.acts import employer
from socle.kernel.access import DIRECTORY_MANAGER
from socle.kernel.clock import business_date
from socle.kernel.db import Database
from tests.app.conftest import opened
from tests.foundations.directory.registration.house import (
    CAMILLE,
    confirmed,
    decided,
    fill,
    nurse,
    published,
    work,
)
from tests.support.browsing import Site, check_clean, check_keyboard, check_print, complaints, site
from tests.support.databases import SqliteTemplate

__all__ = ["opened"]
# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser
START, DESK = "/annuaire/s-enregistrer", "/annuaire/enregistrements"


@pytest.fixture(scope="module")
def known(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("registrations")

    def some(db: Database) -> None:
        twin = nurse(national_id="810000000019", family_name="FABLE", given_name="LOUISE")
        fill(db, home, twin)
        published(db, replace(CAMILLE, birth_name="Dupré", email="dupre@exemple.test"), days=200)
        waiting = confirmed(db, replace(CAMILLE, birth_name="Fable", given_name="Louise", sex="F"), days=None)
        decided(db, employer.verify_identity, waiting.registration, evidence="passport")
        refused = confirmed(db, replace(CAMILLE, birth_name="Renard", given_name="Jean", sex="M"))
        decided(db, employer.refuse, refused.registration, why="Pas chez nous.")
        # The name of whoever manages here, from another address.
        confirmed(db, replace(CAMILLE, birth_name="Exemple", given_name="Nora", email="nora@exemple.test"))

    with site(sqlite_template, home, {"manager": DIRECTORY_MANAGER}, some) as found:
        yield found


def answer_all(page: Page) -> None:
    """From the first question to the answers read again."""
    page.get_by_label("Nom, ville ou numéro FINESS").fill("690900006")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_label("EHPAD DES FABLES, 69003 LYON").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de naissance").fill("Modèle")
    page.get_by_label("Premier prénom").fill("Camille")
    page.get_by_label("Féminin").check()
    page.get_by_label("Date de naissance").fill("1990-02-28")
    page.get_by_label("Ville de naissance").fill("Lyon")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Votre rôle").select_option(label="Auxiliaire de vie sociale")
    page.get_by_label("Contrat à durée déterminée").check()
    page.get_by_label("Premier jour").fill(str(business_date()))
    page.get_by_role("button", name="Continuer").click()
    assert page.get_by_text("Ce contrat a une fin").count() == 2
    page.get_by_label("Dernier jour").fill(str(business_date() + timedelta(days=60)))
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Adresse de messagerie").fill("camille@exemple.test")
    page.get_by_role("button", name="Continuer").click()


def delivered(known: Site) -> None:
    """The outbox of the installation does its work: in a thread, because the browser has the loop of this one."""

    def deliver() -> None:
        db = Database(known.url)
        work(db)
        db.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(deliver).result()


def test_a_role_goes_from_the_form_to_the_directory(known: Site, opened: Browser) -> None:
    """The person and the manager each in their own browser, neither with a script."""
    at_home, person = known.visit(opened, START, java_script_enabled=False)
    person.get_by_role("link", name="Commencer").click()
    answer_all(person)
    person.get_by_role("button", name="Changer l’adresse et le téléphone").click()
    person.get_by_label("Téléphone").fill("04 65 71 00 99")
    person.get_by_role("button", name="Continuer").click()
    person.get_by_role("button", name="Envoyer ma demande").click()
    code = re.search(r"\d{8}", person.locator(".note-warm b").first.inner_text())
    assert code
    person.get_by_label("Code reçu").fill("00000000" if code[0] != "00000000" else "11111111")
    person.get_by_role("button", name="Confirmer mon adresse").click()
    assert person.get_by_text("Ce code n’est pas le bon").count() == 2
    person.get_by_label("Code reçu").fill(code[0])
    person.get_by_role("button", name="Confirmer mon adresse").click()
    follow = person.url
    assert person.get_by_text("votre employeur décide avant le").is_visible()

    at_work, manager = known.visit(opened, DESK, "manager", java_script_enabled=False)
    manager.get_by_role("link", name="Ouvrir Camille Modèle").click()
    manager.get_by_text("Demander une correction").click()
    manager.locator("#id_correction-why").fill("Votre deuxième prénom n’est pas demandé.")
    manager.get_by_role("button", name="Envoyer à la personne").click()
    person.goto(follow)
    assert person.get_by_text("deuxième prénom").first.is_visible()
    person.get_by_role("link", name="Corriger ma demande").click()
    person.get_by_role("button", name="Envoyer la correction").click()
    assert person.url == follow

    manager.reload()
    manager.get_by_label("Passeport").check()
    manager.get_by_role("button", name="L’identité est la bonne").click()
    manager.get_by_role("button", name="Valider ce rôle").click()
    manager.get_by_text("Rôle validé par l’employeur").wait_for()
    delivered(known)
    person.goto(follow)
    person.get_by_role("link", name="Voir votre fiche").click()
    assert person.locator("h1").inner_text() == "Mme Camille MODÈLE"
    assert person.get_by_text("Auxiliaire de vie sociale").first.is_visible()
    with manager.expect_download() as download:
        manager.goto(f"{known.base}{DESK}/personnes")
        manager.get_by_role("link", name="Télécharger").click()
    assert "MODÈLE;Camille;Auxiliaire de vie sociale" in download.value.path().read_text("utf-8-sig")
    at_home.close()
    at_work.close()


def test_every_page_is_clean(known: Site, opened: Browser) -> None:
    context, page = known.visit(opened, START)
    check_clean(page)
    check_keyboard(page)
    check_print(page)
    page.get_by_role("link", name="Commencer").click()
    check_clean(page)
    answer_all(page)
    check_clean(page)
    for name in ("la structure", "l’identité", "le rôle et le contrat"):
        page.get_by_role("button", name=f"Changer {name}").click()
        check_clean(page)
        page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Envoyer ma demande").click()
    check_clean(page)
    check_print(page)
    page.get_by_role("link", name="Corriger ma demande").click()
    check_clean(page)
    page.go_back()
    page.get_by_role("button", name="Retirer ma demande").click()
    check_clean(page)
    page.get_by_role("button", name="Oui, retirer ma demande").click()
    assert page.get_by_text("la personne l’a retiré").first.is_visible()
    page.goto(page.url.replace("/suivi", "/correction"))
    assert page.get_by_role("link", name="Déclarer un autre rôle").is_visible()
    check_clean(page)
    context.close()


def test_every_page_of_the_manager_is_clean(known: Site, opened: Browser) -> None:
    context, page = known.visit(opened, DESK, "manager")
    check_clean(page)
    check_keyboard(page)
    page.get_by_role("link", name="Ouvrir Nora Exemple").click()
    assert page.get_by_text("quelqu’un qui porte votre nom").is_visible()
    check_clean(page)
    page.goto(f"{known.base}{DESK}?liste=decisions")
    check_clean(page)
    page.get_by_role("link", name="Revenir au début").click()
    page.get_by_role("link", name="Ouvrir Louise Fable").click()
    page.get_by_role("button", name="Valider ce rôle").click()
    assert page.get_by_text("champ est obligatoire").count() == 2
    assert page.get_by_label("LOUISE FABLE, RPPS 10000000019").count() == 1
    check_clean(page)
    check_print(page)
    page.goto(f"{known.base}{DESK}/personnes?etat=tous")
    check_clean(page)
    page.get_by_role("link", name="Jean Renard").click()
    check_clean(page)
    page.get_by_role("button", name="Revenir sur le refus").click()
    assert page.get_by_text("Vérifier l’identité").first.is_visible()
    check_clean(page)
    page.goto(f"{known.base}{DESK}/personnes")
    page.get_by_role("link", name="Camille Dupré").click()
    page.get_by_label("Dernier jour du contrat").fill(str(business_date() - timedelta(days=400)))
    page.get_by_role("button", name="Changer la fin du contrat").click()
    assert page.get_by_text("avant son début").count() == 2
    check_clean(page)
    context.close()


def test_the_browser_finds_nothing_to_complain_about(known: Site, opened: Browser) -> None:
    assert complaints(opened, known.base + START) == []
    assert complaints(opened, known.base + DESK, storage_state=known.state("manager")) == []
