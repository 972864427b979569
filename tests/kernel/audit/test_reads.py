"""Journaled reads: each answer waits for the commit that holds its entry, and many readers share one."""

import asyncio

import orjson
import pytest

from socle.kernel.audit.reads import ReadJournal
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from tests.support.trail import entry


def waiting(db: Database) -> list[int]:
    """The numbers read, as the inbox tells them."""
    with db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    return [orjson.loads(bytes(row[0]))["data"]["count"] for row in rows]


def test_readers_share_commits_and_each_finds_its_entry(database: Database) -> None:
    async def read() -> list[bool]:
        await database.open()
        journal = ReadJournal(database)

        async def one(number: int) -> bool:
            await journal.record(entry(number))
            return number in waiting(database)

        seen = await asyncio.gather(*(one(number) for number in range(120)))
        await database.aclose()
        return seen

    assert asyncio.run(read()) == [True] * 120
    assert sorted(waiting(database)) == list(range(120))
    with database.reading() as session:
        assert session.fetch_one("SELECT sum(entries) FROM audit_unit") == (120,)
        commits = session.fetch_one("SELECT count(*) FROM audit_unit")
    assert commits is not None
    assert commits[0] < 60
    assert verify(database).findings == []


def test_equal_reads_are_two_reads(database: Database) -> None:
    async def read() -> None:
        journal = ReadJournal(database)
        await asyncio.gather(journal.record(entry(1)), journal.record(entry(1)))

    asyncio.run(read())
    assert waiting(database) == [1, 1]


def test_a_read_that_cannot_be_journaled_is_not_answered(database: Database) -> None:
    with database.unit() as unit:
        unit.execute("DROP TABLE audit_inbox")

    async def read() -> None:
        await ReadJournal(database).record(entry(1))

    with pytest.raises(Exception, match="audit_inbox"):
        asyncio.run(read())
