"""What became of the jobs: the rows, and whether a time that was due still waits for its run."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import orjson

from socle.kernel.db import Row, Session

TRIES = 3
RETRY_AFTER = 15 * 60_000_000
# By how much the clocks of two machines may differ without being wrong.
_SKEW = 60_000_000
_COLUMNS = "job, due, tries, started, ended, outcome, counts, error"
# What a clock that was ahead left is no run of the past: it stands for no other, and keeps none from being made.
_LAST = f"SELECT {_COLUMNS} FROM schedules_run WHERE job = ?1 AND due <= ?2 ORDER BY due DESC LIMIT 1"
_LATEST = (
    f"SELECT {_COLUMNS} FROM schedules_run r "
    "WHERE r.due = (SELECT MAX(o.due) FROM schedules_run o WHERE o.job = r.job AND o.due <= ?1) ORDER BY job"
)
_AHEAD = "SELECT job, MAX(due) FROM schedules_run WHERE due > ?1 GROUP BY job"
_LEFT = (
    "SELECT due, tries FROM schedules_run WHERE job = ?1 AND outcome = 'running' AND due <= ?2 ORDER BY due"
)
_LAST_DONE = "SELECT job, MAX(ended) FROM schedules_run WHERE outcome = 'done' GROUP BY job"


class Outcome(StrEnum):
    """A run that nobody ends, because its process died, stays `running` until the job is looked at again."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """`due`, `started`, `ended`: microseconds UTC. `counts` are what the job says it did, by name."""

    job: str
    due: int
    tries: int
    started: int
    ended: int | None
    outcome: Outcome
    counts: Mapping[str, int]
    error: str


def waits(last: Run | None, due: int, at: int) -> bool:
    """Whether the time `due` waits for a run at the moment `at`, seen from the job's last run.

    What was missed is made up for once, however many times passed. What failed is tried again a quarter of an hour
    later, three times in all; so is what was interrupted, at once (`waits` is asked by who holds the job alone). The
    last run is that of `last_run` at the same moment; it is later than `due` when the job's hours were changed.
    """
    if last is None or last.due < due:
        return True
    if last.due > due or last.outcome is Outcome.DONE or last.tries >= TRIES:
        return False
    return last.ended is None or at - last.ended >= RETRY_AFTER


def last_run(session: Session, job: str, at: int) -> Run | None:
    """The last run whose time had come at the moment `at`."""
    row = session.fetch_one(_LAST, job, at)
    return _run(row) if row else None


def latest_runs(session: Session, at: int) -> dict[str, Run]:
    """The same of each job that ever ran, by job."""
    return {run.job: run for run in map(_run, session.fetch(_LATEST, at))}


def ahead(session: Session, at: int) -> dict[str, int]:
    """Jobs that have a run whose time is more than a minute after `at`, with that time: the clock of who ran it was
    ahead, or ours is behind."""
    return dict(session.fetch(_AHEAD, at + _SKEW))


def abandoned(session: Session, job: str, due: int) -> list[int]:
    """The times whose run was begun, never ended, and is not to be tried again, for who holds the job alone when `due`
    is to be run: its process died, and nobody was told."""
    return [one for one, tries in session.fetch(_LEFT, job, due) if one < due or tries >= TRIES]


def last_done(session: Session) -> dict[str, int]:
    """When each job last went well, in microseconds."""
    return dict(session.fetch(_LAST_DONE))


def _run(row: Row) -> Run:
    job, due, tries, started, ended, outcome, counts, error = row
    return Run(job, due, tries, started, ended, Outcome(outcome), orjson.loads(counts), error)
