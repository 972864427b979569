"""Running what is due: each job by one process at a time, each time that it is due once."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.clock import legal_zone, micros
from socle.kernel.db import Database, Session
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.manifest import Manifest, Text, load_attribute
from socle.kernel.outbox.worker import named
from socle.kernel.schedules.acts import INTERRUPTED, begin, end, fail
from socle.kernel.schedules.faults import JOB_UNKNOWN
from socle.kernel.schedules.runs import Run, abandoned, last_run, waits
from socle.kernel.schedules.when import When, last_due

log = logging.getLogger("socle.schedules")
Work = Callable[[Database], Mapping[str, int]]
Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Planned:
    """A job of a manifest, ready to be run; `name` is `service.job`. `owner`: only who owns the tables can do it."""

    name: str
    title: Text
    when: When
    work: Work
    owner: bool = False


def planned(manifests: Iterable[Manifest]) -> list[Planned]:
    """The jobs that these manifests declare."""
    return [
        Planned(f"{manifest.name}.{job.name}", job.title, job.when, load_attribute(job.run), job.owner)
        for manifest in manifests
        for job in manifest.jobs
    ]


def named_job(jobs: Sequence[Planned], name: str) -> Planned:
    """Raises SocleError(JOB_UNKNOWN)."""
    for job in jobs:
        if job.name == name:
            return job
    raise SocleError(JOB_UNKNOWN, received=name[:80], known=", ".join(job.name for job in jobs))


def run_due(
    db: Database, jobs: Sequence[Planned], by: Acting = BY_SYSTEM, clock: Clock = micros
) -> list[Run]:
    """Run every job whose time has come and that nobody else runs; what became of each."""
    return list(_runs(db, jobs, by, clock))


def _runs(db: Database, jobs: Sequence[Planned], by: Acting, clock: Clock) -> Iterator[Run]:
    for job in jobs:
        due = last_due(job.when, clock(), legal_zone())
        with db.reading() as session:
            asked = _waits(session, job.name, due, clock()) or abandoned(session, job.name, due)
        if not asked:
            continue
        try:
            run = _run_alone(db, job, due, by, clock, forced=False)
        except SocleError as busy:
            if busy.kind is not WORK_BUSY:
                raise
            # Another process runs it at this moment.
            continue
        if run is not None:
            yield run


def run_now(db: Database, job: Planned, by: Acting, clock: Clock = micros) -> Run:
    """Run a job because somebody asks, due or not; a run that goes well counts for the time that was due.

    Raises SocleError(WORK_BUSY) while another process runs it.
    """
    run = _run_alone(db, job, last_due(job.when, clock(), legal_zone()), by, clock, forced=True)
    assert run is not None
    return run


def _run_alone(db: Database, job: Planned, due: int, by: Acting, clock: Clock, *, forced: bool) -> Run | None:
    """What became of it; None when another process has run it since it was looked at."""
    with db.exclusive(f"schedule-{job.name}"):
        with db.unit() as unit:
            left = abandoned(unit, job.name, due)
            for one in left:
                # Whoever began it held the job, and died: nobody else could say so.
                fail(unit, by, job.name, one, INTERRUPTED, clock())
            asked = forced or _waits(unit, job.name, due, clock())
            if asked:
                begin(unit, job.name, due, clock())
        if asked:
            _work(db, job, due, by, clock)
        with db.reading() as session:
            return last_run(session, job.name, due) if asked or due in left else None


def _waits(session: Session, job: str, due: int, at: int) -> bool:
    return waits(last_run(session, job, at), due, at)


def _work(db: Database, job: Planned, due: int, by: Acting, clock: Clock) -> None:
    """What a job raises is kept and told: it keeps no other job from running."""
    try:
        counts = job.work(db)
    except Exception as failure:
        error = named(failure)
        log.error("%s failed: %s", job.name, error, exc_info=True)
        with db.unit() as unit:
            fail(unit, by, job.name, due, error, clock())
        return
    log.info("%s: %s", job.name, dict(counts))
    with db.unit() as unit:
        end(unit, by, job.name, due, counts, clock())
