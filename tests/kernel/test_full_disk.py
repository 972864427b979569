"""A full disk has a name, whichever engine meets it, and nothing is kept of what was asked."""

import errno
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import time_machine

from socle.kernel import full_disk
from socle.kernel.db import Database, Unit
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.errors import DISK_FULL
from socle.kernel.full_disk import LEAST_FREE, is_full, says_full
from tests.kernel.edge.exchanges import scope_of, through_edge

_RAISED = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    full_disk._met.clear()


def fill(unit: Unit) -> None:
    """Write until there is no room left: SQLite gets none beyond its present pages, PostgreSQL says so itself."""
    if unit.dialect.engine == "postgresql":
        unit.execute(_RAISED)
        return
    row = unit.fetch_one("PRAGMA page_count")
    assert row is not None
    unit.fetch(f"PRAGMA max_page_count = {row[0]}")
    unit.execute("INSERT INTO kept (body) VALUES (zeroblob(1000000))")


@pytest.fixture
def kept(database: Database) -> Database:
    with database.unit() as unit:
        unit.execute(f"CREATE TABLE kept (body {'blob' if database.engine == 'sqlite' else 'bytea'})")
    return database


@pytest.mark.parametrize("by_loop", [False, True])
def test_whoever_asks_is_told_and_nothing_is_kept(kept: Database, by_loop: bool) -> None:
    def act(unit: Unit) -> None:
        unit.execute("INSERT INTO kept (body) VALUES (?1)", b"before")
        fill(unit)

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if by_loop:
            await kept.run(act)
        else:
            with kept.unit() as unit:
                act(unit)

    answer = through_edge(door, scope_of("/kept", "POST", b"name=nora"))
    assert (answer.status, orjson.loads(answer.body)["title"]) == (507, DISK_FULL.code)
    with kept.reading() as session:
        assert session.fetch("SELECT * FROM kept") == []


def test_a_process_that_could_not_write_says_so_for_a_minute(
    kept: Database, tmp_path: Path, time_machine: time_machine.TimeMachineFixture
) -> None:
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        with kept.unit() as unit:
            fill(unit)

    time_machine.move_to(1_790_000_000, tick=False)
    assert not is_full(tmp_path)
    through_edge(door, scope_of())
    assert is_full(tmp_path)
    time_machine.shift(60)
    assert not is_full(tmp_path)


def test_a_folder_without_room_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = tmp_path / "not" / "made" / "yet"
    assert not is_full(later)
    monkeypatch.setattr(full_disk, "LEAST_FREE", LEAST_FREE * 2**40)
    assert is_full(later)


def test_the_system_says_it_too_whatever_it_turned_into() -> None:
    def failing(number: int) -> BaseException:
        try:
            try:
                raise OSError(number, "while writing")
            except OSError as first:
                raise RuntimeError("the copy was not made") from first
        except RuntimeError as failure:
            return failure

    assert says_full(failing(errno.ENOSPC))
    assert says_full(failing(errno.EDQUOT))
    assert not says_full(failing(errno.EACCES))
    assert not says_full(None)
