"""Backup, wipe, restore: equal counts and hashes, on each engine and from one to the other."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from socle.app.backup import archive
from socle.app.backup.make import Backup, back_up
from socle.app.backup.restore import Restored, restore
from socle.app.backup.tables import rows_held, saved_tables
from socle.kernel.audit.export import export_lines
from socle.kernel.audit.sequencer import sequence
from socle.kernel.audit.succession import statement, successions
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring.keyfile import NAME
from socle.kernel.keyring.signing import rotate
from tests.support import tree
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.keeping import (
    WORD,
    all_rows,
    as_first_version,
    live,
    look,
    opened_details,
    rows_of_key_file,
)

# What a restoration itself adds to: the entry that tells it.
TOLD_IN = {"audit_unit", "audit_inbox", "audit_entry", "audit_tile", "audit_head"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def other(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the same engine."""
    yield from fresh(request, engine, tmp_path / "other")


def fresh(request: pytest.FixtureRequest, engine: str, home: Path) -> Iterator[Database]:
    template: SqliteTemplate | PostgresqlTemplate = request.getfixturevalue(f"{engine}_template")
    home.mkdir(exist_ok=True)
    with template.fresh(home) as url:
        opened = Database(url)
        yield opened
        opened.close()


def restored(db: Database, made: Backup, *, replace: bool = False) -> Restored:
    return restore(db, made.path, align=lambda _: None, replace=replace)


def hashes(made: Backup) -> dict[str, tuple[int, str]]:
    return {
        name: (saved.rows, saved.sha256)
        for name, saved in made.manifest.tables.items()
        if name not in TOLD_IN
    }


def test_what_was_saved_is_put_back(database: Database, other: Database, folder: Path) -> None:
    live(database)
    made = back_up(database, folder)
    done = restored(other, made)
    again = back_up(other, folder / "again")
    assert hashes(again) == hashes(made)
    assert (done.envelopes, done.erasures) == (made.envelopes, 0)
    assert opened_details(other, "record:1") == [{"said": f"1 {WORD}"}]
    assert opened_details(other, "record:1") == opened_details(database, "record:1")


def test_a_restored_trail_is_sound_and_goes_on(database: Database, other: Database, folder: Path) -> None:
    live(database)
    made = back_up(database, folder)
    restored(other, made)
    look(other, "1")
    while sequence(other):
        pass
    report = verify(other, foreign=made.manifest.checkpoint, processes=1)
    assert report.findings == []
    assert report.vouched_to is not None


def test_the_newest_backup_is_known_by_its_name(database: Database, folder: Path) -> None:
    assert archive.newest(folder) is None
    back_up(database, folder)
    last = back_up(database, folder)
    (folder / "socle-copie.zip").touch()
    assert archive.newest(folder) == last.path
    assert archive.moment_of(last.path) == last.manifest.moment


def test_an_empty_database_is_saved_and_put_back(database: Database, other: Database, folder: Path) -> None:
    with database.reading() as session:
        assert rows_held(session) == 0
    done = restored(other, back_up(database, folder))
    assert (done.envelopes, done.erasures) == (0, 0)


def test_every_table_is_ordered_by_a_key(database: Database) -> None:
    """Otherwise the same rows would have no hash."""
    with database.reading() as session:
        assert [table.name for table in saved_tables(session) if not table.key] == []


def test_numbers_given_out_go_on(database: Database, other: Database, folder: Path) -> None:
    live(database)
    while sequence(database):
        pass
    restored(other, back_up(database, folder))
    with database.reading() as before, other.reading() as after:
        ((last,),) = before.fetch("SELECT max(seq) FROM audit_inbox")
        ((first,),) = after.fetch("SELECT min(seq) FROM audit_inbox")
    assert first == last


def test_a_database_that_holds_something_is_not_overwritten_unasked(
    database: Database, other: Database, folder: Path
) -> None:
    live(database)
    made = back_up(database, folder)
    look(other, "9")
    before = all_rows(other)
    with pytest.raises(SocleError, match="restore-not-empty"):
        restored(other, made)
    assert all_rows(other) == before
    restored(other, made, replace=True)
    assert opened_details(other, "record:9") == []


def test_acts_go_on_while_a_backup_is_made(database: Database, other: Database, folder: Path) -> None:
    live(database)
    told: list[str] = []

    def act(stage: str, done: int, total: int) -> None:
        if not told:
            look(database, "later")
        told.append(stage)

    made = back_up(database, folder, tell=act)
    restored(other, made)
    assert opened_details(other, "record:later") == []
    assert verify(other, processes=1).findings == []


def test_a_backup_that_is_interrupted_leaves_the_one_before(database: Database, folder: Path) -> None:
    live(database)
    first = back_up(database, folder)
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}

    def interrupt(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(database, folder, tell=interrupt)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    assert archive.latest(folder) == first.path


def test_what_a_killed_backup_left_is_cleared_away(database: Database, folder: Path) -> None:
    folder.mkdir()
    (folder / ".socle-20261122T120000.000000Z.zip.new").write_bytes(b"half of it")
    made = back_up(database, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([NAME, made.path.name])


def test_one_backup_is_made_at_a_time(database: Database, folder: Path) -> None:
    with database.exclusive("backup"), pytest.raises(SocleError, match="work-busy"):
        back_up(database, folder)
    assert list(folder.iterdir()) == []


def test_the_key_file_is_one_and_is_replaced(database: Database, folder: Path) -> None:
    live(database)
    back_up(database, folder)
    before = rows_of_key_file(folder / NAME)
    look(database, "new", agent="new")
    back_up(database, folder)
    after = rows_of_key_file(folder / NAME)
    assert after["keyring_envelope"] == before["keyring_envelope"] + 2
    assert len(list(folder.iterdir())) == 3


def test_a_database_does_not_replace_the_keys_of_another(
    database: Database, other: Database, folder: Path
) -> None:
    """A new installation that backs up into the folder before it was restored from it."""
    live(database)
    made = back_up(database, folder)
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(SocleError, match="key-file-foreign"):
        back_up(other, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    restored(other, made)
    assert back_up(other, folder).envelopes == made.envelopes


def test_no_key_is_in_the_data_file(database: Database, folder: Path) -> None:
    live(database)
    made = back_up(database, folder)
    with zipfile.ZipFile(made.path) as file:
        assert not [name for name in file.namelist() if "keyring" in name]


def test_only_its_owner_reads_a_backup(database: Database, folder: Path) -> None:
    back_up(database, folder)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.postgresql
def test_a_backup_of_one_engine_is_restored_on_the_other(
    database: Database, folder: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    live(database)
    made = back_up(database, folder)
    for there in fresh(request, "postgresql", tmp_path / "there"):
        restored(there, made)
        assert opened_details(there, "record:1") == [{"said": f"1 {WORD}"}]
        assert verify(there, processes=1).findings == []
        for back in fresh(request, "sqlite", tmp_path / "back"):
            restored(back, back_up(there, folder / "there"))
            assert hashes(back_up(back, folder / "back")) == hashes(made)
            assert verify(back, processes=1).findings == []


def test_a_trail_restored_from_before_its_key_learns_of_it(
    database: Database, other: Database, folder: Path
) -> None:
    made = back_up(database, folder)
    live(database)
    back_up(database, folder)
    restored(other, made)
    while sequence(other):
        pass
    assert verify(other, processes=1).findings == []


def restored_behind_its_keys(database: Database, other: Database, folder: Path) -> None:
    """A data file from before two rotations of the head key, with the key file of after them."""
    live(database)
    made = back_up(database, folder)
    for _ in range(4):
        with database.unit() as unit:
            rotate(unit, "audit-head", forced=True)
    back_up(database, folder)
    restored(other, made)
    while sequence(other):
        pass


def test_a_key_replaced_since_the_backup_is_known_by_the_one_before(
    database: Database, other: Database, folder: Path
) -> None:
    restored_behind_its_keys(database, other, folder)
    assert verify(other, processes=1).findings == []
    with other.reading() as session:
        assert len(successions(session)) == 2
        folder.joinpath("export").write_bytes(b"".join(export_lines(session)))
    alone = [sys.executable, "-I", str(tree.ROOT / "docs" / "verify_trail.py"), str(folder / "export")]
    assert subprocess.run(alone, check=False).returncode == 0


@pytest.mark.parametrize("spoilt", ["signature", "predecessor"])
def test_a_succession_that_was_forged_counts_for_nothing(
    database: Database, other: Database, folder: Path, spoilt: str
) -> None:
    """Neither a signature that was changed, nor one of a key that the trail never knew."""
    restored_behind_its_keys(database, other, folder)
    with other.reading() as session:
        last = successions(session)[-1]
    stranger = Ed25519PrivateKey.generate()
    known = stranger.public_key().public_bytes_raw()
    with other.unit() as unit:
        if spoilt == "signature":
            changed = bytes([last.signature[0] ^ 1, *last.signature[1:]])
            unit.execute(
                "UPDATE keyring_succession SET signature = ?1 WHERE public = ?2", changed, last.public
            )
        else:
            signed = stranger.sign(statement(known, last.public))
            unit.execute(
                "UPDATE keyring_succession SET predecessor = ?1, signature = ?2 WHERE public = ?3",
                *(known, signed, last.public),
            )
    assert {finding.kind.code for finding in verify(other, processes=1).findings} == {"head-key"}


def test_a_key_file_of_an_earlier_version_has_no_successions(
    database: Database, other: Database, folder: Path
) -> None:
    live(database)
    made = back_up(database, folder)
    as_first_version(folder / NAME)
    restored(other, made)
    with other.reading() as session:
        assert successions(session) == []
