"""A damaged, forged, foreign or lacking backup is named, and nothing is touched."""

import json
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.app.backup import archive
from socle.app.backup.make import back_up
from socle.app.backup.restore import restore
from socle.app.backup.schema import align
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring.keyfile import NAME, key_file
from socle.kernel.keys import authenticated, current_master, derived_key
from socle.kernel.settings import settings as installation
from tests.support.databases import SqliteTemplate
from tests.support.keeping import all_rows, live, look

each_byte = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.fixture(scope="module")
def saved(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of backups; tests copy it."""
    home = tmp_path_factory.mktemp("saved")
    with sqlite_template.fresh(home) as url:
        db = Database(url)
        live(db)
        back_up(db, home / "backups")
        db.close()
    return home / "backups"


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    copytree(saved, tmp_path / "backups")
    return tmp_path / "backups"


@pytest.fixture
def target(sqlite_template: SqliteTemplate, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "target").mkdir()
    with sqlite_template.fresh(tmp_path / "target") as url:
        db = Database(url)
        yield db
        db.close()


def refusal(target: Database, folder: Path) -> str:
    before = all_rows(target)
    with pytest.raises(SocleError) as refused:
        restore(target, archive.latest(folder), align=lambda _: None, replace=True)
    assert all_rows(target) == before
    assert refused.value.sentence("fr") != refused.value.sentence("en")
    return refused.value.code


def content(path: Path) -> dict[str, bytes]:
    with archive.reading(path) as file:
        file.check()
        return {name: b"".join(file.pieces(name)) for name in file.manifest.tables}


def keys_of(folder: Path) -> list[tuple[object, ...]]:
    with key_file(folder) as keys:
        keys.check()
        tables = ("keyring_envelope", "keyring_signing", "keyring_erasure")
        return [row for table in tables for row in keys._file.execute(f"SELECT * FROM {table}")]


def read_or_refused(read: Callable[[Path], object], path: Path) -> object:
    """What was read, or the code of the refusal."""
    try:
        return read(path)
    except SocleError as refused:
        return refused.code


def flip(path: Path, at: int, by: int) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= by
    path.write_bytes(data)


@each_byte
@given(at=st.integers(0, 2**24), by=st.integers(1, 255))
def test_a_changed_byte_is_found_or_changes_nothing(folder: Path, saved: Path, at: int, by: int) -> None:
    """A ZIP has bytes that say nothing of what it holds (dates, attributes): those may change."""
    path, sound = archive.latest(folder), archive.latest(saved)
    copyfile(sound, path)
    flip(path, at, by)
    assert read_or_refused(content, path) in (content(sound), "backup-damaged", "master-key-unknown")


@each_byte
@given(at=st.integers(0, 2**24))
def test_a_backup_cut_short_is_found(folder: Path, saved: Path, at: int) -> None:
    path, data = archive.latest(folder), archive.latest(saved).read_bytes()
    path.write_bytes(data[: at % len(data)])
    with pytest.raises(SocleError, match="backup-damaged"):
        content(path)


@each_byte
@given(at=st.integers(0, 2**24), by=st.integers(1, 255))
def test_a_changed_byte_of_the_key_file_is_found_or_changes_nothing(
    folder: Path, saved: Path, at: int, by: int
) -> None:
    copyfile(saved / NAME, folder / NAME)
    flip(folder / NAME, at, by)
    verdict = read_or_refused(keys_of, folder)
    assert verdict in (keys_of(saved), "key-file-damaged", "key-damaged", "master-key-unknown")


def test_a_damaged_backup_touches_nothing(target: Database, folder: Path) -> None:
    look(target, "1")
    path = archive.latest(folder)
    with zipfile.ZipFile(path) as file:
        info = file.getinfo("tables/audit_entry.copy")
    flip(path, info.header_offset + len(info.FileHeader()) + info.compress_size // 2, 0x55)
    assert refusal(target, folder) == "backup-damaged"


def rewritten(path: Path, name: str, data: bytes) -> None:
    """The same ZIP with one file replaced, sound as a ZIP."""
    with zipfile.ZipFile(path) as file:
        held = {one: file.read(one) for one in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for one, content in {**held, name: data}.items():
            file.writestr(one, content)


def test_a_forged_manifest_is_refused(target: Database, folder: Path) -> None:
    path = archive.latest(folder)
    with zipfile.ZipFile(path) as file:
        manifest = json.loads(file.read("manifest.json"))
    manifest["tables"]["directory_label"]["rows"] = 0
    rewritten(path, "manifest.json", json.dumps(manifest).encode())
    assert refusal(target, folder) == "backup-damaged"


def test_a_forged_table_is_refused(target: Database, folder: Path) -> None:
    path = archive.latest(folder)
    with zipfile.ZipFile(path) as file:
        labels = file.read("tables/directory_label.copy")
    rewritten(path, "tables/directory_label.copy", labels.replace("œuvre".encode(), b"autre" + b"!"))
    assert refusal(target, folder) == "backup-damaged"


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + b"\0" * 18, b"not a backup"])
def test_what_is_no_backup_is_refused(target: Database, folder: Path, data: bytes) -> None:
    archive.latest(folder).write_bytes(data)
    assert refusal(target, folder) == "backup-damaged"


def test_a_folder_without_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(SocleError, match="backup-missing"):
        archive.latest(tmp_path)


def test_a_backup_without_its_key_file_is_refused(target: Database, folder: Path) -> None:
    (folder / NAME).unlink()
    assert refusal(target, folder) == "key-file-damaged"


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0" + b"\0" * 100, b"nothing of a database" * 200])
def test_what_is_no_key_file_is_refused(target: Database, folder: Path, data: bytes) -> None:
    (folder / NAME).write_bytes(data)
    assert refusal(target, folder) == "key-file-damaged"


def test_keys_exchanged_between_persons_are_refused(target: Database, folder: Path) -> None:
    with sqlite3.connect(folder / NAME) as file:
        (one,), (other,) = file.execute("SELECT wrapped FROM keyring_envelope LIMIT 2").fetchall()
        file.execute("UPDATE keyring_envelope SET wrapped = ? WHERE wrapped = ?", (other, one))
    assert refusal(target, folder) == "key-file-damaged"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE keyring_envelope SET created = created + 1",
        "UPDATE keyring_signing SET state = 'retired'",
        "UPDATE keyring_envelope SET mac = NULL",
        "UPDATE keyring_envelope SET mac = x'00'",
        "DROP TABLE keyring_signing",
        "DELETE FROM about",
    ],
)
def test_a_key_file_that_says_something_else_is_refused(target: Database, folder: Path, change: str) -> None:
    with sqlite3.connect(folder / NAME) as file:
        file.execute(change)
    assert refusal(target, folder) == "key-file-damaged"


def test_a_backup_of_another_master_key_says_which(
    target: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCLE_SECRET", "of another installation, thirty-two long")
    installation.cache_clear()
    derived_key.cache_clear()
    try:
        assert refusal(target, folder) == "master-key-unknown"
    finally:
        monkeypatch.undo()
        installation.cache_clear()
        derived_key.cache_clear()


def another_manifest(path: Path, change: Callable[[dict[str, Any]], object], *, sealed: bool) -> None:
    """`sealed` by who holds the master key, or with the HMAC of the one before."""
    with zipfile.ZipFile(path) as file:
        data = json.dumps(change(json.loads(file.read("manifest.json")))).encode()
    rewritten(path, "manifest.json", data)
    if sealed:
        rewritten(path, "manifest.hmac", authenticated("backup", data, current_master()).hex().encode())


SHAPES: list[Callable[[dict[str, Any]], object]] = [
    lambda _: [],
    lambda _: None,
    lambda _: "manifest",
    lambda known: {**known, "master": None},
    lambda known: {**known, "master": ["a"]},
    lambda known: {**known, "format": 2},
    lambda known: {**known, "tables": []},
    lambda known: {**known, "tables": {"audit_entry": {"columns": None, "rows": 1, "sha256": ""}}},
    lambda known: {**known, "tables": {"audit_entry": None}},
    lambda known: {name: value for name, value in known.items() if name != "made"},
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sealed", [True, False])
def test_a_manifest_of_another_shape_is_damaged(
    folder: Path, shape: Callable[[dict[str, Any]], object], sealed: bool
) -> None:
    another_manifest(archive.latest(folder), shape, sealed=sealed)
    with pytest.raises(SocleError, match="backup-damaged"):
        content(archive.latest(folder))


def test_nothing_that_is_not_proven_is_read_any_further(folder: Path) -> None:
    """A format that we do not know would be said; the HMAC comes first."""
    for sealed, found in ((False, "HMAC"), (True, "format 2")):
        another_manifest(archive.latest(folder), lambda known: {**known, "format": 2}, sealed=sealed)
        with pytest.raises(SocleError, match=found):
            content(archive.latest(folder))


def test_a_database_that_holds_something_is_not_taken_back(target: Database, folder: Path) -> None:
    """Undoing a migration destroys at once, and the restoration may still fail."""
    with target.unit() as unit:
        unit.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('directory', '9999_later', ?1)",
            "2026-11-22 00:00:00",
        )

    def undo(manifest: archive.Manifest) -> None:
        pytest.fail("migrations were undone")

    look(target, "1")
    with pytest.raises(SocleError, match="restore-older-schema"):
        restore(target, archive.latest(folder), align=undo, replace=True)


@pytest.mark.usefixtures("pages")
def test_a_backup_of_a_newer_version_is_refused(target: Database, folder: Path) -> None:
    with archive.reading(archive.latest(folder)) as file:
        manifest = file.manifest
    manifest.migrations.append("directory.9999_from_the_future")
    with pytest.raises(SocleError, match=r"backup-newer.*directory\.9999_from_the_future"):
        align(manifest)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.hmac"])
@pytest.mark.parametrize("told", [None, 10])
def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(
    folder: Path, name: str, told: int | None
) -> None:
    """Nothing proves it yet. `told` is a length that it only pretends to have."""
    path = archive.latest(folder)
    with zipfile.ZipFile(path) as file:
        held = {one: file.read(one) for one in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for one, data in {**held, name: held[name] + b" " * (48 << 20)}.items():
            file.writestr(one, data)
        file.getinfo(name).file_size = told or file.getinfo(name).file_size
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    try:
        with pytest.raises(SocleError, match="backup-damaged"):
            content(path)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
