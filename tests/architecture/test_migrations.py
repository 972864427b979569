"""The migrations say what the models say, on each engine."""

from pathlib import Path

from tests.support.databases import django_command


def test_no_migration_is_missing(tmp_path: Path) -> None:
    said = django_command(
        "makemigrations",
        "--check",
        "--dry-run",
        database=f"sqlite:///{tmp_path / 'x.sqlite3'}",
        home=tmp_path,
    )
    assert "No changes detected" in said


def test_every_migration_is_applied(database_url: str, tmp_path: Path) -> None:
    plan = django_command("showmigrations", "--plan", database=database_url, home=tmp_path)
    assert "[X]" in plan
    assert "[ ]" not in plan
