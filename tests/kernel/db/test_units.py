"""Units of work, reading, and locks, with the same contract on both engines."""

import asyncio
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.db import Database, FileBusy, FileLock, Unit
from socle.kernel.errors import WORK_BUSY, SocleError


@pytest.fixture
def counted(database: Database) -> Database:
    with database.unit() as unit:
        unit.execute("CREATE TABLE counted (number integer NOT NULL PRIMARY KEY)")
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


# -- Acts that wait together


def test_an_act_that_fails_takes_nothing_from_the_others(counted: Database) -> None:
    async def act() -> list[int | BaseException]:
        def picky(unit: Unit, number: int) -> int:
            add(unit, number)
            if number % 3 == 1:
                raise LookupError(number)
            return number

        return await asyncio.gather(
            *(counted.run(picky, number) for number in range(200)), return_exceptions=True
        )

    answers = asyncio.run(act())
    assert [answer for answer in answers if isinstance(answer, int)] == [n for n in range(200) if n % 3 != 1]
    assert {type(answer) for answer in answers if not isinstance(answer, int)} == {LookupError}
    assert numbers(counted) == [n for n in range(200) if n % 3 != 1]


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """SQLite takes the whole transaction back when it is full: nobody may be told that his act is done."""
    db = Database(f"sqlite:///{tmp_path / 'base.sqlite3'}")
    with db.unit() as unit:
        unit.execute("CREATE TABLE counted (number integer NOT NULL, filler blob)")

    def fill(unit: Unit, number: int, size: int) -> int:
        unit.execute("PRAGMA max_page_count=40")
        unit.execute("INSERT INTO counted (number, filler) VALUES (?1, zeroblob(?2))", number, size)
        return number

    async def act() -> list[int | BaseException]:
        sizes = [10_000] * 30
        return await asyncio.gather(
            *(db.run(fill, number, size) for number, size in enumerate(sizes)), return_exceptions=True
        )

    try:
        answers = asyncio.run(act())
        assert numbers(db) == [answer for answer in answers if isinstance(answer, int)]
        assert any("full" in str(answer) for answer in answers), answers
    finally:
        db.close()


class Noted:
    """An attached object that writes what it was told, at the end."""

    def __init__(self, unit: Unit) -> None:
        self.unit, self.told = unit, list[int]()

    def close(self) -> None:
        for number in self.told:
            add(self.unit, number)


def test_what_is_attached_to_a_unit_has_the_last_word(counted: Database) -> None:
    with counted.unit() as unit:
        unit.attached(Noted).told.append(1)
        unit.attached(Noted).told.append(2)
        assert unit.fetch("SELECT COUNT(*) FROM counted") == [(0,)]

    def failing(unit: Unit) -> None:
        unit.attached(Noted).told.append(3)
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(counted.run(failing))
    asyncio.run(counted.run(lambda unit: unit.attached(Noted).told.append(4)))
    assert numbers(counted) == [1, 2, 4]


def test_statements_sent_together_are_of_the_unit(counted: Database) -> None:
    inserted = "INSERT INTO counted (number) VALUES (?1)"
    with counted.unit() as unit:
        unit.execute_together([(inserted, (1,)), (inserted, (2,))])
    with pytest.raises(Exception, match=r"(?i)no_such_table|no such table"), counted.unit() as unit:
        unit.execute_together([(inserted, (3,)), ("INSERT INTO no_such_table VALUES (?1)", (1,))])
    assert numbers(counted) == [1, 2]


def test_the_last_statements_go_with_the_commit(counted: Database) -> None:
    inserted = "INSERT INTO counted (number) VALUES (?1)"
    with counted.unit() as unit:
        unit.execute_last(inserted, 1)
        unit.execute_last(inserted, 2)
        assert unit.fetch("SELECT COUNT(*) FROM counted") == [(0,)]
    asyncio.run(counted.run(lambda unit: unit.execute_last(inserted, 3)))
    assert numbers(counted) == [1, 2, 3]


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("INSERT INTO no_such_table VALUES (?1)", (1,)),
        ("INSERT INTO counted (number) VALUES (?1)", (1,)),
    ],
    ids=["unknown", "double"],
)
def test_a_last_statement_that_fails_takes_all_back(
    counted: Database, sql: str, parameters: tuple[int, ...]
) -> None:
    """Whatever comes next on the same connection is well."""

    def failing(unit: Unit) -> None:
        add(unit, 9)
        unit.execute_last("INSERT INTO counted (number) VALUES (?1)", 2)
        unit.execute_last(sql, *parameters)

    with counted.unit() as unit:
        add(unit, 1)
    for _ in range(2):
        with pytest.raises(Exception, match=r"(?i)no_such_table|no such table|unique"):
            asyncio.run(counted.run(failing))
    with counted.unit() as unit:
        unit.execute_last("INSERT INTO counted (number) VALUES (?1)", 2)
    assert numbers(counted) == [1, 2]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_last_statements_carry_every_value(counted: Database, some: bytes, text: str) -> None:
    numbers = (-(2**63), 2**63 - 1, len(some))
    with counted.unit() as unit:
        unit.execute("DROP TABLE IF EXISTS carried")
        types = {"postgresql": ("bytea", "bigint"), "sqlite": ("blob", "integer")}[unit.dialect.engine]
        unit.execute(f"CREATE TABLE carried (a {types[0]}, b text, c {types[1]}, d {types[0]})")
    with counted.unit() as unit:
        for number in numbers:
            unit.execute_last("INSERT INTO carried VALUES (?1, ?2, ?3, ?4)", some, text, number, None)
    with counted.reading() as session:
        found = session.fetch("SELECT a, b, c, d FROM carried ORDER BY c")
    assert [(bytes(a), b, c, d) for a, b, c, d in found] == [
        (some, text, number, None) for number in sorted(numbers)
    ]


def test_a_snapshot_does_not_see_what_is_committed_meanwhile(counted: Database) -> None:
    with counted.unit() as unit:
        add(unit, 1)
    with counted.snapshot() as session:
        before = session.fetch("SELECT number FROM counted")
        with counted.unit() as unit:
            add(unit, 2)
        assert session.fetch("SELECT number FROM counted") == before == [(1,)]
    assert numbers(counted) == [1, 2]


def test_what_is_attached_while_a_unit_closes_is_closed_too(database: Database) -> None:
    closed: list[str] = []

    class Second:
        def __init__(self, unit: Unit) -> None: ...

        def close(self) -> None:
            closed.append("second")

    class First:
        def __init__(self, unit: Unit) -> None:
            self.unit = unit

        def close(self) -> None:
            closed.append("first")
            self.unit.attached(Second)

    with database.unit() as unit:
        unit.attached(First)
    assert closed == ["first", "second"]
