"""Verification of the audit trail finds a store's transactions that no act published, and acts without theirs."""

import pytest

from socle.engines.fhirstore.effects import EFFECTS
from socle.engines.fhirstore.write import writing
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from tests.support.trail import drain


@pytest.fixture
def published(database: Database) -> Database:
    """A store published three times, the last not logged yet; and one that was begun only."""
    for number in range(3):
        with writing(database, PUBLIC, f"test {number}"):
            pass
        if number < 2:
            drain(database)
    return database


def found(db: Database) -> list[str]:
    return sorted(finding.kind.code for finding in verify(db, effects=[EFFECTS]).findings)


def test_a_published_store_agrees_with_the_trail(published: Database) -> None:
    assert found(published) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("DELETE FROM fhirstore_transaction WHERE number = 2", ["effect-missing"]),
        ("DELETE FROM fhirstore_transaction WHERE number = 3", ["effect-missing"]),
        (
            "UPDATE fhirstore_transaction SET unit = NULL WHERE number = 2",
            ["effect-missing", "effect-untold"],
        ),
        ("UPDATE fhirstore_transaction SET unit = NULL WHERE number = 1", ["effect-missing"]),
        (
            "UPDATE fhirstore_transaction SET number = 9 WHERE number = 2",
            ["effect-missing", "effect-untold"],
        ),
        (
            "INSERT INTO fhirstore_transaction (store, number, state, source, started, published, counts) "
            "SELECT store, 9, state, source, started, published, counts FROM fhirstore_transaction WHERE number = 3",
            ["effect-untold"],
        ),
        ("UPDATE fhirstore_transaction SET state = 'abandoned' WHERE number = 3", ["effect-missing"]),
    ],
)
def test_every_change_of_what_was_published_is_found(
    published: Database, change: str, codes: list[str]
) -> None:
    with published.unit() as unit:
        unit.execute(change)
    assert found(published) == codes


def test_what_was_published_before_units_were_written_down_is_no_finding(published: Database) -> None:
    with published.unit() as unit:
        unit.execute("UPDATE fhirstore_transaction SET unit = NULL")
        unit.execute("DELETE FROM audit_entry")
        unit.execute("DELETE FROM audit_inbox")
    assert not {"effect-untold", "effect-missing"} & set(found(published))
