"""The job that erases: what is decided at that moment, for each person alone, and what is left to be done again."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from socle.app.backup.make import back_up
from socle.app.manifests import house
from socle.kernel.clock import business_date
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import key_to_read
from socle.kernel.keyring.keyfile import LOCK, NAME, key_file
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.privacy import erasure
from socle.kernel.privacy.acts import erasing
from socle.kernel.privacy.acts.erasing import call_off_erasure, erase_due, erase_for, order_erasure
from socle.kernel.privacy.acts.instruct import identify
from socle.kernel.privacy.acts.requests import deposit, withdraw
from socle.kernel.privacy.holdings import Holdings, fill
from socle.kernel.privacy.requests import Request, Right, State, erasures_due, find
from socle.kernel.privacy.settings import privacy_settings
from socle.kernel.sealing import seal, unseal
from tests.kernel.privacy.conftest import NOBODY, OFFICER


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Erasures that are decided take place at the next look; backups go to a folder of the test."""
    monkeypatch.setenv("SOCLE_PRIVACY_ERASURE_HOURS", "0")
    monkeypatch.setenv("SOCLE_BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setattr("socle.kernel.privacy.acts.erasing.privacy_settings", privacy_settings.__wrapped__)
    fill(house)
    keyring_settings.cache_clear()
    yield
    monkeypatch.undo()
    keyring_settings.cache_clear()


def ordered(db: Database, person: str) -> Request:
    """A request of erasure that was decided, of a person of whom something is sealed."""
    with db.unit() as unit:
        seal(unit, person, "here", "said")
        made = deposit(
            unit, NOBODY, kind=Right.ERASURE, name="Nora Exemple", contact="06", said="tout"
        ).request
        identify(unit, OFFICER, made.id, person=person, proof="carte vue")
        return order_erasure(unit, OFFICER, made.id)


def stands(db: Database, id: str, person: str) -> tuple[State, bool, bool]:
    """State of the request, whether it says erased, whether the person's key is there."""
    with db.reading() as session:
        request = find(session, id)
        return request.state, request.erased is not None, key_to_read(session, person) is not None


def keys_of(folder: Path) -> set[str]:
    file = sqlite3.connect(folder / NAME)
    try:
        return {subject for (subject,) in file.execute("SELECT subject FROM keyring_envelope")}
    finally:
        file.close()


@pytest.mark.parametrize(
    ("instead", "state"),
    [
        (lambda unit, id: call_off_erasure(unit, OFFICER, id), State.OPEN),
        (lambda unit, id: withdraw(unit, NOBODY, id), State.WITHDRAWN),
    ],
    ids=["called off", "withdrawn"],
)
def test_what_is_called_off_after_the_look_is_not_erased(
    database: Database, monkeypatch: pytest.MonkeyPatch, instead: Callable[[Unit, str], Any], state: State
) -> None:
    made = ordered(database, "record:1")

    def late(session: Any, at: int) -> list[Request]:
        """The list of what is due, and the act that comes just behind it."""
        found = erasures_due(session, at)
        with database.unit() as unit:
            instead(unit, made.id)
        return found

    monkeypatch.setattr(erasing, "erasures_due", late)
    assert erase_due(database) == {"persons": 0}
    assert stands(database, made.id, "record:1") == (state, False, True)


def test_what_is_called_off_before_its_moment_or_done_is_left(database: Database) -> None:
    made = ordered(database, "record:1")
    with database.unit() as unit:
        unit.execute("UPDATE privacy_request SET erase_at = erase_at + 3600000000")
    assert not erase_for(database, made.id)
    with database.unit() as unit:
        unit.execute("UPDATE privacy_request SET erase_at = 1")
    assert erase_for(database, made.id)
    with database.unit() as unit:
        sealed = seal(unit, "record:1", "there", "said since")
    assert not erase_for(database, made.id)
    with database.reading() as session:
        assert unseal(session, "record:1", "there", sealed) == "said since"


def test_one_that_fails_keeps_nobody_else_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {person: ordered(database, person) for person in ("record:1", "record:2", "record:3")}

    def failing(unit: Unit, subject: str) -> int:
        if subject == "record:1":
            raise InterruptedError("no more room")
        return 0

    whole = Holdings.erasers
    monkeypatch.setattr(Holdings, "erasers", lambda held: [*whole(held), failing])
    with pytest.raises(InterruptedError, match="no more room"):
        erase_due(database)
    left = {person: stands(database, request.id, person) for person, request in made.items()}
    assert left == {
        "record:1": (State.OPEN, False, True),
        "record:2": (State.ANSWERED, True, False),
        "record:3": (State.ANSWERED, True, False),
    }
    monkeypatch.setattr(Holdings, "erasers", whole)
    assert erase_due(database) == {"persons": 1}


def test_a_backup_under_way_is_waited_for(database: Database) -> None:
    made = ordered(database, "record:1")
    with database.exclusive(LOCK):
        assert erase_due(database) == {"persons": 0}
    assert stands(database, made.id, "record:1") == (State.OPEN, False, True)
    assert erase_due(database) == {"persons": 1}


def test_a_key_file_that_could_not_be_changed_is_changed_later_and_nothing_else_is(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    made = ordered(database, "record:1")
    with database.unit() as unit:
        seal(unit, "record:2", "here", "said")
    back_up(database, folder)
    whole = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(b"nothing of a database" * 200)
    with pytest.raises(SocleError, match="key-file-behind"):
        erase_due(database)
    assert stands(database, made.id, "record:1") == (State.ANSWERED, True, False)
    with database.unit() as unit:
        since = seal(unit, "record:1", "there", "said since")
    (folder / NAME).write_bytes(whole)
    assert {"record:1", "record:2"} <= keys_of(folder)
    assert erase_due(database) == {"persons": 0}
    assert keys_of(folder) & {"record:1", "record:2"} == {"record:2"}
    with key_file(folder) as keys:
        keys.check()
        assert [stone.subject for stone in keys.tombstones()] == ["record:1"]
    with database.reading() as session:
        assert unseal(session, "record:1", "there", since) == "said since"
        assert find(session, made.id).erased == business_date()


def test_the_key_goes_although_the_engine_refuses_to_clear(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(database, "record:1")
    back_up(database, tmp_path / "backups")

    def refused(db: Database) -> bool:
        raise PermissionError("VACUUM")

    monkeypatch.setattr(erasure, "scrub", refused)
    with pytest.raises(PermissionError, match="VACUUM"):
        erase_due(database)
    assert "record:1" not in keys_of(tmp_path / "backups")


def test_a_backup_that_is_not_told_where_is_followed_by_erasures(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`<home>/backups`, where an upgrade leaves its copy as well."""
    from socle.kernel.settings import settings

    monkeypatch.delenv("SOCLE_BACKUP_FOLDER")
    monkeypatch.setenv("SOCLE_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    keyring_settings.cache_clear()
    try:
        followed = keyring_settings().followed
        assert followed == tmp_path / "home" / "backups"
        ordered(database, "record:1")
        back_up(database, followed)
        assert "record:1" in keys_of(followed)
        assert erase_due(database) == {"persons": 1}
        assert "record:1" not in keys_of(followed)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
