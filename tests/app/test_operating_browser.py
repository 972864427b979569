"""The pages of whoever runs the house, in a real browser, signed in: operation, deliveries, webhooks, keys."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from socle.kernel.access import AUDITOR, OPERATOR, PUBLISHER
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.apikeys.acts import issue
from socle.kernel.audit.sequencer import sequence
from socle.kernel.clock import micros
from socle.kernel.db import Database, Unit
from socle.kernel.outbox.heard import Heard
from socle.kernel.webhooks.acts import create, suspend
from tests.support.browsing import Site, check_clean, check_keyboard, check_print, complaints, site
from tests.support.databases import SqliteTemplate
from tests.support.outbox import announced, listener, worked

# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser
DESK, WEBHOOKS, KEYS = "/exploitation/livraisons", "/exploitation/webhooks", "/cles-api"
ROLES = {"operator": OPERATOR, "publisher": PUBLISHER, "auditor": AUDITOR}
# How many elements of each selector stand under the first of them.
_UNDER = """selectors => selectors.map(selector => {
    const [first, ...others] = [...document.querySelectorAll(selector)]
        .map(e => e.getBoundingClientRect()).filter(box => box.height);
    return others.filter(box => box.top >= first.bottom - 1).length;
})"""
PATHS = ("/exploitation", DESK, WEBHOOKS, f"{WEBHOOKS}/creer", KEYS, f"{KEYS}/creer", "/acces")


def parks(unit: Unit, heard: Heard) -> None:
    raise ValueError


def busy(db: Database) -> None:
    """Two parked deliveries with something behind them, two webhooks of which one is stopped, a key about to end."""
    announced(db, "record:4f2a91c07d", 1, 2)
    announced(db, "identity:77be02", 3, 4)
    worked(db, [listener("indicators.loads", parks)], tries=1)
    with db.unit() as unit:
        stopped, _ = create(unit, BY_SYSTEM, "https://abonne.exemple.test/a/long/path/", [], [])
        suspend(unit, BY_SYSTEM, stopped)
        create(unit, BY_SYSTEM, "https://autre.exemple.test/", [], [])
        soon = micros() + 10 * 86_400 * 1_000_000
        issue(unit, BY_SYSTEM, service="directory", label="Logiciel de cabinet", expires=soon)
    while sequence(db):
        pass


@pytest.fixture(scope="module")
def known(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(sqlite_template, tmp_path_factory.mktemp("operated"), ROLES, busy) as opened:
        yield opened


@contextmanager
def visiting(
    opened: Browser, known: Site, path: str, who: str = "operator", *, scripts: bool = True
) -> Iterator[Page]:
    context, page = known.visit(opened, path, who, java_script_enabled=scripts)
    yield page
    context.close()


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_clean_under_the_keyboard_and_on_paper(opened: Browser, known: Site, path: str) -> None:
    with visiting(opened, known, path) as page:
        check_clean(page)
        check_keyboard(page)
        check_print(page)
    assert complaints(opened, known.base + path, storage_state=known.state("operator")) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_header_keeps_its_menu_on_one_line(opened: Browser, known: Site, lang: str) -> None:
    """For whoever has the most in it: signed in, with a long name, from a tablet to a desk."""
    with visiting(opened, known, f"/exploitation?lang={lang}") as page:
        page.evaluate(
            "document.querySelector('.visitor .persona').before('Marie-Antoinette de la Démonstration ')"
        )
        for width in (768, 1024, 1152, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            under = page.evaluate(_UNDER, [".menu li", ".tools li", ".brand, .visitor, .languages"])
            assert under == [0, 0, 0], f"{width} pixels"
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_operators_page_leads_to_what_waits(opened: Browser, known: Site) -> None:
    with visiting(opened, known, "/exploitation", scripts=False) as page:
        page.get_by_role("link", name="Ouvrir Livraisons").click()
        assert page.url == known.base + DESK
        page.get_by_role("link", name="Exploitation").first.click()
        assert page.get_by_text("1 arrêté").is_visible()
        assert page.get_by_text("1 clé expire bientôt").is_visible()


def test_a_delivery_is_set_aside_and_taken_back(opened: Browser, known: Site) -> None:
    with visiting(opened, known, DESK, scripts=False) as page:
        page.get_by_role("link", name="indicators.loads").first.click()
        page.get_by_role("link", name="Écarter").click()
        choose(page, "Oui, écarter cette livraison")
        assert page.get_by_role("alert").is_visible()
        page.get_by_label("Raison").fill("envoyé à la main")
        choose(page, "Oui, écarter cette livraison")
        assert page.get_by_text("La livraison est écartée").is_visible()
        choose(page, "Reprendre cette livraison")
        assert page.get_by_text("de nouveau bloquée").is_visible()
    with visiting(opened, known, page.url.removeprefix(known.base)) as page:
        check_clean(page)
        page.get_by_role("link", name="Écarter").click()
        check_clean(page)
        check_keyboard(page)


def test_a_webhook_is_made_stopped_and_deleted(opened: Browser, known: Site) -> None:
    with visiting(opened, known, f"{WEBHOOKS}/creer", scripts=False) as page:
        choose(page, "Créer ce webhook")
        page.get_by_role("link", name="Adresse de l’abonné").click()
        page.get_by_label("Adresse de l’abonné").fill("https://nouveau.exemple.test/hook")
        page.get_by_label("L’annuaire a changé").check()
        choose(page, "Créer ce webhook")
        assert (page.locator(".code pre").text_content() or "").startswith("whsec_")
        page.get_by_role("link", name="Continuer").click()
        choose(page, "Arrêter")
        assert page.get_by_text("Le webhook est arrêté").is_visible()
        card = page.url.removeprefix(known.base)
        choose(page, "Supprimer")
        choose(page, "Oui, supprimer ce webhook")
        assert page.get_by_text("Le webhook est supprimé").is_visible()
        page.goto(known.base + card)
        assert page.get_by_text("webhook-unknown").is_visible()
    with visiting(opened, known, WEBHOOKS) as page:
        page.get_by_role("link", name="Voir abonne").click()
        check_clean(page)
        choose(page, "Changer le secret")
        check_clean(page)
        choose(page, "Oui, changer le secret")
        check_clean(page)


def test_a_publisher_makes_a_key_and_ends_it(opened: Browser, known: Site) -> None:
    with visiting(opened, known, "/compte", "publisher", scripts=False) as page:
        page.locator("main").get_by_role("link", name="Clés d’API").click()
        assert page.get_by_text("Aucune clé").is_visible()
        page.get_by_role("link", name="Créer une clé").click()
        page.get_by_label("Nom de l’application").fill("Mon logiciel")
        choose(page, "Créer cette clé")
        assert "ESANTE-API-KEY: sk_" in (page.locator(".code pre").text_content() or "")
        page.get_by_role("link", name="Continuer").click()
        page.get_by_label("Réponse lente").fill("10")
        choose(page, "Simuler ces incidents")
        card = page.url.partition("?")[0].removeprefix(known.base)
    with visiting(opened, known, card, "publisher") as page:
        check_clean(page)
        choose(page, "Fermer cette clé")
        check_clean(page)
        choose(page, "Oui, fermer cette clé")
        assert page.get_by_text("La clé est fermée").is_visible()
        check_clean(page)


def test_an_error_keeps_the_header_of_who_is_signed_in(opened: Browser, known: Site) -> None:
    with visiting(opened, known, "/exploitation", "auditor") as page:
        assert page.get_by_text("Cela ne vous est pas ouvert").is_visible()
        check_clean(page)
        choose(page, "Se déconnecter")
        assert page.get_by_role("link", name="Se connecter").is_visible()
