"""The key file beside the backups: on the disk before anybody is told, whatever a power cut takes."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.files import sync
from socle.kernel.keyring import keyfile
from socle.kernel.keyring.keyfile import LOCK, NAME, forget_in_key_file, write_key_file
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.sealing import seal


@dataclass
class Disk:
    """What was in the key file, and which files lay in its folder, each time that something was synced; `broken`
    refuses to sync."""

    folder: Path
    broken: bool = False
    synced: list[tuple[str, list[str], set[str]]] = field(default_factory=list)

    def sync(self, path: Path) -> None:
        if self.broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(path)
        files = sorted(one.name for one in self.folder.iterdir())
        self.synced.append((path.name, files, keys_of(self.folder)))


def keys_of(folder: Path) -> set[str]:
    if not (folder / NAME).exists():
        return set()
    file = sqlite3.connect(folder / NAME)
    try:
        return {subject for (subject,) in file.execute("SELECT subject FROM keyring_envelope")}
    finally:
        file.close()


@pytest.fixture
def disk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """With two persons in the database, whose key file is the one that follows erasures."""
    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setenv("SOCLE_BACKUP_FOLDER", str(folder))
    keyring_settings.cache_clear()
    found = Disk(folder)
    monkeypatch.setattr(keyfile, "sync", found.sync)
    with database.unit() as unit:
        for person in ("record:1", "record:2"):
            seal(unit, person, "here", "said")
    yield found
    monkeypatch.undo()
    keyring_settings.cache_clear()


def written(db: Database, disk: Disk) -> int:
    with db.exclusive(LOCK), db.reading() as session:
        return write_key_file(session, disk.folder)


def test_a_key_file_takes_the_place_of_another_once_it_is_on_the_disk(database: Database, disk: Disk) -> None:
    assert written(database, disk) == 2
    fresh = f".{NAME}.new"
    everybody = {"record:1", "record:2"}
    assert disk.synced == [(fresh, [fresh], set()), ("backups", [NAME], everybody)]


def test_an_erasure_is_on_the_disk_before_it_is_told_done(database: Database, disk: Disk) -> None:
    written(database, disk)
    disk.synced.clear()
    erase(database, "record:1", Reason.REQUEST)
    # Without the folder, the journal that a power cut brings back would bring back the key.
    assert disk.synced == [("backups", [NAME], {"record:2"})]


def test_a_disk_that_fails_is_told_and_what_it_missed_is_made_good(database: Database, disk: Disk) -> None:
    written(database, disk)
    disk.broken = True
    with pytest.raises(SocleError) as refused:
        erase(database, "record:1", Reason.REQUEST)
    assert refused.value.code == "key-file-behind"
    disk.broken = False
    disk.synced.clear()
    with database.reading() as session:
        assert forget_in_key_file(disk.folder, session) == 0
    assert disk.synced == [("backups", [NAME], {"record:2"})]
