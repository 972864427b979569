"""The jobs of the house: all of them run on an empty installation; what is wrong with them is told; the commands."""

import re
from pathlib import Path

import pytest

from socle.app.doctor import Finding
from socle.app.manifests import house
from socle.app.metrics import gauges
from socle.app.operating import findings_table
from socle.app.operating_schedules import FIGURES, did_in_words, schedules_table
from socle.app.schedules import Followed, followed, is_late, jobs, jobs_here, known_since, troubles
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.settings import AuditSettings
from socle.kernel.clock import legal_zone, micros
from socle.kernel.db import Database, Session
from socle.kernel.manifest import Text
from socle.kernel.schedules.acts import begin, fail
from socle.kernel.schedules.runner import Planned, run_due
from socle.kernel.schedules.runs import Outcome, Run, last_run
from socle.kernel.schedules.when import Daily, Every, When, last_due, next_due
from socle.kernel.settings import settings
from tests.support.command_line import socle
from tests.support.databases import SqliteTemplate

HOUR = 3_600_000_000
DAY = 24 * HOUR
pytestmark = pytest.mark.usefixtures("pages")


def test_every_job_and_every_rule_of_retention_runs(database: Database) -> None:
    """Its statements are those of both engines, and nothing is left to do on an empty installation."""
    known = jobs()
    assert len({job.name for job in known}) == len(known)
    assert len(known) == sum(len(one.jobs) + len(one.retention) for one in house())
    runs = run_due(database, known)
    assert [(run.job, run.error) for run in runs if run.outcome is not Outcome.DONE] == []
    assert [run.job for run in runs] == [job.name for job in known]
    assert {name for run in runs for name in run.counts} <= set(FIGURES), (
        "the operator's page has no word for it"
    )
    with database.reading() as session:
        assert troubles(session, micros()) == []


def test_what_failed_or_was_missed_is_named(database: Database) -> None:
    known = jobs()
    run_due(database, known[:2])
    at = micros()
    with database.unit() as unit:
        begin(unit, known[0].name, at, at)
        fail(unit, BY_SYSTEM, known[0].name, at, "RuntimeError, work:1", at)
    with database.reading() as session:
        assert troubles(session, micros()) == [known[0].name]
        last = last_run(session, known[1].name, at)
        assert not is_late(known[1], last, micros() + DAY // 24, since=0)
        assert is_late(known[1], last, micros() + 2 * DAY, since=0)
        assert troubles(session, micros() + 5 * DAY)[:2] == [known[0].name, known[1].name]


def purge(session: Session, at: int) -> Followed:
    return next(one for one in followed(session, at) if one.job.name == "audit.purge")


@pytest.mark.parametrize("when", [Every(10), Daily(3), Daily(14, 30)])
def test_a_job_is_late_two_hours_after_it_was_due_again(when: When) -> None:
    """Also one that is due every ten minutes, however recently that was."""
    job = Planned("tests.work", Text("essai", "test"), when, lambda db: {})
    due = last_due(when, micros(), legal_zone())
    last = Run(job.name, due, 1, due, due + 1, Outcome.DONE, {}, "")
    again = next_due(when, due, legal_zone())
    assert not is_late(job, last, due, since=0)
    assert not is_late(job, last, again + 2 * HOUR, since=0)
    assert is_late(job, last, again + 2 * HOUR + 1, since=0)
    assert is_late(job, last, again + 30 * DAY, since=0)


def test_what_a_clock_that_was_ahead_left_is_named(database: Database) -> None:
    owners = next(job for job in jobs() if job.name == "audit.purge")
    at = micros()
    run_due(database, jobs())
    run_due(database, [owners], clock=lambda: at + 9 * DAY)
    assert run_due(database, [owners]) == []
    with database.reading() as session:
        (told,) = troubles(session, micros())
        (shown,) = [row for row in schedules_table(session).rows if "audit.purge" in str(row)]
    assert told.startswith("audit.purge (passage daté du futur")
    assert "daté du futur" in str(shown)
    french = findings_table([Finding("warning", Text("Travaux", "Jobs"), told)], "fr").rows
    assert "voyez l’horloge)" in str(french)
    assert "the clock" not in str(french), "the page keeps the reader's language"
    figures = {gauge.name: gauge.read() for gauge in gauges(database)}
    assert figures["socle_schedule_ahead_seconds"].keys() == {("audit.purge",)}
    assert figures["socle_schedule_ahead_seconds"]["audit.purge",] > 7 * 86_400


def test_what_jobs_did_is_told_in_words() -> None:
    assert did_in_words({"rows": 3, "mails": 0, "keys": 1}).replace("\u00a0", " ") == (
        "lignes effacées : 3, clés retirées : 1"
    )
    assert did_in_words({"rows": 0}) == ""


def test_what_never_ran_is_late_once_it_was_due(database: Database) -> None:
    """Two hours after the first time since the schema was last changed: not as soon as the installation stands."""
    owners = next(job for job in jobs() if job.name == "audit.purge")
    run_due(database, [job for job in jobs() if not job.owner])
    with database.reading() as session:
        since = known_since(session)
        assert 0 <= micros() - since < DAY
        first = next_due(owners.when, since, legal_zone())
        told = "audit.purge (jamais exécuté / never ran)"
        assert told not in troubles(session, first + 2 * HOUR)
        assert not purge(session, first + 2 * HOUR).late
        assert told in troubles(session, first + 2 * HOUR + 1)
        assert purge(session, first + 2 * HOUR + 1).late
    run_due(database, [owners])
    with database.reading() as session:
        assert purge(session, micros()).well


def test_where_people_look_says_what_never_ran(database_url: str, tmp_path: Path) -> None:
    db = Database(database_url)
    with db.unit() as unit:
        unit.execute("UPDATE django_migrations SET applied = '2026-01-01 00:00:00+00:00'")
    figures = {gauge.name: gauge.read() for gauge in gauges(db)}
    with db.reading() as session:
        shown = [row for row in schedules_table(session).rows if "audit.purge" in str(row)]
    db.close()
    assert figures["socle_schedule_late"]["audit.purge",] == 1.0
    assert "jamais exécuté, en retard" in str(shown)
    environment = {"SOCLE_DATABASE": database_url, "COLUMNS": "250"}
    assert "audit.purge (jamais exécuté / never ran)" in socle("doctor", home=tmp_path, **environment).stdout
    listed = socle("schedule", "list", home=tmp_path, **environment).stdout
    assert re.search(r"audit.purge +jamais / never  EN RETARD · LATE", listed), listed


def test_what_needs_the_owner_of_the_tables_is_left_to_them_in_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everywhere = {job.name for job in jobs_here()}
    chosen = settings().model_copy(update={"profile": "production"})
    monkeypatch.setattr("socle.app.schedules.settings", lambda: chosen)
    assert everywhere - {job.name for job in jobs_here()} == {job.name for job in jobs() if job.owner}
    assert "audit.purge" in everywhere


def test_the_trail_is_kept_for_ever_unless_somebody_says_how_long() -> None:
    assert AuditSettings().keep_months == 0


def test_the_commands_run_and_tell(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with sqlite_template.fresh(tmp_path) as url:
        ran = socle("schedule", "run", "accounts.close-reviews", home=tmp_path, SOCLE_DATABASE=url)
        assert (ran.returncode, "accounts.close-reviews: fait" in ran.stdout) == (0, True)
        listed = socle("schedule", "list", home=tmp_path, SOCLE_DATABASE=url, COLUMNS="200").stdout
        assert "accounts.close-reviews" in listed
        assert "jamais" in listed
        unknown = socle("schedule", "run", "nothing", home=tmp_path, SOCLE_DATABASE=url)
        assert (unknown.returncode, "job-unknown" in unknown.stderr) == (2, True)
