"""The auditor's desk in a real browser, without a script: from the list to an entry, its proof, its sealed details."""

from collections.abc import Iterator

import orjson
import pytest
from playwright.sync_api import Browser

from socle.kernel.access import AUDITOR
from socle.kernel.db import Database
from tests.app.conftest import opened
from tests.support.browsing import Site, check_clean, check_keyboard, check_print, site, width_needed
from tests.support.databases import SqliteTemplate
from tests.support.trail import drain, lived_in

__all__ = ["opened"]
# What a browser shows does not depend on the engine.
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def known(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(
        sqlite_template, tmp_path_factory.mktemp("audited"), {"auditor": AUDITOR}, fill=some_life
    ) as made:
        yield made


def some_life(db: Database) -> None:
    lived_in(db)
    drain(db)


def test_an_auditor_finds_an_entry_proves_it_and_opens_its_details(opened: Browser, known: Site) -> None:
    context, page = known.visit(opened, "/trace", "auditor", java_script_enabled=False)
    assert page.locator(".tools a[aria-current]").text_content() == "Trace"
    page.get_by_text("Par personne, structure ou référence").click()
    page.get_by_label("À propos de").fill("record:7")
    page.get_by_role("button", name="Chercher").click()
    assert page.get_by_label("À propos de").input_value() == "record:7"
    assert page.locator("tbody tr").count() == 2
    page.locator("tbody a").first.click()
    assert page.get_by_text("Vérifiée à l’instant").is_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger la preuve").click()
    assert "inclusion" in orjson.loads(taken.value.path().read_bytes())
    page.get_by_label("Pourquoi ouvrir ces détails").fill("plainte")
    page.get_by_role("button", name="Ouvrir ces détails").click()
    assert page.get_by_text("motif", exact=True).is_visible()
    context.close()


@pytest.mark.parametrize("path", ["/trace?qui=auditor@exemple.test", "/trace/entrees/285", "/trace/journal"])
def test_each_page_is_clean(opened: Browser, known: Site, path: str) -> None:
    context, page = known.visit(opened, path, "auditor")
    check_clean(page)
    if path.endswith("285"):
        check_keyboard(page)
        check_print(page)
    context.close()


def test_nothing_scrolls_sideways_in_between(opened: Browser, known: Site) -> None:
    state = known.state("auditor")
    for path in ("/trace", "/trace/entrees/285"):
        for width in (320, 768):
            assert width_needed(opened, known.base + path, width, storage_state=state) <= width
