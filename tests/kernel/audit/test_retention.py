"""Retention and erasure take away what they should, say so, and leave the proof of everything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.kernel.audit.proofs import prove_entry
from socle.kernel.audit.retention import purge
from socle.kernel.audit.verification import verify
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.sealing import unseal
from socle.kernel.work import record
from tests.support.trail import act, drain, entry, lived_in


def positions(db: Database) -> list[int]:
    with db.reading() as session:
        return [row[0] for row in session.fetch("SELECT position FROM audit_entry ORDER BY position")]


def test_old_entries_go_and_the_proof_of_the_others_stays(database: Database) -> None:
    lived_in(database)
    drain(database)
    before = micros()
    act(database, 1, entries=3)
    drain(database)
    old = positions(database)
    with database.unit() as unit:
        removed = purge(unit, before)
    assert verify(database).findings == []
    drain(database)
    report = verify(database)
    assert report.findings == []
    assert report.floor == removed == len(old) - 3
    assert positions(database) == [*old[-3:], old[-1] + 1]
    with database.reading() as session:
        assert prove_entry(session, old[-1])["position"] == old[-1]


def test_nothing_old_nothing_removed(database: Database) -> None:
    with database.unit() as unit:
        assert purge(unit, micros()) == 0
    act(database, 1, entries=3)
    drain(database)
    with database.unit() as unit:
        assert purge(unit, 0) == 0
    assert len(positions(database)) == 4


def test_the_last_entry_always_stays(database: Database) -> None:
    act(database, 1, entries=3)
    drain(database)
    with database.unit() as unit:
        assert purge(unit, micros()) == 3
    assert positions(database) == [3]
    assert verify(database).findings == []


def test_purges_follow_one_another(database: Database) -> None:
    floors = []
    for number in range(4):
        act(database, number, entries=number + 2, announced=number % 2)
        drain(database)
        with database.unit() as unit:
            purge(unit, micros())
        drain(database)
        report = verify(database)
        assert report.findings == []
        floors.append(report.floor)
    assert floors == sorted(set(floors))


@pytest.mark.parametrize("missing", [1, 20])
def test_what_was_removed_without_a_purge_is_found(database: Database, missing: int) -> None:
    act(database, 1, entries=30)
    drain(database)
    with database.unit() as unit:
        unit.execute("DELETE FROM audit_entry WHERE position < ?1", missing)
    assert {one.kind.code for one in verify(database).findings} >= {"purge-untold"}


def test_more_than_was_purged_is_found(database: Database) -> None:
    act(database, 1, entries=30)
    drain(database)
    with database.unit() as unit:
        purge(unit, micros())
    act(database, 2, entries=5)
    drain(database)
    with database.unit() as unit:
        unit.execute("DELETE FROM audit_entry WHERE position = (SELECT min(position) FROM audit_entry)")
    assert "purge-untold" in {one.kind.code for one in verify(database).findings}


def test_an_erased_person_leaves_the_trail_sound(database: Database) -> None:
    for number in range(3):
        with database.unit() as unit:
            record(unit, entry(number, subject_details={"reason": "motif"}))
        if number < 2:
            drain(database)
    erase(database, "record:1", Reason.REQUEST)
    erase(database, "professional:p-1", Reason.REQUEST)
    assert verify(database).findings == []
    drain(database)
    assert verify(database).findings == []
    with database.reading() as session:
        rows = session.fetch(
            "SELECT subject, unit, subject_sealed, actor_sealed FROM audit_entry WHERE action = ?1",
            "test.read",
        )
        assert {row[0]: (row[2] is None, row[3] is None) for row in rows} == {
            "record:0": (False, True),
            "record:1": (True, True),
            "record:2": (False, True),
        }
        kept = next(row for row in rows if row[0] == "record:0")
        place = f"audit:{bytes(kept[1]).hex()}:0"
        assert unseal(session, "record:0", place, kept[2]) == {"reason": "motif"}


def test_details_that_vanish_without_an_erasure_are_found(database: Database) -> None:
    act(database, 1, entries=4)
    drain(database)

    @settings(max_examples=4)
    @given(st.integers(0, 3))
    def check(position: int) -> None:
        with database.unit() as unit:
            row = unit.fetch_one("SELECT actor_sealed FROM audit_entry WHERE position = ?1", position)
            assert row is not None
            unit.execute("UPDATE audit_entry SET actor_sealed = NULL WHERE position = ?1", position)
        assert [one.kind.code for one in verify(database).findings] == ["sealed-missing"]
        with database.unit() as unit:
            unit.execute("UPDATE audit_entry SET actor_sealed = ?2 WHERE position = ?1", position, row[0])

    check()


def test_sealed_details_show_nothing(database: Database) -> None:
    act(database, 1)
    drain(database)
    with database.reading() as session:
        row = session.fetch_one("SELECT facts, actor_sealed FROM audit_entry WHERE position = 0")
    assert row is not None
    assert b"192.0.2.7" not in bytes(row[0]) + bytes(row[1])
