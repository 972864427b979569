"""Units of work, reading, and locks, with the same contract on both engines."""

import asyncio
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from socle.kernel.db import Database, FileBusy, FileLock, Unit
from socle.kernel.errors import WORK_BUSY, SocleError


@pytest.fixture
def counted(database: Database) -> Database:
    with database.unit() as unit:
        unit.execute("CREATE TABLE counted (number integer NOT NULL)")
    return database


def numbers(db: Database) -> list[int]:
    with db.reading() as session:
        return [number for (number,) in session.fetch("SELECT number FROM counted ORDER BY number")]


def add(unit: Unit, number: int) -> int:
    return unit.execute("INSERT INTO counted (number) VALUES (?1)", number)


@pytest.mark.parametrize("durable", [True, False])
def test_a_unit_that_ends_well_is_kept(counted: Database, durable: bool) -> None:
    with counted.unit(durable=durable) as unit:
        assert add(unit, 1) == 1
    assert numbers(counted) == [1]


def test_a_unit_that_fails_leaves_nothing(counted: Database) -> None:
    def interrupted() -> None:
        with counted.unit() as unit:
            add(unit, 1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert numbers(counted) == []


def test_readers_do_not_see_a_unit_under_way(counted: Database) -> None:
    with counted.unit() as unit:
        add(unit, 1)
        assert numbers(counted) == []


def test_a_reader_cannot_write(counted: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"), counted.reading() as session:
        session.fetch("INSERT INTO counted (number) VALUES (1) RETURNING number")
    assert numbers(counted) == []


def test_acts_run_from_the_event_loop_on_writer_threads(counted: Database) -> None:
    async def act() -> tuple[list[int], list[tuple[int]], str]:
        await counted.open()
        names: list[str] = []

        def noted(unit: Unit, number: int) -> int:
            names.append(threading.current_thread().name)
            return add(unit, number)

        touched = await asyncio.gather(*(counted.run(noted, number) for number in range(5)))
        rows = await counted.fetch("SELECT COUNT(*) FROM counted")
        await counted.aclose()
        return touched, rows, names[0]

    touched, rows, thread = asyncio.run(act())
    assert touched == [1] * 5
    assert rows == [(5,)]
    assert thread.startswith("writer")


def test_a_long_read_does_not_hold_up_a_short_one(tmp_path: Path) -> None:
    """On SQLite a read that outlives its budget goes on beside the event loop."""
    long = (
        "WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < ?1) "
        "SELECT COUNT(*) FROM counting"
    )

    async def both(db: Database) -> list[str]:
        ended: list[str] = []

        async def ask(name: str, n: int) -> None:
            assert await db.fetch(long, n) == [(n,)]
            ended.append(name)

        await asyncio.gather(ask("long", 1_000_000), ask("short", 10))
        return ended

    db = Database(f"sqlite:///{tmp_path / 'base.sqlite3'}")
    try:
        assert asyncio.run(both(db)) == ["short", "long"]
    finally:
        db.close()


def test_exclusive_work_is_refused_to_a_second_holder(database: Database, database_url: str) -> None:
    other = Database(database_url)
    try:
        with database.exclusive("load"), pytest.raises(SocleError) as refused, other.exclusive("load"):
            pass
        assert refused.value.kind is WORK_BUSY
        with other.exclusive("load"), database.exclusive("another"):
            pass
    finally:
        other.close()


def test_exclusive_work_is_freed_by_the_death_of_its_holder(database: Database, database_url: str) -> None:
    program = textwrap.dedent(f"""
        import sys
        from socle.kernel.db import Database
        with Database({database_url!r}).exclusive("load"):
            print("held", flush=True)
            sys.stdin.read()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SocleError), database.exclusive("load"):
            pass
        holder.kill()
        holder.wait()
    acquired = False
    for _ in range(1_000):
        try:
            with database.exclusive("load"):
                acquired = True
                break
        except SocleError:
            # PostgreSQL frees what a dead client held once its server process has noticed.
            threading.Event().wait(0.01)
    assert acquired


def test_a_file_lock_names_its_holder(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock") as held, pytest.raises(FileBusy) as busy, FileLock(held.path):
        pass
    assert busy.value.holder.isdigit()
    with FileLock(tmp_path / "lock"):
        pass


def test_an_unknown_database_url_is_told() -> None:
    with pytest.raises(ValueError, match="mysql"):
        Database("mysql://localhost/base")
