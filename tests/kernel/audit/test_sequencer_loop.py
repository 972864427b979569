"""The loop around the sequencer: it follows what is committed, alone over the installation, and ends when told."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from socle.kernel.audit.health import backlog, late
from socle.kernel.audit.sequencer import NAME, BesideServer, Sequencer
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from tests.support.trail import act

_SECONDS = 30


@pytest.fixture
def started(database: Database) -> Iterator[Callable[[], Sequencer]]:
    """Starts sequencers on threads of their own; all are ended after the test."""
    running: list[tuple[Sequencer, threading.Thread]] = []

    def start() -> Sequencer:
        sequencer = Sequencer(database)
        thread = threading.Thread(target=sequencer.run)
        thread.start()
        running.append((sequencer, thread))
        return sequencer

    yield start
    for sequencer, _ in running:
        sequencer.stop()
    for _, thread in running:
        thread.join(_SECONDS)
        assert not thread.is_alive()


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again; give up loudly."""
    looks = threading.Event()
    for _ in range(_SECONDS * 100):
        if true():
            return
        looks.wait(0.01)
    raise AssertionError("it did not come")


def is_drained(db: Database) -> bool:
    with db.reading() as session:
        return backlog(session).entries == 0


def test_what_is_committed_is_logged(database: Database, started: Callable[[], Sequencer]) -> None:
    started()
    for number in range(5):
        act(database, number, entries=2)
    wait_until(lambda: is_drained(database))
    assert verify(database).findings == []
    assert late(database) is None


def test_a_second_sequencer_waits_for_the_first(database: Database, started: Callable[[], Sequencer]) -> None:
    with database.exclusive(NAME):
        waiting = started()
        act(database, 1)
        assert not is_drained(database)
        waiting.stop()
    started()
    wait_until(lambda: is_drained(database))
    assert verify(database).findings == []


def test_trouble_is_survived(
    database: Database,
    started: Callable[[], Sequencer],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("socle.kernel.audit.sequencer._TROUBLED_SECONDS", 0.01)
    act(database, 1, entries=3)
    with database.unit() as unit:
        unit.execute("ALTER TABLE audit_head RENAME TO hidden_head")
    started()
    wait_until(lambda: "it starts again" in caplog.text)
    assert not is_drained(database)
    with database.unit() as unit:
        unit.execute("ALTER TABLE hidden_head RENAME TO audit_head")
    wait_until(lambda: is_drained(database))
    assert verify(database).findings == []


def test_it_lives_beside_a_server(database: Database) -> None:
    async def serve() -> None:
        beside = BesideServer(lambda: database)
        await beside.open()
        act(database, 1)
        await asyncio.to_thread(wait_until, lambda: is_drained(database))
        await beside.aclose()

    asyncio.run(serve())
    act(database, 2)
    assert not is_drained(database)


def test_a_backlog_that_grows_old_is_told(database: Database) -> None:
    act(database, 1)
    assert late(database) is None
    with database.unit() as unit:
        unit.execute("UPDATE audit_inbox SET facts = ?1", b'{"at":"2026-01-05T12:00:00.000000Z"}')
    assert late(database) == "sequencer-late"


def test_a_trail_that_grows_meanwhile_is_sound_at_each_moment(
    database: Database, started: Callable[[], Sequencer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socle.kernel.audit.sequencer._IDLE_SECONDS", 0.001)
    started()
    ended = threading.Event()

    def act_on() -> None:
        number = 0
        while not ended.is_set():
            act(database, number, entries=number % 3 + 1, announced=number % 2)
            number += 1

    acting = threading.Thread(target=act_on)
    acting.start()
    try:
        reports = [verify(database) for _ in range(20)]
    finally:
        ended.set()
        acting.join(_SECONDS)
    assert [finding.as_json() for report in reports for finding in report.findings] == []
    assert reports[-1].entries + reports[-1].waiting.entries > reports[0].entries + reports[0].waiting.entries
