"""The schedules' manifest: what each run left, and what is forgotten of it."""

from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Manifest, Retention, Text, Wing
from socle.kernel.schedules.acts import FAILED_EVENT
from socle.kernel.schedules.runs import Outcome, latest_runs

_PACKAGE = "socle.kernel.schedules"


def failed(db: Database) -> int:
    """Jobs whose last run did not go well."""
    with db.reading() as session:
        return sum(run.outcome is Outcome.FAILED for run in latest_runs(session, micros()).values())


def known(db: Database) -> int:
    """Jobs that ran at least once."""
    with db.reading() as session:
        return len(latest_runs(session, micros()))


MANIFEST = Manifest(
    name="schedules",
    wing=Wing.GROUND,
    title=Text("Travaux planifiés", "Scheduled jobs"),
    subtitle=Text(
        "ce qui revient : conservation, revues, échéances", "what comes back: retention, reviews, deadlines"
    ),
    system="",
    events=(FAILED_EVENT.code,),
    impersonal=(
        "schedules_run.job",
        "schedules_run.outcome",
        "schedules_run.counts",
        "schedules_run.error",
    ),
    retention=(
        Retention(
            "runs",
            Text(
                "passages de plus de trois mois, sauf le dernier de chaque travail",
                "runs of more than three months ago, but for the last of each job",
            ),
            f"{_PACKAGE}.acts:forget_runs",
        ),
    ),
    counters=(
        Counter(Text("travaux suivis", "jobs followed"), f"{_PACKAGE}.manifest:known"),
        Counter(Text("travaux en échec", "jobs failed"), f"{_PACKAGE}.manifest:failed"),
    ),
    django_app=_PACKAGE,
    order=937,
)
