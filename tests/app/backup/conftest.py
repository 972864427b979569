"""A house that has lived, another that is empty, and the folder that backups go to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from socle.kernel.db import Database
from socle.kernel.keyring.settings import keyring_settings
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.keeping import live


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that the installation follows."""
    monkeypatch.setenv("SOCLE_BACKUP_FOLDER", str(tmp_path / "backups"))
    keyring_settings.cache_clear()
    yield tmp_path / "backups"
    monkeypatch.undo()
    keyring_settings.cache_clear()


@pytest.fixture
def other(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[Database]:
    """Another house, on the same engine."""
    template: SqliteTemplate | PostgresqlTemplate = request.getfixturevalue(f"{engine}_template")
    (tmp_path / "other").mkdir()
    with template.fresh(tmp_path / "other") as url:
        opened = Database(url)
        yield opened
        opened.close()


@pytest.fixture
def lived(database: Database) -> Database:
    live(database)
    return database
