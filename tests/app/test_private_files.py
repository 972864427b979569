"""Who may read what an installation keeps."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from socle.app.doctor import examine
from socle.kernel.db import Database
from socle.kernel.settings import settings
from tests.support.command_line import socle


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("usual_umask")
def test_a_data_folder_that_is_made_is_its_owner_s(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    assert socle("migrate", home=home).returncode == 0
    assert mode(home) == 0o700
    modes = {path.name: mode(path) for path in home.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert "socle.sqlite3" in modes


@pytest.mark.usefixtures("usual_umask")
def test_a_database_that_is_opened_first_is_its_owner_s(tmp_path: Path) -> None:
    path = tmp_path / "new" / "base.sqlite3"
    db = Database(f"sqlite:///{path}")
    with db.unit() as unit:
        unit.execute("CREATE TABLE one (value integer)")
    modes = {file.name: mode(file) for file in path.parent.iterdir()}
    db.close()
    assert mode(path.parent) == 0o700
    assert modes == {path.name: 0o600, f"{path.name}-wal": 0o600, f"{path.name}-shm": 0o600}


@pytest.mark.usefixtures("usual_umask")
def test_what_is_there_stays_as_its_operator_chose_and_the_doctor_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    with closing(sqlite3.connect(home / "socle.sqlite3")) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("CREATE TABLE one (value integer)")
    monkeypatch.setenv("SOCLE_HOME", str(home))
    monkeypatch.delenv("SOCLE_DATABASE", raising=False)
    settings.cache_clear()
    try:
        db = Database(settings().database_url)
        with db.reading() as session:
            assert session.fetch("SELECT count(*) FROM one") == [(0,)]
        db.close()
        assert (mode(home), mode(home / "socle.sqlite3")) == (0o755, 0o644)
        assert told() == ("warning", str(home))
        home.chmod(0o750)
        assert told() == ("ok", str(home))
        monkeypatch.setenv("SOCLE_DATABASE", f"sqlite:///{tmp_path / 'base.sqlite3'}")
        settings.cache_clear()
        (tmp_path / "base.sqlite3").touch(mode=0o644)
        assert told() == ("warning", str(tmp_path / "base.sqlite3"))
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def told() -> tuple[str, str]:
    (finding,) = (one for one in examine() if one.what.en == "Data folder")
    return finding.level, finding.found
