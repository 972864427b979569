"""What a directory manager is shown of a registration is in the trail, whatever they pressed."""

from pathlib import Path

import pytest

from socle.kernel.access import DIRECTORY_MANAGER
from tests.app.conftest import pages
from tests.app.inside import inside
from tests.foundations.directory.registration.house import CAMILLE, STRUCTURE, confirmed, fill
from tests.kernel.accounts.trail import entries
from tests.support.databases import SqliteTemplate
from tests.support.signed_in import signed_in

__all__ = ["pages"]


@pytest.mark.usefixtures("pages")
def test_no_details_are_shown_without_an_entry(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with inside(sqlite_template, tmp_path) as application:
        fill(application.db, tmp_path)
        made = confirmed(application.db)
        manager = signed_in(application, DIRECTORY_MANAGER, STRUCTURE)
        dossier = f"/annuaire/enregistrements/{made.registration}"

        def read() -> int:
            return len(entries(application.db, "registration.read"))

        assert read() == 0
        for count, pressed in enumerate(("", "nothing-known", "refuse", "end", "keep-apart"), 1):
            shown = manager.post(dossier, do=pressed) if pressed else manager.get(dossier)
            assert CAMILLE.birth_place in shown.text, pressed
            assert read() == count, pressed
        done = manager.post(dossier, **{"do": "identify", "evidence-evidence": "passport"})
        assert (done.status_code, read()) == (303, count)
