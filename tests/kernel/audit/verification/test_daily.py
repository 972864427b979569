"""The daily verification: a run that says what it compared, or one that failed."""

import pytest

from socle.app.manifests import house
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.verification.daily import JOB, verify_daily
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.privacy.holdings import fill
from socle.kernel.schedules.runner import named_job, planned, run_now
from socle.kernel.schedules.runs import Outcome, last_run
from tests.support.trail import drain, lived_in


@pytest.fixture
def trail(database: Database) -> Database:
    fill(house)
    lived_in(database)
    drain(database)
    return database


def outcome(trail: Database) -> Outcome:
    run_now(trail, named_job(planned(house()), JOB), BY_SYSTEM)
    with trail.reading() as session:
        run = last_run(session, JOB, micros())
    assert run is not None
    return run.outcome


def test_a_sound_trail_is_counted(trail: Database) -> None:
    counts = verify_daily(trail)
    assert counts["entries"] == counts["size"] > 280
    assert outcome(trail) is Outcome.DONE


def test_a_changed_one_is_a_failed_run(trail: Database) -> None:
    with trail.unit() as unit:
        unit.execute("UPDATE audit_entry SET action = 'other' WHERE position = 3")
    assert outcome(trail) is Outcome.FAILED
