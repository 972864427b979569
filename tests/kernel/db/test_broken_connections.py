"""PostgreSQL connections that died while nobody used them: nobody who reads notices."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from socle.kernel.db import Database

pytestmark = pytest.mark.postgresql
_END = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_WHO = "SELECT pg_backend_pid()"


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """At most two connections of each sort, so that every one of them is met again."""
    opened = Database(database_url, readers=2, writers=2)
    yield opened
    opened.close()


def end_all(url: str) -> int:
    """End every other session of the database, and wait until they have ended."""
    with psycopg.connect(url, autocommit=True) as connection:
        return sum(ended for (ended,) in connection.execute(_END.encode()).fetchall())


def test_a_read_from_the_event_loop_is_asked_again(db: Database, database_url: str) -> None:
    async def reads() -> tuple[set[int], set[int]]:
        await db.open()
        try:
            before = await several(db)
            assert end_all(database_url) == len(before) == 2
            return before, await several(db)
        finally:
            await db.aclose()

    before, after = asyncio.run(reads())
    assert len(after) == 2
    assert not before & after


async def several(db: Database) -> set[int]:
    """The server processes that answer when both connections are asked at once."""
    rows = await asyncio.gather(*(db.fetch(_WHO) for _ in range(2)))
    return {row[0][0] for row in rows}


def test_a_read_is_asked_once_more_and_not_for_ever(db: Database) -> None:
    """A statement that ends its own session ends the second one too, and is then told."""
    suicide = "SELECT pg_terminate_backend(pg_backend_pid())"

    async def asked() -> list[tuple[int]]:
        await db.open()
        try:
            with pytest.raises(psycopg.OperationalError):
                await db.fetch(suicide)
            return await db.fetch("SELECT 1")
        finally:
            await db.aclose()

    assert asyncio.run(asked()) == [(1,)]


def test_a_refused_statement_is_not_asked_again(db: Database) -> None:
    async def asked() -> tuple[int, int]:
        await db.open()
        try:
            before = (await db.fetch(_WHO))[0][0]
            await db.fetch("SELECT set_config('statement_timeout', '20', false)")
            with pytest.raises(psycopg.errors.QueryCanceled):
                await db.fetch("SELECT pg_sleep(30)")
            return before, (await db.fetch(_WHO))[0][0]
        finally:
            await db.aclose()

    before, after = asyncio.run(asked())
    assert before == after


def test_a_page_read_and_a_unit_get_living_connections(db: Database, database_url: str) -> None:
    def ask() -> tuple[int, int]:
        with db.reading() as session, db.unit() as unit:
            reader, writer = session.fetch_one(_WHO), unit.fetch_one(_WHO)
        assert reader
        assert writer
        return reader[0], writer[0]

    before = ask()
    assert end_all(database_url) >= 2
    assert not set(before) & set(ask())


def test_a_write_that_loses_its_connection_is_told_and_not_done_again(
    db: Database, database_url: str
) -> None:
    with db.unit() as unit:
        unit.execute("CREATE TABLE written (number integer NOT NULL)")
    begun = []

    def write() -> None:
        with db.unit() as unit:
            begun.append(unit.execute("INSERT INTO written (number) VALUES (1)"))
            end_all(database_url)
            unit.execute("INSERT INTO written (number) VALUES (2)")

    with pytest.raises(psycopg.OperationalError):
        write()
    assert begun == [1]
    with db.reading() as session:
        assert session.fetch("SELECT number FROM written") == []


def test_a_text_is_never_cut_at_a_nul(db: Database) -> None:
    """libpq would; and the connection serves on."""
    with db.unit() as unit:
        unit.execute("CREATE TABLE told (said text)")
    with pytest.raises(psycopg.DataError, match="NUL"), db.unit() as unit:
        unit.execute_last("INSERT INTO told VALUES (?1)", "before\0after")
    with db.unit() as unit:
        unit.execute_last("INSERT INTO told VALUES (?1)", "whole")
    with db.reading() as session:
        assert session.fetch("SELECT said FROM told") == [("whole",)]


def test_a_commit_whose_connection_dies_is_told(db: Database, database_url: str) -> None:
    with db.unit() as unit:
        unit.execute("CREATE TABLE told (said text)")

    def ended() -> None:
        with db.unit() as unit:
            unit.execute("INSERT INTO told VALUES ('lost')")
            unit.execute_last("INSERT INTO told VALUES (?1)", "lost too")
            assert end_all(database_url) >= 1

    with pytest.raises(psycopg.OperationalError):
        ended()
    with db.unit() as unit:
        unit.execute_last("INSERT INTO told VALUES (?1)", "kept")
    with db.reading() as session:
        assert session.fetch("SELECT said FROM told") == [("kept",)]


@pytest.mark.parametrize("between", ["rolled back", "DROP TABLE other"])
def test_last_statements_outlive_what_makes_the_driver_forget(db: Database, between: str) -> None:
    """After a rollback, and when a table goes, the driver deallocates all that it prepared, and ours with it."""
    one = Database(db.url, readers=1, writers=1)

    def tell(word: str) -> None:
        with one.unit() as unit:
            assert unit.fetch("SELECT COUNT(*) FROM told WHERE said <> ?1", "")
            unit.execute_last("INSERT INTO told VALUES (?1)", word)

    def failing() -> None:
        with one.unit() as unit:
            unit.fetch("SELECT COUNT(*) FROM told")
            raise LookupError

    try:
        with one.unit() as unit:
            unit.execute("CREATE TABLE told (said text)")
            unit.execute("CREATE TABLE other (said text)")
        for word in ("a", "b"):
            tell(word)
        if between == "rolled back":
            with pytest.raises(LookupError):
                failing()
        else:
            with one.unit() as unit:
                unit.execute(between)
        for word in ("c", "d"):
            tell(word)
        with one.reading() as session:
            assert session.fetch("SELECT said FROM told ORDER BY said") == [("a",), ("b",), ("c",), ("d",)]
    finally:
        one.close()
