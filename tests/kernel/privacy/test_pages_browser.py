"""The pages of persons' rights in a real browser: a request from its deposit to its answer, without any script."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from socle.kernel.access import DATA_PROTECTION, OPERATOR
from socle.kernel.db import Database
from socle.kernel.privacy.acts.requests import deposit
from socle.kernel.privacy.requests import Right
from tests.app.conftest import opened, pages
from tests.kernel.privacy.conftest import NOBODY
from tests.support.browsing import Site, check_clean, check_keyboard, check_print, site
from tests.support.databases import SqliteTemplate

__all__ = ["opened", "pages"]
# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser
DESK = "/droits/instruction"
# The lists to choose from that are narrower than their longest choice.
_CUT = """() => [...document.querySelectorAll('select')].filter(select => {
    const whole = select.cloneNode(true);
    whole.style.width = 'max-content';
    document.body.append(whole);
    const needed = whole.offsetWidth;
    whole.remove();
    return needed > select.offsetWidth;
}).map(select => select.id)"""


def filled(db: Database) -> None:
    with db.unit() as unit:
        for kind in Right:
            deposit(unit, NOBODY, kind=kind, name="Nora Exemple", contact="06 00 00 00 00", said="Merci.")


@pytest.fixture(scope="module")
def known(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    roles = {"officer": DATA_PROTECTION, "operator": OPERATOR}
    with site(sqlite_template, tmp_path_factory.mktemp("rights"), roles, filled) as made:
        yield made


def saved(page: Page, name: str) -> dict[str, object]:
    """What the browser saved after a button was pressed."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    found: dict[str, object] = json.loads(Path(waiting.value.path()).read_text())
    return found


def test_what_is_held_is_told_to_everybody(opened: Browser, known: Site) -> None:
    context, page = known.visit(opened, "/droits")
    check_clean(page)
    check_keyboard(page)
    check_print(page)
    page.get_by_role("link", name="Exercer un droit").first.click()
    check_clean(page)
    page.get_by_role("button", name="Déposer ma demande").click()
    assert page.get_by_role("alert").is_visible()
    check_clean(page)
    context.close()


def test_a_request_goes_from_its_deposit_to_its_answer(opened: Browser, known: Site) -> None:
    """Both sides, each in a browser without scripts."""
    asking, person = known.visit(opened, "/droits/demande", java_script_enabled=False)
    person.get_by_label("Effacement").check()
    person.get_by_label("Prénom et nom").fill("Léa Exemple")
    person.get_by_label("Comment vous joindre").fill("lea@exemple.test")
    person.get_by_label("Votre demande").fill("Effacez mon compte.")
    person.get_by_role("button", name="Déposer ma demande").click()
    number = person.locator(".facts code").inner_text()
    person.get_by_role("link", name="Suivre ma demande").click()
    link = person.url

    working, officer = known.visit(opened, DESK, "officer", java_script_enabled=False)
    officer.get_by_role("link", name=number).click()
    officer.get_by_text("Demander des précisions").click()
    officer.locator("#ask_text").fill("De quel compte s’agit-il ?")
    officer.get_by_role("button", name="Envoyer la question").click()

    person.goto(link)
    person.get_by_label("Votre réponse").fill("Celui de l’exploitation.")
    person.get_by_role("button", name="Envoyer ma réponse").click()
    assert person.get_by_text("Celui de l’exploitation.").is_visible()

    officer.reload()
    officer.get_by_label("Comment l’identité").fill("Visio, carte vue")
    officer.get_by_label("Qui est cette personne").fill("operator@exemple.test")
    officer.get_by_role("button", name="Noter l’identité vérifiée").click()
    officer.get_by_role("button", name="Préparer le fichier").click()

    person.goto(link)
    person.get_by_role("button", name="Télécharger mes données").click()
    assert "accounts" in saved(person, "Oui, télécharger maintenant")
    person.goto(link)
    assert person.get_by_role("button", name="Télécharger mes données").count() == 0

    officer.reload()
    officer.get_by_role("button", name="Geler les données").click()
    officer.get_by_role("button", name="Lever le gel").click()
    officer.get_by_role("button", name="Effacer la personne…").click()
    assert officer.get_by_text("Ce qui reste, et pourquoi").is_visible()
    officer.get_by_role("button", name="Oui, décider l’effacement").click()
    officer.get_by_role("button", name="Annuler l’effacement").click()
    officer.get_by_text("Refuser", exact=True).click()
    officer.get_by_label("Motif juridique").select_option("legal-obligation")
    officer.get_by_label("Les raisons").fill("La loi fait garder la trace de vos actes.")
    officer.get_by_role("button", name="Refuser la demande").click()
    assert officer.get_by_text("Historique de la demande").is_visible()
    assert officer.locator(".story li").count() >= 10

    person.goto(link)
    assert person.get_by_role("link", name="Adresser une plainte").is_visible()
    asking.close()
    working.close()


def test_the_desk_and_a_dossier_are_clean(opened: Browser, known: Site) -> None:
    context, page = known.visit(opened, DESK, "officer")
    check_clean(page)
    check_keyboard(page)
    assert page.evaluate(_CUT) == []
    page.get_by_label("Droit exercé").select_option("erasure")
    page.get_by_role("button", name="Filtrer").click()
    check_print(page)
    page.get_by_role("link", name="Ouvrir Effacement").last.click()
    check_clean(page)
    page.get_by_label("Comment l’identité").fill("vue")
    page.get_by_label("Qui est cette personne").fill("operator@exemple.test")
    page.get_by_role("button", name="Voir les données conservées").click()
    check_clean(page)
    page.get_by_role("button", name="Noter l’identité vérifiée").click()
    check_clean(page)
    page.get_by_role("button", name="Effacer la personne…").click()
    check_clean(page)
    context.close()


def test_ones_own_data_are_taken_and_a_right_exercised(opened: Browser, known: Site) -> None:
    context, page = known.visit(opened, "/compte/mes-donnees", "officer", java_script_enabled=False)
    assert page.get_by_text("Vous n’avez déposé aucune demande").is_visible()
    assert "accounts" in saved(page, "Télécharger mes données")
    page.get_by_label("Rectification").check()
    page.get_by_role("button", name="Déposer ma demande").click()
    page.get_by_role("link", name="Rectification").click()
    own, number = page.url, page.locator(".facts code").inner_text()
    working, desk = known.visit(opened, f"{DESK}/{number}", "officer", java_script_enabled=False)
    desk.get_by_text("Demander des précisions").click()
    desk.locator("#ask_text").fill("Qu’est-ce qui est faux ?")
    desk.get_by_role("button", name="Envoyer la question").click()
    working.close()
    page.goto(own)
    page.get_by_label("Votre réponse").fill("Mon prénom.")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    assert page.get_by_text("Mon prénom.").is_visible()
    page.get_by_role("link", name="Mes données").click()
    page.get_by_role("button", name="Retirer cette demande Rectification").click()
    page.get_by_role("button", name="Oui, retirer cette demande").click()
    assert page.get_by_text("retirée").is_visible()
    context.close()
    context, page = known.visit(opened, "/compte/mes-donnees", "officer")
    check_clean(page)
    page.goto(own)
    check_clean(page)
    context.close()
