"""Transactions that do not reach their end leave the previous state as it was, row for row."""

import signal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.engines.fhirstore.faults import STORE_BUSY
from socle.engines.fhirstore.stores import StoreDefinition
from socle.engines.fhirstore.transactions import abandon_interrupted
from socle.engines.fhirstore.write import writing
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from tests.support.fhir_resources import Step, histories, some_changes
from tests.support.fhir_store import (
    Changes,
    as_stored,
    current_resources,
    index_rows_in_force,
    publish,
    ranged_rows,
    store_like,
    store_number,
)
from tests.support.processes import run_python

KILLED = """
import os, signal, sys
from socle.engines.fhirstore.write import writing
from socle.kernel.db import Database
from tests.support.fhir_store import store_named

db, store = Database(sys.argv[1]), store_named(sys.argv[2])
with writing(db, store, "killed") as writer:
    writer.put({"resourceType": "Practitioner", "id": "1", "active": False})
    writer.put({"resourceType": "Practitioner", "id": "new", "active": True})
    writer.delete("Organization", "1")
    writer.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write_partly(db: Database, store: StoreDefinition, wanted: Changes, flushed: int) -> None:
    """Write the changes, flush after some of them, and fail at the end."""
    with writing(db, store, "interrupted") as writer:
        for rank, ((type_name, fid), resource) in enumerate(wanted.items()):
            if resource is None:
                writer.delete(type_name, fid)
            else:
                writer.put(resource)
            if rank == flushed:
                writer.flush()
        raise InterruptedError


def states(db: Database, store: StoreDefinition) -> list[str]:
    number, _ = store_number(db, store)
    with db.reading() as session:
        rows = session.fetch(
            "SELECT state FROM fhirstore_transaction WHERE store = ?1 ORDER BY number", number
        )
    return [state for (state,) in rows]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories, lost=some_changes, flushed=st.integers(0, 14))
def test_an_interrupted_transaction_leaves_no_trace(
    database: Database, steps: list[Step], lost: Changes, flushed: int
) -> None:
    store, twin = store_like(), store_like()
    for step in steps:
        publish(database, store, step.changes, moment=step.moment)
        publish(database, twin, step.changes, moment=step.moment)
    before = ranged_rows(database, store)
    with pytest.raises(InterruptedError):
        write_partly(database, store, lost, flushed)
    assert ranged_rows(database, store) == before
    assert states(database, store) == ["published"] * len(steps) + ["abandoned"]
    counts = publish(database, store, lost)
    assert counts == publish(database, twin, lost)
    assert current_resources(database, store) == current_resources(database, twin)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories)
def test_a_store_written_anew_holds_what_its_history_left(database: Database, steps: list[Step]) -> None:
    """The index rows in force depend on what is held, and not on how it came."""
    store, anew = store_like(), store_like()
    for step in steps:
        publish(database, store, step.changes)
    live = {key: held for step in steps for key, held in step.changes.items()}
    publish(database, anew, {key: held for key, held in live.items() if held is not None})
    assert index_rows_in_force(database, store) == index_rows_in_force(database, anew)
    assert current_resources(database, store) == {
        key: as_stored(held) for key, held in live.items() if held is not None
    }


def test_a_writer_that_was_killed_leaves_the_previous_state(database: Database, database_url: str) -> None:
    store = store_like()
    kept: Changes = {
        ("Practitioner", "1"): {"resourceType": "Practitioner", "id": "1", "active": True},
        ("Organization", "1"): {"resourceType": "Organization", "id": "1", "name": "A"},
    }
    publish(database, store, kept)
    before, resources = ranged_rows(database, store), current_resources(database, store)
    ended = run_python(KILLED, database_url, store.name)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert ranged_rows(database, store) != before
    assert current_resources(database, store) == resources
    with pytest.raises(SocleError) as refused, writing(database, store, "next"):
        pass
    assert refused.value.kind is STORE_BUSY
    assert len(abandon_interrupted(database, store)) == 1
    assert ranged_rows(database, store) == before
    assert publish(database, store, kept).unchanged == 2
    assert abandon_interrupted(database, store) == []
