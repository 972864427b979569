"""A load also removes what earlier ones replaced, once no page link can show it."""

import sqlite3
from pathlib import Path

from socle.foundations.directory.demo import VILLAGE, write_delta, write_territory
from tests.support.command_line import socle

_DAYS = 3
_CLOSED = "SELECT COUNT(*) FROM {table} WHERE valid_to < 2147483647"


def closed(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "socle.sqlite3") as connection:
        return {
            table: connection.execute(_CLOSED.format(table=table)).fetchone()[0]
            for table in ("fhirstore_version", "fhirstore_string")
        }


def test_a_load_removes_what_was_replaced_long_ago(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    village = write_territory(tmp_path, VILLAGE)
    next_day = write_delta(tmp_path, VILLAGE, changes=30)
    assert socle("load", "directory", *village.files, home=home).returncode == 0
    delta: tuple[str | Path, ...] = ("load", "directory", "--delta", *next_day.delta)
    assert socle(*delta, home=home).returncode == 0
    kept = closed(home)
    assert all(kept.values())
    with sqlite3.connect(home / "socle.sqlite3") as connection:
        connection.execute(
            f"UPDATE fhirstore_transaction SET published = published - {_DAYS * 86_400_000_000}"
        )
    assert socle(*delta, home=home).returncode == 0
    assert not any(closed(home).values())
