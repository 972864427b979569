"""Who was erased stays erased: in the database, in the key file, and in whatever an older backup brings back."""

from pathlib import Path

import pytest

from socle.app.backup import archive
from socle.app.backup.make import back_up
from socle.app.backup.restore import restore
from socle.kernel.audit.sequencer import sequence
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.keyfile import LOCK, NAME, key_file
from socle.kernel.keyring.tombstones import tombstones
from socle.kernel.privacy.erasure import Reason, erase
from tests.support.keeping import (
    WORD,
    everything,
    look,
    opened_details,
    rows_of_key_file,
    sealed_bytes,
    wrapped_key,
)

ERASED, OTHER = "record:1", "record:2"


def sound(db: Database) -> bool:
    while sequence(db):
        pass
    return verify(db, processes=1).findings == []


def test_an_erased_person_s_details_are_gone_from_the_database(lived: Database) -> None:
    secrets = [wrapped_key(lived, ERASED), *sealed_bytes(lived, ERASED)]
    assert all(secret in everything(lived) for secret in secrets)
    erase(lived, ERASED, Reason.REQUEST)
    assert not any(secret in everything(lived) for secret in secrets)
    assert opened_details(lived, ERASED) == []
    assert opened_details(lived, OTHER) == [{"said": f"2 {WORD}"}]


def test_a_trail_stays_sound_after_an_erasure(lived: Database) -> None:
    erase(lived, ERASED, Reason.REQUEST)
    erase(lived, "agent:ada", Reason.REQUEST)
    assert sound(lived)


def test_details_that_wait_for_the_sequencer_are_erased_too(database: Database) -> None:
    look(database, "1")
    erase(database, ERASED, Reason.REQUEST)
    with database.reading() as session:
        rows = session.fetch("SELECT subject_sealed, actor_sealed FROM audit_inbox ORDER BY seq")
    assert [(subject is None, actor is None) for subject, actor in rows] == [(True, False), (True, True)]
    assert sound(database)


def test_an_actor_s_own_details_are_erased(lived: Database) -> None:
    erase(lived, "agent:ada", Reason.REQUEST)
    with lived.reading() as session:
        rows = session.fetch("SELECT DISTINCT actor FROM audit_entry WHERE actor_sealed IS NOT NULL")
    assert rows == [("agent:grace",)]


def test_services_erase_in_the_same_unit(lived: Database) -> None:
    def failing(unit: Unit, subject: str) -> int:
        raise InterruptedError(subject)

    with pytest.raises(InterruptedError):
        erase(lived, ERASED, Reason.REQUEST, erasers=[failing])
    assert opened_details(lived, ERASED) == [{"said": f"1 {WORD}"}]


def test_an_erasure_reaches_the_key_file_at_once(lived: Database, folder: Path) -> None:
    back_up(lived, folder)
    wrapped, before = wrapped_key(lived, ERASED), rows_of_key_file(folder / NAME)
    assert wrapped in (folder / NAME).read_bytes()
    erase(lived, ERASED, Reason.REQUEST)
    after = rows_of_key_file(folder / NAME)
    assert after["keyring_envelope"] == before["keyring_envelope"] - 1
    assert after["keyring_erasure"] == 1
    assert wrapped not in b"".join(path.read_bytes() for path in folder.glob(f"{NAME}*"))


def test_a_key_file_that_cannot_be_changed_is_told(lived: Database, folder: Path) -> None:
    back_up(lived, folder)
    (folder / NAME).write_bytes(b"nothing of a database" * 200)
    with pytest.raises(SocleError, match="key-file-behind"):
        erase(lived, ERASED, Reason.REQUEST)
    assert opened_details(lived, ERASED) == []
    back_up(lived, folder, replace_damaged=True)
    with key_file(folder) as keys:
        keys.check()
        assert [stone.subject for stone in keys.tombstones()] == [ERASED]


def test_nobody_is_erased_while_the_key_file_is_written(lived: Database, folder: Path) -> None:
    with lived.exclusive(LOCK), pytest.raises(SocleError, match="work-busy"):
        erase(lived, ERASED, Reason.REQUEST)
    assert opened_details(lived, ERASED) == [{"said": f"1 {WORD}"}]


def test_an_older_backup_with_the_present_keys_does_not_bring_a_person_back(
    lived: Database, other: Database, folder: Path
) -> None:
    made = back_up(lived, folder)
    secrets = [wrapped_key(lived, ERASED), *sealed_bytes(lived, ERASED)]
    erase(lived, ERASED, Reason.REQUEST)
    done = restore(other, made.path, align=lambda _: None)
    assert done.erasures == 1
    assert opened_details(other, ERASED) == []
    assert opened_details(other, OTHER) == [{"said": f"2 {WORD}"}]
    assert not any(secret in everything(other) for secret in secrets)
    assert sound(other)


def test_an_older_data_file_cannot_be_read_with_the_present_key_file(lived: Database, folder: Path) -> None:
    """Whoever holds both, and the master key, has the sealed bytes and no key for them."""
    made = back_up(lived, folder)
    (sealed,) = sealed_bytes(lived, ERASED)
    erase(lived, ERASED, Reason.REQUEST)
    with archive.reading(made.path) as file:
        assert any(sealed in b"".join(file.pieces(name)) for name in file.manifest.tables)
        assert WORD.encode() not in b"".join(b"".join(file.pieces(name)) for name in file.manifest.tables)
    with key_file(folder) as keys:
        assert [stone.subject for stone in keys.tombstones()] == [ERASED]
        assert not keys._file.execute(
            "SELECT 1 FROM keyring_envelope WHERE subject = ?", (ERASED,)
        ).fetchall()


def test_a_database_remembers_erasures_that_its_key_file_has_not_seen(
    lived: Database, tmp_path: Path
) -> None:
    """No folder is followed: the key file is older than the erasure."""
    made = back_up(lived, tmp_path / "unfollowed")
    erase(lived, ERASED, Reason.REQUEST)
    done = restore(lived, made.path, align=lambda _: None, replace=True)
    assert done.erasures == 1
    assert opened_details(lived, ERASED) == []
    assert sound(lived)


def test_erasures_are_remembered_from_one_restoration_to_the_next(
    lived: Database, other: Database, folder: Path
) -> None:
    back_up(lived, folder)
    erase(lived, ERASED, Reason.REQUEST)
    restore(other, back_up(lived, folder).path, align=lambda _: None)
    with other.reading() as session:
        assert [stone.subject for stone in tombstones(session)] == [ERASED]


def test_who_comes_back_after_an_erasure_is_not_erased_again(
    lived: Database, other: Database, folder: Path
) -> None:
    erase(lived, ERASED, Reason.REQUEST)
    look(lived, "1")
    while sequence(lived):
        pass
    assert opened_details(lived, ERASED) == [{"said": f"1 {WORD}"}]
    restore(other, back_up(lived, folder).path, align=lambda _: None)
    assert opened_details(other, ERASED) == [{"said": f"1 {WORD}"}]
    assert sound(other)
