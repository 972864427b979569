"""What a unit of work tells: its entries and events, counted and hashed together, kept only with the act itself."""

import asyncio
import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry, combined_hash, events_hash
from socle.kernel.db import Database, Unit
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.work import emit, record, unit_id
from socle.standards.merkle import leaf_hash

DONE = action("test.done", Kind.EXECUTE, "Fait", "Done")
TOLD = event_kind("test.done.1", "Fait", "Done", number="which one")


def act(unit: Unit, number: int) -> bytes:
    record(unit, Entry(DONE, BY_SYSTEM, target=f"Thing/{number}", data={"number": number}))
    record(unit, Entry(DONE, BY_SYSTEM, subject="record:1", subject_details={"name": "Exemple"}))
    emit(unit, Event(TOLD, "thing:1", {"number": number}))
    return unit_id(unit)


def test_a_unit_says_how_much_it_has_to_tell(database: Database) -> None:
    with database.unit() as unit:
        mark = act(unit, 1)
    with database.reading() as session:
        (one,) = session.fetch("SELECT id, at, entries, events, combined FROM audit_unit")
        entries = session.fetch("SELECT unit, number, facts FROM audit_inbox ORDER BY seq")
        events = session.fetch("SELECT unit, kind, lane, document FROM outbox_inbox ORDER BY seq")
    id, at, *counts, combined = one
    announced = events_hash([bytes(document) for *_, document in events])
    leaves = [leaf_hash(bytes(facts)) for _, _, facts in entries]
    assert (bytes(id), counts) == (mark, [2, 1])
    assert bytes(combined) == combined_hash(at, leaves, 1, announced)
    assert [(bytes(of), number) for of, number, _ in entries] == [(mark, 0), (mark, 1)]
    assert [(bytes(of), kind, lane) for of, kind, lane, _ in events] == [(mark, "test.done.1", "thing:1")]


def test_what_is_rolled_back_tells_nothing(database: Database) -> None:
    def failing(unit: Unit) -> None:
        act(unit, 1)
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(database.run(failing))
    asyncio.run(database.run(act, 2))
    with database.reading() as session:
        (units,) = session.fetch("SELECT COUNT(*) FROM audit_unit")
        (facts, _) = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    assert units == (1,)
    assert json.loads(facts[0])["data"] == {"number": 2}


def test_a_unit_that_tells_nothing_leaves_no_row(database: Database) -> None:
    with database.unit() as unit:
        assert len(unit_id(unit)) == 16
    with database.reading() as session:
        assert session.fetch("SELECT id FROM audit_unit") == []


def test_details_are_sealed_and_only_their_digest_is_told(database: Database) -> None:
    with database.unit() as unit:
        act(unit, 1)
    with database.reading() as session:
        _, (facts, sealed) = session.fetch("SELECT facts, subject_sealed FROM audit_inbox ORDER BY seq")
    assert b"Exemple" not in bytes(facts) + bytes(sealed)
    assert json.loads(facts)["details"] == {"subject": sha256(bytes(sealed)).hexdigest()}


def test_an_event_has_the_members_of_its_kind() -> None:
    with pytest.raises(ValueError, match=r"test\.done\.1: got the members other; expected number"):
        Event(TOLD, "thing:1", {"other": 1})


documents = st.lists(st.binary(max_size=4), max_size=4)
units = st.tuples(st.integers(0, 2), documents, documents)


@given(one=units, other=units)
def test_two_units_have_the_same_hash_only_when_they_tell_the_same(
    one: tuple[int, list[bytes], list[bytes]], other: tuple[int, list[bytes], list[bytes]]
) -> None:
    def hashed(micros: int, facts: list[bytes], events: list[bytes]) -> bytes:
        return combined_hash(micros, [leaf_hash(fact) for fact in facts], len(events), events_hash(events))

    assert (hashed(*one) == hashed(*other)) is (one == other)
