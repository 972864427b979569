"""Beginning and ending the run of a job: the row that keeps it, the trail, the news of a failure."""

from collections.abc import Mapping

import orjson

from socle.kernel.actors import Acting, ActorKind
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.actions import Outcome as Told
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.clock import micros
from socle.kernel.db import Unit
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.schedules.runs import Outcome
from socle.kernel.work import emit, record

RAN = action("schedule.ran", Kind.EXECUTE, "Travail planifié exécuté", "Scheduled job run")
FAILED_EVENT = event_kind(
    "schedule.failed.1",
    "Un travail planifié a échoué",
    "A scheduled job failed",
    job="name of the job",
    due="the moment at which it was due, microseconds since 1970 in UTC",
    tries="how often it was tried for that moment",
)
_BEGIN = (
    "INSERT INTO schedules_run (job, due, tries, started, outcome, counts, error) "
    "VALUES (?1, ?2, 1, ?3, 'running', '{}', '') ON CONFLICT (job, due) DO UPDATE SET "
    "tries = schedules_run.tries + 1, started = ?3, ended = NULL, outcome = 'running', counts = '{}', error = ''"
)
_END = (
    "UPDATE schedules_run SET ended = ?3, outcome = ?4, counts = ?5, error = ?6 "
    "WHERE job = ?1 AND due = ?2 RETURNING tries"
)
_FORGET = (
    "DELETE FROM schedules_run WHERE due < ?1 AND due < "
    "(SELECT MAX(o.due) FROM schedules_run o WHERE o.job = schedules_run.job AND o.due <= ?2)"
)
INTERRUPTED = "interrupted"
"""The error of a run whose process died."""
_DAY = 86_400_000_000
_KEPT = 90 * _DAY


def begin(unit: Unit, job: str, due: int, at: int) -> None:
    unit.execute(_BEGIN, job, due, at)


def end(unit: Unit, by: Acting, job: str, due: int, counts: Mapping[str, int], at: int) -> None:
    """It went well. The trail hears of it when something was done, or when a person asked for it: a job that finds
    nothing to do every ten minutes is no news."""
    unit.fetch(_END, job, due, at, Outcome.DONE.value, orjson.dumps(dict(counts)).decode(), "")
    if any(counts.values()) or by.actor.kind is not ActorKind.SYSTEM or by.door == "command-line":
        told: Coded = {name: count for name, count in counts.items() if count}
        record(unit, Entry(RAN, by, target=f"Job/{job}", data=told))


def fail(unit: Unit, by: Acting, job: str, due: int, error: str, at: int) -> None:
    """It did not: `error` is the type and the place of what went wrong, or INTERRUPTED."""
    ((tries,),) = unit.fetch(_END, job, due, at, Outcome.FAILED.value, "{}", error)
    data: Coded = {"error": error, "tries": tries}
    record(unit, Entry(RAN, by, Told.FAILED, target=f"Job/{job}", data=data))
    emit(unit, Event(FAILED_EVENT, f"job:{job}", {"job": job, "due": due, "tries": tries}))


def forget_runs(unit: Unit) -> int:
    """Runs of three months ago, but for the last one of each job; and those of times more than a day ahead, which a
    wrong clock left: what is nearer comes of age by itself."""
    now = micros()
    old = unit.execute(_FORGET, now - _KEPT, now)
    return old + unit.execute("DELETE FROM schedules_run WHERE due > ?1", now + _DAY)
