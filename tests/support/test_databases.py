"""Each test has a database of its own, migrated and empty, on each engine."""

import pytest

from socle.kernel.db import Database

MIGRATED = "SELECT COUNT(*) FROM django_migrations"


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_is_migrated_and_nobody_elses(database: Database, turn: int) -> None:
    with database.unit() as unit:
        applied = unit.fetch_one(MIGRATED)
        assert applied is not None
        assert applied[0] > 0
        unit.execute("DELETE FROM django_migrations")


def test_the_engine_is_the_one_that_was_asked_for(database: Database, engine: str) -> None:
    assert database.engine == engine
