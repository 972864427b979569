"""Secondary indexes are put off only where no store needs them, and always come back."""

import pytest

from socle.engines.fhirstore.ddl import secondary_indexes
from socle.engines.fhirstore.deferred import defer_indexes, ensure_indexes
from socle.engines.fhirstore.stores import StoreDefinition
from socle.engines.fhirstore.transactions import abandon_interrupted
from socle.engines.fhirstore.write import writing
from socle.kernel.db import Database
from tests.support.fhir_store import Changes, publish, store_like

ONE: Changes = {("Practitioner", "1"): {"resourceType": "Practitioner", "id": "1", "active": True}}
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
}


def missing(db: Database) -> set[str]:
    with db.reading() as session:
        return set(secondary_indexes()) - {name for (name,) in session.fetch(PRESENT[db.engine])}


def defer(db: Database) -> None:
    with db.unit() as unit:
        defer_indexes(unit)


def fail_to_fill(db: Database, store: StoreDefinition) -> None:
    with writing(db, store, "fails") as writer:
        defer(db)
        writer.put({"resourceType": "Practitioner", "id": "1"})
        writer.flush()
        raise InterruptedError


def test_the_indexes_of_empty_tables_go_and_come_back(database: Database) -> None:
    defer(database)
    assert missing(database) == set(secondary_indexes())
    for _ in range(2):
        with database.unit() as unit:
            ensure_indexes(unit)
        assert missing(database) == set()


def test_the_indexes_of_a_store_that_holds_rows_stay(database: Database) -> None:
    publish(database, store_like(), ONE)
    defer(database)
    assert missing(database) == set()


def test_a_filling_that_fails_leaves_the_indexes(database: Database) -> None:
    with pytest.raises(InterruptedError):
        fail_to_fill(database, store_like())
    assert missing(database) == set()


def test_who_comes_after_a_filling_that_was_killed_builds_the_indexes(database: Database) -> None:
    defer(database)
    abandon_interrupted(database, store_like())
    assert missing(database) == set()


def test_a_store_whose_first_filling_failed_is_as_good_as_new(database: Database) -> None:
    store = store_like()
    with pytest.raises(InterruptedError):
        fail_to_fill(database, store)
    with writing(database, store, "again") as writer:
        assert writer.begun.fresh
        assert writer.begun.next_rid > 1
    publish(database, store, ONE)
    with writing(database, store, "more") as writer:
        assert not writer.begun.fresh
