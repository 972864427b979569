"""The tasks that run beside a server or in a worker: woken, stopped, troubled, several at once."""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from socle.kernel.db import Database, Unit
from socle.kernel.outbox import worker
from socle.kernel.outbox.heard import Heard
from socle.kernel.outbox.settings import OutboxSettings
from socle.kernel.outbox.waking import Chime
from socle.kernel.outbox.worker import Outbox, Rounds
from tests.support.outbox import (
    announce,
    announced,
    heard,
    listener,
    prepare,
    states,
    worked,
    writes_down,
)

LANES = [f"lane-{number}" for number in range(12)]
Story = Callable[[], Awaitable[None]]


class Noted:
    """A listener that lets a test wait until it has heard so many events, committed or not."""

    def __init__(self) -> None:
        self.write, self.count, self.more = writes_down("noted"), 0, threading.Condition()

    def __call__(self, unit: Unit, event: Heard) -> None:
        self.write(unit, event)
        with self.more:
            self.count += 1
            self.more.notify_all()

    async def has_heard(self, number: int) -> None:
        def waited() -> bool:
            with self.more:
                return self.more.wait_for(lambda: self.count >= number, timeout=30)

        assert await asyncio.to_thread(waited)


@pytest.fixture
def db(database: Database) -> Database:
    prepare(database)
    return database


def beside(db: Database, noted: Noted, story: Story, chosen: OutboxSettings | None = None) -> None:
    """The story, with an outbox at work beside it."""

    async def told() -> None:
        await db.open()
        outbox = Outbox([listener("noted", noted)], chosen or OutboxSettings(), lambda: db)
        await outbox.open()
        try:
            await story()
        finally:
            await outbox.aclose()
            await db.aclose()

    asyncio.run(told())


def test_what_an_act_announces_is_heard_beside_it(db: Database) -> None:
    noted = Noted()

    async def story() -> None:
        for number in range(20):
            await db.run(announce, "a", number)
        await noted.has_heard(20)

    # A worker that had to look by itself would find nothing for ten seconds.
    beside(db, noted, story, OutboxSettings(look_milliseconds=10_000))
    assert heard(db, "noted") == [("a", number) for number in range(20)]


def test_what_another_process_announced_is_found_by_looking(db: Database, database_url: str) -> None:
    noted, other = Noted(), Database(database_url)

    async def story() -> None:
        await asyncio.to_thread(_insert_quietly, other)
        await noted.has_heard(1)

    beside(db, noted, story)
    other.close()
    assert heard(db, "noted") == [("a", 7)]


def _insert_quietly(db: Database) -> None:
    """An event of a process that shares nothing with this one."""
    with db.unit() as unit:
        unit.execute(
            "INSERT INTO outbox_inbox (id, unit, kind, lane, at, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            bytes(16),
            bytes(16),
            "test.counted.1",
            "a",
            0,
            b'{"data":{"number":7}}',
        )


def test_what_was_left_by_a_process_that_died_is_taken_up(db: Database) -> None:
    announced(db, "a", 1, 2)
    worked(db, [listener("noted", Noted())], step=only_dispatched)
    assert [row[1:3] for row in states(db)] == [(1, "ready"), (2, "ready")]
    noted = Noted()

    async def story() -> None:
        await noted.has_heard(2)

    beside(db, noted, story)
    assert heard(db, "noted") == [("a", 1), ("a", 2)]


async def only_dispatched(rounds: Rounds) -> None:
    await rounds.look()


def test_stopping_ends_the_unit_that_is_under_way(db: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()
    write = writes_down("noted")

    def slow(unit: Unit, event: Heard) -> None:
        begun.set()
        assert go_on.wait(30)
        write(unit, event)

    async def told() -> None:
        await db.open()
        outbox = Outbox([listener("noted", slow)], OutboxSettings(), lambda: db)
        await outbox.open()
        await db.run(announce, "a", 1)
        assert await asyncio.to_thread(begun.wait, 30)
        closing = asyncio.create_task(outbox.aclose())
        go_on.set()
        await closing
        await db.aclose()

    asyncio.run(told())
    assert heard(db, "noted") == [("a", 1)]
    assert states(db) == []


def test_a_database_that_goes_away_is_waited_for(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "_AFTER_TROUBLE_SECONDS", 0.01)
    rename(db, "outbox_inbox", "elsewhere")
    noted = Noted()

    async def story() -> None:
        while "in trouble" not in caplog.text:
            await asyncio.sleep(0)
        await asyncio.to_thread(rename, db, "elsewhere", "outbox_inbox")
        await db.run(announce, "a", 1)
        await noted.has_heard(1)

    with caplog.at_level(logging.ERROR, "socle.outbox"):
        beside(db, noted, story)
    assert heard(db, "noted") == [("a", 1)]


def rename(db: Database, before: str, after: str) -> None:
    with db.unit() as unit:
        unit.execute(f"ALTER TABLE {before} RENAME TO {after}")


def test_several_workers_never_share_a_lane(db: Database, database_url: str) -> None:
    """Two processes as far as PostgreSQL can tell (SQLite means one), each with several tasks; a listener that fails
    now and then."""
    random = Random(20_261_122)
    write = writes_down("noted")

    def moody(unit: Unit, event: Heard) -> None:
        write(unit, event)
        if random.random() < 0.05:
            raise ValueError

    others = [db, Database(database_url) if db.engine == "postgresql" else db]
    to = listener("noted", moody)
    patient = OutboxSettings(tries=50, retry_seconds=0.000_001)
    expected = defaultdict(list)
    for number in range(600):
        expected[LANES[number % len(LANES)]].append(number)

    async def act(one: Database) -> None:
        for number in range(600):
            await one.run(announce, LANES[number % len(LANES)], number)

    async def work(one: Database) -> None:
        rounds = Rounds(one, [to], patient)
        while len(heard(db, "noted")) < 600:
            await rounds.look()
            await rounds.serve(to)
            # What SQLite reads, it reads at once: others must have their turn.
            await asyncio.sleep(0)

    async def told() -> None:
        for one in {*others}:
            await one.open()
        # Acts of one lane follow each other: one task makes them all.
        await asyncio.gather(act(db), *(work(one) for one in others for _ in range(3)))
        for one in {*others}:
            await one.aclose()

    asyncio.run(told())
    others[1].close()
    found = defaultdict(list)
    for lane, number in heard(db, "noted"):
        found[lane].append(number)
    assert found == expected


def test_a_ring_that_finds_nobody_asleep_is_kept() -> None:
    async def told() -> list[bool]:
        chime = Chime()
        bell = chime.hang()
        chime.ring()
        first = await bell.sleep(30)
        second = await bell.sleep(0)
        threading.Thread(target=chime.ring).start()
        third = await bell.sleep(30)
        chime.take_down(bell)
        chime.ring()
        return [first, second, third, await bell.sleep(0)]

    assert asyncio.run(told()) == [True, False, True, False]
