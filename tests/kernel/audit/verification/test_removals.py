"""What removes from the trail is believed only as far as it should be: purges and erasures that nobody made here, and
dates that reach further than what went."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
import pytest

from socle.app.upgrade import UPGRADED
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit import retention
from socle.kernel.audit.entry import Coded, Entry, Place, Sealed, combined_hash, events_hash, facts_of, stamp
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.verification import Report, verify
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.outbox import actions as outbox_actions
from socle.kernel.privacy import erasure
from socle.kernel.work import _new_id
from socle.standards.merkle import leaf_hash
from tests.support.trail import act, drain, lived_in


def codes(report: Report) -> set[str]:
    return {finding.kind.code for finding in report.findings}


def inserted(db: Database, forged: Entry) -> None:
    """An act that no program of ours made: both rows written by hand, as whoever may INSERT can."""
    place = Place(_new_id(), 0, micros(), business_date())
    facts, none = facts_of(forged, place, Sealed()), events_hash([])
    combined = combined_hash(place.micros, [leaf_hash(facts)], 0, none)
    with db.unit() as unit:
        unit.execute(
            "INSERT INTO audit_unit (id, at, entries, events, events_hash, combined) VALUES (?1, ?2, 1, 0, ?3, ?4)",
            *(place.unit, place.micros, none, combined),
        )
        unit.execute("INSERT INTO audit_inbox (unit, number, facts) VALUES (?1, 0, ?2)", place.unit, facts)


def purged(size: int, before: int, **more: Any) -> Entry:
    data: Coded = {"size": size, "before": stamp(before), "keys": sha256(b"").hexdigest(), **more}
    return Entry(retention.PURGED, BY_SYSTEM, data=data)


def instant_of(db: Database, position: int) -> int:
    with db.reading() as session:
        row = session.fetch_one("SELECT at FROM audit_entry WHERE position = ?1", position)
    assert row is not None
    return int(row[0])


@pytest.fixture
def trail(database: Database) -> Database:
    """Forty entries in acts of two, then the key of their heads."""
    for number in range(20):
        act(database, number, entries=2)
    drain(database)
    return database


@pytest.mark.parametrize("more", [{}, {"master": "0" * 16, "mac": "0" * 64}], ids=["bare", "another master"])
@pytest.mark.parametrize("sequenced", [False, True])
def test_a_purge_that_nobody_made_is_found(trail: Database, sequenced: bool, more: dict[str, str]) -> None:
    with trail.reading() as session:
        head = last_head(session)
    assert head is not None
    at = instant_of(trail, 20)
    with trail.unit() as unit:
        assert unit.execute("DELETE FROM audit_entry WHERE position < 20") == 20
    inserted(trail, purged(20, at, **more))
    if sequenced:
        drain(trail)
    assert codes(verify(trail, foreign=head.checkpoint)) >= {"purge-forged", "purge-untold"}


def test_an_erasure_that_nobody_made_is_found(trail: Database) -> None:
    with trail.unit() as unit:
        assert unit.execute("UPDATE audit_entry SET actor_sealed = NULL WHERE position < 20") == 20
    data: Coded = {"reason": "request", "details": 20, "rows": 0}
    inserted(trail, Entry(erasure.ERASED, BY_SYSTEM, subject="professional:p-1", data=data))
    assert codes(verify(trail)) == {"erasure-forged", "sealed-missing"}


def test_events_that_nobody_purged_are_found(database: Database) -> None:
    lived_in(database)
    drain(database)
    data: Coded = {"before": "2099-01-01T00:00:00.000000Z", "events": 3}
    inserted(database, Entry(outbox_actions.PURGED, BY_SYSTEM, data=data))
    with database.unit() as unit:
        assert unit.execute("DELETE FROM outbox_event")
    assert codes(verify(database)) == {"purge-forged", "unit-events"}


def test_a_date_to_come_hides_nothing(trail: Database) -> None:
    """Earlier versions took any date, and wrote no authentication: such a purge is believed, and told, as far as what
    it removed goes; after the upgrade none is."""
    with trail.unit() as unit:
        assert unit.execute("DELETE FROM audit_entry WHERE position < 20") == 20
        assert unit.execute("DELETE FROM audit_unit WHERE id NOT IN (SELECT unit FROM audit_entry)") == 10
    inserted(trail, purged(20, micros() + 10**15))
    with trail.unit() as unit:
        record_vouched(unit, Entry(UPGRADED, BY_SYSTEM))
    drain(trail)
    report = verify(trail)
    assert (report.findings, report.unvouched) == ([], [41])
    act(trail, 50)
    with trail.unit() as unit:
        assert unit.execute("DELETE FROM audit_inbox") == 1
    assert codes(verify(trail)) == {"unit-incomplete"}
    inserted(trail, purged(20, micros()))
    assert codes(verify(trail)) == {"unit-incomplete", "purge-forged"}


def test_a_purge_of_nothing_hides_nothing(trail: Database) -> None:
    inserted(trail, purged(0, micros() + 10**15))
    with trail.unit() as unit:
        record_vouched(unit, Entry(UPGRADED, BY_SYSTEM))
    act(trail, 50)
    with trail.unit() as unit:
        assert unit.execute("DELETE FROM audit_inbox WHERE seq = (SELECT max(seq) FROM audit_inbox)") == 1
    assert codes(verify(trail)) == {"unit-incomplete"}


def test_a_purge_of_a_day_to_come_is_refused(trail: Database) -> None:
    with trail.unit() as unit, pytest.raises(SocleError, match="trail-purge-ahead"):
        retention.purge(unit, micros() + 60_000_000)
    assert verify(trail).floor == 0


def test_acts_after_a_purge_of_everything_are_still_counted(trail: Database) -> None:
    with trail.unit() as unit:
        retention.purge(unit, micros())
    drain(trail)
    assert verify(trail).findings == []
    act(trail, 50)
    with trail.unit() as unit:
        assert unit.execute("DELETE FROM audit_inbox") == 1
    assert codes(verify(trail)) == {"unit-incomplete"}


def test_what_was_changed_in_a_purge_is_found(trail: Database) -> None:
    """The authentication speaks of all that the entry says."""
    with trail.unit() as unit:
        retention.purge(unit, instant_of(trail, 20))
    with trail.unit() as unit:
        ((facts,),) = unit.fetch("SELECT facts FROM audit_inbox")
        unit.execute("DELETE FROM audit_inbox")
        document = orjson.loads(bytes(facts))
    data = document["data"] | {"before": stamp(micros())}
    inserted(trail, replace(purged(20, 0), data=data))
    assert "purge-forged" in codes(verify(trail))
