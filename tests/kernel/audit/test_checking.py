"""One entry, checked on demand: it is proven as long as nothing was changed, and each change is named."""

from dataclasses import replace

import pytest

from socle.kernel.audit.checking import check_entry
from socle.kernel.audit.heads import HeadRow, last_head
from socle.kernel.audit.verification.findings import (
    ENTRY_CHANGED,
    ENTRY_COLUMN,
    HEAD_KEY,
    HEAD_SIGNATURE,
    SEALED_CHANGED,
    TILE_CHANGED,
    FindingKind,
)
from socle.kernel.db import Database, Session
from tests.support.trail import drain, lived_in

POSITION = 277


def head_of(session: Session) -> HeadRow:
    head = last_head(session)
    assert head is not None
    return head


def found(database: Database, position: int = POSITION) -> list[FindingKind]:
    with database.snapshot() as session:
        checked = check_entry(session, head_of(session), position)
    assert checked.sound is (not checked.findings)
    return [one.kind for one in checked.findings]


@pytest.fixture
def trail(database: Database) -> Database:
    lived_in(database)
    drain(database)
    return database


def test_every_entry_of_a_sound_trail_is_proven(trail: Database) -> None:
    with trail.snapshot() as session:
        head = head_of(session)
        checked = [check_entry(session, head, position) for position in range(0, head.size, 7)]
    assert all(one.sound and one.proof is not None for one in checked)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("facts = ?2", ENTRY_CHANGED),
        ("actor = 'agent:other'", ENTRY_COLUMN),
        ("actor_sealed = ?2", SEALED_CHANGED),
    ],
)
def test_a_changed_entry_is_named(trail: Database, change: str, kind: FindingKind) -> None:
    with trail.unit() as unit:
        ((other,),) = unit.fetch("SELECT facts FROM audit_entry WHERE position = ?1", POSITION + 2)
        values = (POSITION, bytes(other)) if "?2" in change else (POSITION,)
        unit.execute(f"UPDATE audit_entry SET {change} WHERE position = ?1", *values)
    assert kind in found(trail)
    assert found(trail, POSITION + 1) == []


def test_a_tile_that_is_gone_leaves_no_proof(trail: Database) -> None:
    with trail.unit() as unit:
        unit.execute("DELETE FROM audit_tile WHERE level = 0 AND number = 1")
    assert TILE_CHANGED in found(trail)


def test_a_head_that_the_trails_key_did_not_sign_proves_nothing(trail: Database) -> None:
    with trail.snapshot() as session:
        head = head_of(session)
        moved = check_entry(
            session, replace(head, checkpoint=head.checkpoint.replace(" after", " after 1")), 3
        )
        other = check_entry(session, replace(head, signer=bytes(32)), 3)
    assert [one.kind for one in moved.findings] == [HEAD_SIGNATURE]
    assert [one.kind for one in other.findings] == [HEAD_SIGNATURE]
    with trail.unit() as unit:
        unit.execute("DELETE FROM audit_key")
    assert found(trail) == [HEAD_KEY]
