"""The schema goes forward, with a trace, and never back."""

import json
from pathlib import Path

import httpx
import pytest

from socle.kernel.db import Database
from tests.app.running import running
from tests.support.command_line import socle
from tests.support.databases import django_command

NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('fhirstore', '0999_of_tomorrow', '2030-01-01')"


def traces(database: Database) -> list[dict[str, object]]:
    with database.reading() as session:
        facts = [
            json.loads(bytes(facts))
            for (facts,) in session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
        ]
    return [one for one in facts if one["action"] == "operation.upgraded"]


def test_an_older_schema_is_brought_forward_and_the_trail_says_so(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    django_command("migrate", "fhirstore", "0001", "--skip-checks", database=database_url, home=tmp_path)
    announced = socle("upgrade", "--dry-run", home=tmp_path, SOCLE_DATABASE=database_url)
    assert announced.stdout.split()[0] == "fhirstore.0002_closed_rows", announced.stderr
    assert traces(database) == []
    done = socle("upgrade", home=tmp_path, SOCLE_DATABASE=database_url)
    assert done.returncode == 0, done.stderr
    saved, *applied = done.stdout.splitlines()
    assert announced.stdout.split() == applied
    file = Path(saved.partition(": ")[2])
    assert (file.parent, file.exists()) == (tmp_path / "backups", True)
    (trace,) = traces(database)
    assert trace["data"]["last"] == announced.stdout.split()[-1]  # type: ignore[index]
    again = socle("upgrade", home=tmp_path, SOCLE_DATABASE=database_url)
    assert again.stdout == "À jour. / Up to date.\n"
    assert len(traces(database)) == 1


def test_the_sql_of_what_is_pending_changes_nothing(database_url: str, tmp_path: Path) -> None:
    django_command("migrate", "fhirstore", "0001", "--skip-checks", database=database_url, home=tmp_path)
    written = socle("upgrade", "--sql", home=tmp_path, SOCLE_DATABASE=database_url)
    assert written.returncode == 0, written.stderr
    lines = written.stdout.splitlines()
    assert lines[0] == "-- fhirstore.0002_closed_rows"
    assert any("fhirstore_" in line and not line.startswith("--") for line in lines)
    assert socle("upgrade", "--dry-run", home=tmp_path, SOCLE_DATABASE=database_url).stdout


def test_an_empty_database_is_made_by_its_own_sql(tmp_path: Path) -> None:
    written = socle("upgrade", "--sql", home=tmp_path)
    assert "CREATE TABLE fhirstore_version" in written.stdout
    assert "not to be written as SQL" not in written.stdout


@pytest.mark.parametrize("command", ["upgrade", "migrate", "up"])
def test_a_database_of_a_newer_version_is_left_alone(
    command: str, database_url: str, database: Database, tmp_path: Path
) -> None:
    with database.unit() as unit:
        unit.execute(NEWER)
    told = socle(command, home=tmp_path, SOCLE_DATABASE=database_url)
    assert told.returncode == 2, told.stdout
    french, english, rule = told.stderr.splitlines()
    for line in (french, english):
        assert "fhirstore.0999_of_tomorrow" in line
    assert "restaurez une sauvegarde" in french
    assert "database-newer" in rule
    assert traces(database) == []


def test_a_schema_older_than_backups_is_not_upgraded_blindly(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    django_command("migrate", "audit", "zero", "--skip-checks", database=database_url, home=tmp_path)
    told = socle("upgrade", home=tmp_path, SOCLE_DATABASE=database_url)
    assert told.returncode == 2
    assert "no-backup-yet" in told.stderr
    done = socle("upgrade", "--no-backup", home=tmp_path, SOCLE_DATABASE=database_url)
    assert done.returncode == 0, done.stderr
    assert len(traces(database)) == 1


def test_an_empty_folder_needs_no_backup(tmp_path: Path) -> None:
    done = socle("upgrade", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "backups").exists()


def test_a_process_in_front_of_a_newer_database_is_not_ready(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    with database.unit() as unit:
        unit.execute(NEWER)
    with running(tmp_path, SOCLE_DATABASE=database_url) as base:
        ready = httpx.get(f"{base}/readyz", timeout=60)
    assert (ready.status_code, ready.json()) == (503, {"status": "not-ready", "reason": "newer"})


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_second_upgrade_at_once_is_refused(database_url: str, database: Database, tmp_path: Path) -> None:
    django_command("migrate", "fhirstore", "0001", "--skip-checks", database=database_url, home=tmp_path)
    with database.exclusive("migrate"):
        told = socle("upgrade", "--no-backup", home=tmp_path, SOCLE_DATABASE=database_url)
    assert told.returncode == 2
    assert "work-busy" in told.stderr
    assert socle("upgrade", "--no-backup", home=tmp_path, SOCLE_DATABASE=database_url).returncode == 0
