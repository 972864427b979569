"""No key is lost from the key file without a word: neither under a file that cannot be read, nor row by row."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from socle.app.backup.make import back_up
from socle.app.backup.restore import Ages, restore
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring import keyfile
from socle.kernel.keyring.keyfile import KEPT, NAME, key_file
from socle.kernel.privacy.erasure import Reason, erase
from tests.support.keeping import as_first_version, look, opened_details, rows_of_key_file


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a file that is held."""
    monkeypatch.setattr(keyfile, "PATIENCE_SECONDS", 0.0)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def held(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN EXCLUSIVE")
        yield


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


def test_a_key_file_that_another_process_holds_is_not_replaced(
    lived: Database, other: Database, folder: Path
) -> None:
    made = back_up(lived, folder)
    look(other, "9")
    kept = files(folder)
    for replace_damaged in (False, True):
        with held(folder / NAME), pytest.raises(SocleError, match="key-file-unread"):
            back_up(other, folder, replace_damaged=replace_damaged)
        assert files(folder) == kept
    restore(other, made.path, align=lambda _: None, replace=True)
    assert opened_details(other, "record:1") == opened_details(lived, "record:1")


def scribble(path: Path) -> None:
    path.write_bytes(b"nothing of a database" * 200)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lose_a_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as file:
        ((page,),) = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'keyring_envelope'")
    data[4096 * (page - 1) : 4096 * page] = bytes(4096)
    path.write_bytes(data)


def lose_a_table(path: Path) -> None:
    change(path.parent, "DROP TABLE keyring_envelope")


@pytest.mark.parametrize("damage", [scribble, empty, lose_a_page, lose_a_table])
def test_a_damaged_key_file_is_replaced_when_that_is_asked_and_is_kept(
    lived: Database, folder: Path, damage: Callable[[Path], None]
) -> None:
    back_up(lived, folder)
    damage(folder / NAME)
    kept = files(folder)
    with pytest.raises(SocleError, match="key-file-broken") as refused:
        back_up(lived, folder)
    assert "--replace-damaged" in refused.value.sentence("fr")
    assert files(folder) == kept
    for copy in (KEPT, f"{KEPT}-2"):
        back_up(lived, folder, replace_damaged=True)
        assert (folder / copy).read_bytes() == kept[NAME]
        with key_file(folder) as keys:
            keys.check()
        (folder / NAME).write_bytes(kept[NAME])


def test_keys_that_can_be_read_are_not_replaced_for_any_option(
    lived: Database, other: Database, folder: Path
) -> None:
    back_up(lived, folder)
    kept = files(folder)
    with pytest.raises(SocleError, match="key-file-foreign"):
        back_up(other, folder, replace_damaged=True)
    assert files(folder) == kept


def swap(folder: Path, before: bytes) -> None:
    """One envelope less, and one that a key file of before had: as many as there were."""
    older = folder.with_name("older.sqlite3")
    older.write_bytes(before)
    change(
        folder,
        f"ATTACH '{older}' AS older",
        "DELETE FROM keyring_envelope WHERE subject = 'agent:ada'",
        "INSERT INTO keyring_envelope SELECT * FROM older.keyring_envelope WHERE subject = 'record:1'",
    )


@pytest.mark.parametrize(
    "lost",
    [
        "DELETE FROM keyring_envelope WHERE subject = 'agent:ada'",
        "DELETE FROM keyring_erasure",
        "DROP TABLE keyring_succession",
        "UPDATE about SET value = value + 1 WHERE name = 'made'",
        "DELETE FROM about WHERE name = 'proof'",
        "UPDATE about SET value = '1' WHERE name = 'format'",
        "INSERT INTO about VALUES ('note', 'hello')",
        swap,
    ],
)
def test_what_is_taken_from_a_key_file_is_missed(
    lived: Database, other: Database, folder: Path, lost: str | Callable[[Path, bytes], None]
) -> None:
    """Also after an erasure, which changes the file in place."""
    made = back_up(lived, folder)
    before = (folder / NAME).read_bytes()
    erase(lived, "record:1", Reason.REQUEST)
    with key_file(folder) as keys:
        keys.check()
        assert keys.counted
    assert rows_of_key_file(folder / NAME)["keyring_erasure"] == 1
    if isinstance(lost, str):
        change(folder, lost)
    else:
        lost(folder, before)
    with pytest.raises(SocleError, match="key-file-damaged"):
        restore(other, made.path, align=lambda _: None)


def test_a_key_file_of_before_the_counts_is_accepted_and_told(
    lived: Database, other: Database, folder: Path
) -> None:
    made = back_up(lived, folder)
    as_first_version(folder / NAME)
    erase(lived, "record:1", Reason.REQUEST)
    told: list[Ages] = []
    done = restore(other, made.path, align=lambda _: None, told=told.append)
    assert ([ages.counted for ages in told], done.erasures) == ([False], 1)
    assert opened_details(other, "record:2") == opened_details(lived, "record:2")
    back_up(other, folder)
    restore(other, made.path, align=lambda _: None, told=told.append, replace=True)
    assert told[-1].counted
