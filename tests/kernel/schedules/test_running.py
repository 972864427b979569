"""Jobs on a real database: each time that is due is run once, whoever looks; what fails is kept, told, tried again."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.actors import Acting, Actor, ActorKind
from socle.kernel.audit.actions import Outcome as Told
from socle.kernel.clock import EPOCH, legal_zone, micros
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Text
from socle.kernel.schedules.acts import INTERRUPTED, begin, forget_runs
from socle.kernel.schedules.manifest import failed, known
from socle.kernel.schedules.runner import Planned, named_job, run_due, run_now
from socle.kernel.schedules.runs import (
    RETRY_AFTER,
    TRIES,
    Outcome,
    ahead,
    last_done,
    last_run,
    latest_runs,
    waits,
)
from socle.kernel.schedules.when import Daily, Every, last_due
from socle.kernel.schedules.worker import Schedules

MORNING = (datetime.fromisoformat("2026-11-22T09:00+01:00") - EPOCH) // timedelta(microseconds=1)
DAY, MINUTE = 86_400_000_000, 60_000_000
AGENT = Acting(Actor(ActorKind.AGENT, "nora"), door="tests")


class Work:
    """A job that counts how often it ran; it goes wrong as long as `broken` says so."""

    def __init__(self) -> None:
        self.runs, self.broken = 0, False
        self.job = Planned("tests.work", Text("essai", "test"), Daily(3), self)

    def __call__(self, db: Database) -> Mapping[str, int]:
        self.runs += 1
        if self.broken:
            raise RuntimeError("the name of a person")
        return {"rows": self.runs}


def told(db: Database) -> Iterator[dict[str, Any]]:
    with db.reading() as session:
        for (facts,) in session.fetch("SELECT facts FROM audit_inbox ORDER BY seq"):
            yield orjson.loads(bytes(facts))


def failures(db: Database) -> list[tuple[str, int, int]]:
    """(job, due, tries) of each failure that was announced."""
    with db.reading() as session:
        rows = session.fetch(
            "SELECT document FROM outbox_inbox WHERE kind = 'schedule.failed.1' ORDER BY seq"
        )
    found = [orjson.loads(bytes(document))["data"] for (document,) in rows]
    return [(one["job"], one["due"], one["tries"]) for one in found]


def clock(at: int) -> Callable[[], int]:
    return lambda: at


def test_what_is_due_is_run_once(database: Database) -> None:
    work = Work()
    (run,) = run_due(database, [work.job], clock=clock(MORNING))
    assert (run.outcome, run.counts, run.tries) == (Outcome.DONE, {"rows": 1}, 1)
    assert run.due == last_due(Daily(3), MORNING, legal_zone())
    assert run_due(database, [work.job], clock=clock(MORNING + DAY - 7 * 3_600_000_000)) == []
    assert run_due(database, [work.job], clock=clock(MORNING + DAY))[0].counts == {"rows": 2}
    assert [(one["action"], one["data"]) for one in told(database)] == [
        ("schedule.ran", {"rows": 1}),
        ("schedule.ran", {"rows": 2}),
    ]


def test_what_was_missed_is_made_up_for_once(database: Database) -> None:
    work = Work()
    run_due(database, [work.job], clock=clock(MORNING))
    assert len(run_due(database, [work.job], clock=clock(MORNING + 9 * DAY))) == 1
    assert run_due(database, [work.job], clock=clock(MORNING + 9 * DAY + MINUTE)) == []
    assert work.runs == 2


def test_a_clock_that_was_ahead_stops_nothing(database: Database) -> None:
    """Once it is set right, each time that is due is run, once; what it left is named until its time has come."""
    work = Work()
    (wrong,) = run_due(database, [work.job], clock=clock(MORNING + 3 * DAY))
    (right,) = run_due(database, [work.job], clock=clock(MORNING))
    assert run_due(database, [work.job], clock=clock(MORNING + MINUTE)) == []
    assert (right.due, work.runs) == (wrong.due - 3 * DAY, 2)
    with database.reading() as session:
        assert (
            last_run(session, work.job.name, MORNING) == latest_runs(session, MORNING)[work.job.name] == right
        )
        assert ahead(session, MORNING) == {work.job.name: wrong.due}
        assert ahead(session, wrong.due - MINUTE) == {}, "the clocks of two machines differ a little"
    for day in (1, 2):
        assert len(run_due(database, [work.job], clock=clock(MORNING + day * DAY))) == 1
    assert run_due(database, [work.job], clock=clock(MORNING + 3 * DAY)) == [], "that one was run already"


def test_hours_that_were_changed_run_nothing_again(database: Database) -> None:
    work = Work()
    run_due(database, [work.job], clock=clock(MORNING))
    assert run_due(database, [replace(work.job, when=Daily(2))], clock=clock(MORNING)) == []


def test_a_failure_is_kept_told_and_tried_again(database: Database) -> None:
    """The trail and the row say where it went wrong, and nothing of what was said."""
    work, fine = Work(), Work()
    work.broken = True
    later = Planned("tests.fine", Text("essai", "test"), Every(1), fine)
    first, other = run_due(database, [work.job, later], clock=clock(MORNING))
    assert (first.outcome, other.outcome, failed(database)) == (Outcome.FAILED, Outcome.DONE, 1)
    assert first.error.startswith("RuntimeError, __call__:")
    assert "person" not in str(list(told(database)))
    assert failures(database) == [("tests.work", first.due, 1)]
    assert run_due(database, [work.job], clock=clock(MORNING + RETRY_AFTER - 1)) == []
    assert run_due(database, [work.job], clock=clock(MORNING + RETRY_AFTER))[0].tries == 2
    work.broken = False
    assert run_due(database, [work.job], clock=clock(MORNING + 2 * RETRY_AFTER))[0].outcome is Outcome.DONE
    assert (failed(database), known(database), work.runs) == (0, 2, 3)


def test_it_is_not_tried_for_ever(database: Database) -> None:
    work = Work()
    work.broken = True
    for number in range(TRIES + 3):
        run_due(database, [work.job], clock=clock(MORNING + number * RETRY_AFTER))
    assert work.runs == TRIES
    assert len(run_due(database, [work.job], clock=clock(MORNING + DAY))) == 1


def test_what_a_dead_process_left_is_taken_up(database: Database) -> None:
    work = Work()
    with database.unit() as unit:
        begin(unit, work.job.name, last_due(Daily(3), MORNING, legal_zone()), MORNING)
    (run,) = run_due(database, [work.job], clock=clock(MORNING + MINUTE))
    assert (run.tries, run.outcome, work.runs) == (2, Outcome.DONE, 1)


def test_what_kills_its_process_is_told_and_left(database: Database) -> None:
    """Nobody is there to say so but who looks after the last try."""
    work, due = Work(), last_due(Daily(3), MORNING, legal_zone())
    for _ in range(TRIES):
        with database.unit() as unit:
            begin(unit, work.job.name, due, MORNING)
    (run,) = run_due(database, [work.job], clock=clock(MORNING + MINUTE))
    assert (run.outcome, run.error, run.tries, work.runs) == (Outcome.FAILED, INTERRUPTED, TRIES, 0)
    assert run_due(database, [work.job], clock=clock(MORNING + DAY // 2)) == []
    assert failures(database) == [(work.job.name, due, TRIES)]
    (entry,) = told(database)
    assert (entry["outcome"], entry["data"]["error"]) == (Told.FAILED.value, INTERRUPTED)
    (again,) = run_due(database, [work.job], clock=clock(MORNING + DAY))
    assert (again.outcome, again.tries) == (Outcome.DONE, 1)


def test_what_kills_its_process_until_it_is_due_again_is_told_too(database: Database) -> None:
    """A job that dies each time, and is due before it was tried three times."""
    work, due = Work(), last_due(Daily(3), MORNING, legal_zone())
    with database.unit() as unit:
        begin(unit, work.job.name, due - DAY, MORNING - DAY)
    (run,) = run_due(database, [work.job], clock=clock(MORNING))
    assert (run.outcome, run.due, work.runs) == (Outcome.DONE, due, 1)
    assert failures(database) == [(work.job.name, due - DAY, 1)]


def test_two_workers_run_it_once(database: Database) -> None:
    """One begins and waits inside its job until the other has looked; then both look again."""
    begun, looked, runs = threading.Event(), threading.Event(), []

    def slow(db: Database) -> Mapping[str, int]:
        runs.append(1)
        begun.set()
        assert looked.wait(30)
        return {}

    job = Planned("tests.slow", Text("essai", "test"), Daily(3), slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_due, database, [job], clock=clock(MORNING))
        assert begun.wait(30)
        assert run_due(database, [job], clock=clock(MORNING)) == []
        with pytest.raises(SocleError, match="work-busy"):
            run_now(database, job, AGENT, clock(MORNING))
        looked.set()
        assert len(first.result()) == 1
    assert run_due(database, [job], clock=clock(MORNING)) == []
    assert len(runs) == 1


def test_a_person_may_ask_for_a_run_and_the_trail_says_who(database: Database) -> None:
    quiet = Planned("tests.quiet", Text("essai", "test"), Daily(3), lambda db: {"rows": 0})
    assert run_now(database, named_job([quiet], "tests.quiet"), AGENT, clock(MORNING)).outcome is Outcome.DONE
    assert run_due(database, [quiet], clock=clock(MORNING)) == []
    (entry,) = told(database)
    assert (entry["actor"]["id"], entry["target"]) == ("nora", "Job/tests.quiet")
    run_due(database, [quiet], clock=clock(MORNING + DAY))
    assert len(list(told(database))) == 1
    with pytest.raises(SocleError, match=r"job-unknown.*tests\.quiet"):
        named_job([quiet], "tests.loud")


def test_old_runs_are_forgotten_but_for_the_last(database: Database) -> None:
    work = Work()
    now = micros()
    for days in (-200, -100, 1, 30):
        run_due(database, [work.job], clock=clock(now + days * DAY))
    with database.unit() as unit:
        kept = last_run(unit, work.job.name, now)
        assert forget_runs(unit) == 2, "the oldest, and what is weeks ahead"
        assert kept is not None
        assert last_run(unit, work.job.name, now) == kept
        assert list(ahead(unit, now)) == list(last_done(unit)) == [work.job.name]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 3 * 1440), st.booleans()), min_size=1, max_size=8), st.integers(0))
def test_whatever_the_pauses_every_look_leaves_the_last_time_run(
    database: Database, looks: list[tuple[int, bool]], number: int
) -> None:
    """Against a model, with pauses in minutes and a job that may be broken: a time that went well is never run
    again, and after a look nothing that was due waits, but for a failure that is tried later."""
    work, at = Work(), MORNING
    job = Planned(f"tests.model-{number}-{len(looks)}-{at}", Text("essai", "test"), Daily(3), work)
    with database.unit() as unit:
        unit.execute("DELETE FROM schedules_run")
    done: set[int] = set()
    for pause, broken in looks:
        at += pause * MINUTE
        work.broken = broken
        due = last_due(Daily(3), at, legal_zone())
        ran = run_due(database, [job], clock=clock(at))
        assert not (ran and due in done)
        done |= {run.due for run in ran if run.outcome is Outcome.DONE}
        with database.reading() as session:
            last = last_run(session, job.name, at)
        assert last is not None
        assert last.due == due
        assert not waits(last, due, at)


def test_the_worker_runs_what_is_due_and_stops(database: Database) -> None:
    ran = threading.Event()

    def work(db: Database) -> Mapping[str, int]:
        ran.set()
        return {}

    job = Planned("tests.worker", Text("essai", "test"), Every(1), work)

    async def until_run() -> bool:
        worker = Schedules([job], lambda: database, clock(MORNING))
        await worker.open()
        found = await asyncio.to_thread(ran.wait, 30)
        await worker.aclose()
        return found

    assert asyncio.run(until_run())
    with database.reading() as session:
        run = last_run(session, job.name, MORNING)
    assert run is not None
    assert run.outcome is Outcome.DONE
