"""Proofs that a person can take away: an entry is in the trail, a trail goes on from a head held elsewhere.

Each is one JSON document with the signed head, the public key that signed it, and hashes in hexadecimal: it can be
checked without this program (RFC 9162 §2.1.3.2 and §2.1.4.2).
"""

from typing import Any

from socle.kernel.audit.faults import NO_ENTRY, NO_HEAD
from socle.kernel.audit.heads import Head, HeadRow, last_head, read_note
from socle.kernel.audit.tiles import tile_tree
from socle.kernel.db import Session
from socle.kernel.errors import SocleError
from socle.standards.merkle import consistency_proof, inclusion_proof, leaf_hash
from socle.standards.signed_note import NoteKey

Proof = dict[str, Any]
_FACTS = "SELECT facts FROM audit_entry WHERE position = ?1"
_OF_UNIT = "SELECT position FROM audit_entry WHERE unit = ?1 ORDER BY position"


def covering_head(session: Session) -> HeadRow:
    """The last head. Raises SocleError(NO_HEAD)."""
    head = last_head(session)
    if head is None:
        raise SocleError(NO_HEAD)
    return head


def prove_entry(session: Session, position: int) -> Proof:
    """That the entry at `position` is under the last head. Raises SocleError(NO_HEAD) or SocleError(NO_ENTRY)."""
    head = covering_head(session)
    row = session.fetch_one(_FACTS, position)
    if row is None or position >= head.size:
        raise SocleError(NO_ENTRY, asked=position, size=head.size)
    facts = bytes(row[0])
    path = inclusion_proof(tile_tree(session).node, position, head.size)
    return {
        **_told(head),
        "position": position,
        "facts": facts.decode(errors="replace"),
        "leaf": leaf_hash(facts).hex(),
        "inclusion": [one.hex() for one in path],
    }


def prove_unit(session: Session, unit: str) -> list[Proof]:
    """The entries of one act, each proven. `unit` is in hexadecimal. Raises SocleError(NO_HEAD) or
    SocleError(NO_ENTRY)."""
    head = covering_head(session)
    try:
        rows = session.fetch(_OF_UNIT, bytes.fromhex(unit))
    except ValueError:
        rows = []
    if not rows:
        raise SocleError(NO_ENTRY, asked=unit, size=head.size)
    return [prove_entry(session, position) for (position,) in rows]


def prove_since(session: Session, earlier: Head) -> Proof:
    """That the trail under the last head begins with the one under `earlier`. Raises SocleError(NO_HEAD), or
    SocleError(NO_ENTRY) when the trail is shorter."""
    head = covering_head(session)
    if not 0 < earlier.size <= head.size:
        raise SocleError(NO_ENTRY, asked=earlier.size, size=head.size)
    path = consistency_proof(tile_tree(session).node, earlier.size, head.size)
    return {**_told(head), "since": earlier.size, "consistency": [one.hex() for one in path]}


def _told(head: HeadRow) -> Proof:
    origin = read_note(head.checkpoint).origin
    return {"checkpoint": head.checkpoint, "key": NoteKey(origin, head.signer).line, "size": head.size}
