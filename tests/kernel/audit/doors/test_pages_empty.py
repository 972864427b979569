"""The auditor's pages before the first entry."""

from pathlib import Path

from socle.kernel.access import AUDITOR
from tests.app.conftest import pages
from tests.app.inside import inside
from tests.support.databases import SqliteTemplate
from tests.support.signed_in import check_page, signed_in
from tests.support.trail import act

__all__ = ["pages"]


def test_an_empty_trail_says_how_it_begins(
    pages: None, sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    """No entry was sequenced yet, not even those of the account that looks."""
    with inside(sqlite_template, tmp_path) as application:
        auditor = signed_in(application, AUDITOR)
        empty = auditor.get("/trace")
        check_page(empty)
        assert "La trace est encore vide" in empty.text
        assert "entrées attendent d’être scellées" in empty.text
        journal = auditor.get("/trace/journal")
        check_page(journal)
        assert "Rien n’est encore scellé" in journal.text
        assert auditor.get("/trace/journal/tete.txt").status_code == 404
        assert auditor.get("/trace/entrees/0").status_code == 404
        act(application.db, 1)
        assert auditor.get("/trace/export/entrees.jsonl").text.count("\n") == 1
