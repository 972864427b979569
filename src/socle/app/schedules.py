"""The jobs of this house: those that services declare, and one for each rule of retention; who runs them, how they
are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from socle.app.manifests import house
from socle.app.privacy import retentions
from socle.kernel.clock import EPOCH, legal_zone
from socle.kernel.db import Database, Session
from socle.kernel.privacy.retention import Rule, apply
from socle.kernel.schedules.runner import Planned, planned
from socle.kernel.schedules.runs import Outcome, Run, ahead, latest_runs
from socle.kernel.schedules.when import Daily, next_due
from socle.kernel.settings import settings

# While people sleep, and after what closes at midnight.
_FORGETTING = Daily(3)
# A worker looks every twenty seconds; what is longer overdue than this waits for somebody to start it.
_LATE = 2 * 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)
_MIGRATED = "SELECT MAX(applied) FROM django_migrations"


@dataclass(frozen=True, slots=True)
class Followed:
    """A job and how it goes: its last run, whether one is overdue, whether a clock that was ahead left one of a time
    that is still to come."""

    job: Planned
    last: Run | None
    late: bool
    ahead: bool

    @property
    def failed(self) -> bool:
        return self.last is not None and self.last.outcome is Outcome.FAILED

    @property
    def well(self) -> bool:
        return not (self.late or self.ahead or self.failed)


def jobs() -> list[Planned]:
    """Every job of the house."""
    return [*planned(house()), *(_forgetting(rule) for rule in retentions())]


def jobs_here() -> list[Planned]:
    """Those that this process may run beside its other work: in production, what needs the owner of the tables is left
    to `socle schedule run`, which the owner has run each day."""
    return [job for job in jobs() if not (job.owner and settings().production)]


def _forgetting(rule: Rule) -> Planned:
    return Planned(f"{rule.service}.forget-{rule.name}", rule.what, _FORGETTING, partial(_forget, rule))


def _forget(rule: Rule, db: Database) -> Mapping[str, int]:
    return {"rows": sum(apply(db, [rule]).values())}


def known_since(session: Session) -> int:
    """From when a job that never ran is waited for: the last migration, which is the first start or the upgrade that
    brought the job; microseconds."""
    ((applied,),) = session.fetch(_MIGRATED)
    # SQLite keeps it as text, in UTC without saying so.
    moment = applied if isinstance(applied, datetime) else datetime.fromisoformat(applied).replace(tzinfo=UTC)
    return (moment - EPOCH) // _MICROSECOND


def is_late(job: Planned, last: Run | None, at: int, since: int) -> bool:
    """Whether the first time at which the job was due after its last run passed two hours ago; for a job that never
    ran, the first after `since`."""
    return at - next_due(job.when, since if last is None else last.due, legal_zone()) > _LATE


def followed(session: Session, at: int) -> list[Followed]:
    """Every job of the house, in the order of `jobs`."""
    since, last, to_come = known_since(session), latest_runs(session, at), ahead(session, at)
    return [
        Followed(job, run := last.get(job.name), is_late(job, run, at, since), job.name in to_come)
        for job in jobs()
    ]


def troubles(session: Session, at: int) -> list[str]:
    """The names of the jobs that are not well, each with what it is that nobody would guess."""
    return [one.job.name + _unexpected(one) for one in followed(session, at) if not one.well]


def _unexpected(one: Followed) -> str:
    if one.ahead:
        return " (passage daté du futur\u00a0: voyez l’horloge / run dated in the future: see the clock)"
    return "" if one.last else " (jamais exécuté / never ran)"


def upcoming(job: Planned, at: int) -> int:
    """When it is due next; microseconds."""
    return next_due(job.when, at, legal_zone())
