"""The document that stands for an entry, and what a unit says of its own."""

from datetime import date
from hashlib import sha256

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.entry import (
    Entry,
    Place,
    Sealed,
    combined_hash,
    events_hash,
    facts_of,
    micros_of,
    stamp,
)
from socle.kernel.db import Database
from socle.kernel.sealing import unseal
from socle.kernel.work import record, unit_id
from socle.standards.merkle import leaf_hash
from tests.support.trail import READ, entry

# From the year 1 to the year 9999.
MICROS = st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999)
PLACE = Place(bytes(16), 3, 1_780_000_000_000_000, date(2026, 5, 28))


@given(MICROS)
def test_an_instant_is_read_back(micros: int) -> None:
    assert micros_of(stamp(micros)) == micros
    assert len(stamp(micros)) == 27


@pytest.mark.parametrize("text", ["", "2026", "2026-01-01", "2026-13-01T00:00:00.000000Z", "now"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        micros_of(text)


def test_the_document_has_sorted_keys_and_no_empty_member() -> None:
    facts = facts_of(Entry(READ, BY_SYSTEM), PLACE, Sealed())
    document = orjson.loads(facts)
    assert facts == orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    assert document == {
        "v": 1,
        "unit": "00" * 16,
        "n": 3,
        "at": "2026-05-28T20:26:40.000000Z",
        "business": "2026-05-28",
        "action": "test.read",
        "outcome": "0",
        "actor": {"kind": "system", "id": "socle", "assurance": "eidas3"},
        "door": "system",
    }


def test_the_document_holds_digests_of_what_is_sealed() -> None:
    document = orjson.loads(facts_of(entry(1), PLACE, Sealed(b"one", b"two")))
    assert document["details"] == {"subject": sha256(b"one").hexdigest(), "actor": sha256(b"two").hexdigest()}


def test_details_open_at_their_place_alone(database: Database) -> None:
    with database.unit() as unit:
        record(unit, entry(4, subject_details={"reason": "motif"}))
        place = f"audit:{unit_id(unit).hex()}:0"
    with database.reading() as session:
        row = session.fetch_one("SELECT subject_sealed, actor_sealed FROM audit_inbox")
        assert row is not None
        assert unseal(session, "record:4", place, row[0]) == {"reason": "motif"}
        assert unseal(session, "professional:p-1", place, row[1]) == {"client": "192.0.2.7"}
        with pytest.raises(Exception, match="sealed-damaged"):
            unseal(session, "record:4", place.replace(":0", ":1"), row[0])


@given(
    MICROS.filter(lambda micros: micros >= 0),
    st.lists(st.binary(max_size=5), max_size=4),
    st.lists(st.binary(max_size=5), max_size=4),
)
def test_the_hash_of_a_unit_depends_on_all_it_holds(
    micros: int, facts: list[bytes], documents: list[bytes]
) -> None:
    leaves, announced = [leaf_hash(one) for one in facts], events_hash(documents)
    whole = combined_hash(micros, leaves, len(documents), announced)
    others = [
        combined_hash(micros + 1, leaves, len(documents), announced),
        combined_hash(micros, [*leaves, leaf_hash(b"more")], len(documents), announced),
        combined_hash(micros, leaves, len(documents) + 1, announced),
        combined_hash(micros, leaves, len(documents), events_hash([*documents, b"more"])),
    ]
    assert whole not in others
    assert len(set(others)) == 4
