"""Proofs hold for whoever checks them by the definition, with the key and the head that they carry."""

import pytest

from socle.kernel.audit.faults import NO_ENTRY, NO_HEAD
from socle.kernel.audit.heads import last_head, read_note
from socle.kernel.audit.proofs import Proof, prove_entry, prove_since, prove_unit
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.standards.merkle import leaf_hash, proves_consistency, proves_inclusion
from socle.standards.signed_note import parse, parse_key
from tests.support.trail import act, drain


def holds(proof: Proof) -> bool:
    """The head is signed by the key, and the entry's document is under it."""
    head = read_note(proof["checkpoint"])
    leaf = leaf_hash(proof["facts"].encode())
    path = [bytes.fromhex(one) for one in proof["inclusion"]]
    signed = parse_key(proof["key"]).signs(parse(proof["checkpoint"]))
    return signed and proves_inclusion(leaf, proof["position"], head.size, path, head.root)


def test_every_entry_is_proven(database: Database) -> None:
    act(database, 1, entries=270)
    drain(database)
    with database.reading() as session:
        proofs = [prove_entry(session, position) for position in range(271)]
    assert all(map(holds, proofs))
    assert not holds(proofs[3] | {"facts": proofs[4]["facts"]})
    assert not holds(proofs[3] | {"position": 4})


def test_the_entries_of_one_act_are_proven_together(database: Database) -> None:
    act(database, 1, entries=3)
    drain(database)
    with database.reading() as session:
        row = session.fetch_one("SELECT unit FROM audit_entry WHERE position = 1")
        assert row is not None
        proofs = prove_unit(session, bytes(row[0]).hex())
    assert [proof["position"] for proof in proofs] == [0, 1, 2]
    assert all(map(holds, proofs))


def test_a_trail_goes_on_from_each_head(database: Database) -> None:
    for number in range(4):
        act(database, number, entries=number + 1)
        drain(database)
    with database.reading() as session:
        heads = [
            read_note(note) for (note,) in session.fetch("SELECT checkpoint FROM audit_head ORDER BY size")
        ]
        for earlier in heads:
            proof = prove_since(session, earlier)
            last, path = read_note(proof["checkpoint"]), [bytes.fromhex(one) for one in proof["consistency"]]
            assert proves_consistency(earlier.size, last.size, earlier.root, last.root, path)


@pytest.mark.parametrize("position", [2, 5_000])
def test_what_no_head_covers_is_not_proven(database: Database, position: int) -> None:
    with database.reading() as session, pytest.raises(SocleError) as refusal:
        prove_entry(session, 0)
    assert refusal.value.kind is NO_HEAD
    act(database, 1)
    drain(database, limit=1)
    act(database, 2)
    with database.reading() as session:
        assert last_head(session) is not None
        with pytest.raises(SocleError) as refusal:
            prove_entry(session, position)
    assert refusal.value.kind is NO_ENTRY


@pytest.mark.parametrize("unit", ["", "not hexadecimal", "00" * 16])
def test_an_unknown_act_is_not_proven(database: Database, unit: str) -> None:
    act(database, 1)
    drain(database)
    with database.reading() as session, pytest.raises(SocleError) as refusal:
        prove_unit(session, unit)
    assert refusal.value.kind is NO_ENTRY
