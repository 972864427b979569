"""Small real trails: acts recorded through the kernel, sequenced, signed by the keyring."""

from typing import Any

from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.audit import actions
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.sequencer import sequence
from socle.kernel.db import Database
from socle.kernel.keyring.signing import rotate
from socle.kernel.outbox import events
from socle.kernel.outbox.dispatch import dispatch
from socle.kernel.work import emit, record

READ = actions.CATALOGUE.get("test.read") or actions.action("test.read", actions.Kind.READ, "Lu", "Read")
TOLD = events.CATALOGUE.get("test.told.1") or events.event_kind("test.told.1", "Dit", "Told", number="which")
DOCTOR = Actor(ActorKind.PROFESSIONAL, "p-1", Assurance.SUBSTANTIAL, organisation="o-1")
BY_DOCTOR = Acting(DOCTOR, door="/fhir/v2", request="r-1", purpose="TREAT", client="192.0.2.7")


def entry(number: int, **members: Any) -> Entry:
    """One reading of one record by the doctor, its machine's address sealed."""
    told: dict[str, Any] = {
        "subject": f"record:{number}",
        "target": f"DocumentReference/{number}",
        "data": {"count": number, "found": True},
        "actor_details": {"client": "192.0.2.7"},
    }
    return Entry(READ, BY_DOCTOR, **(told | members))


def act(db: Database, number: int, entries: int = 1, announced: int = 0) -> None:
    """One unit with so many entries and events."""
    with db.unit() as unit:
        for place in range(entries):
            record(unit, entry(number, data={"count": number, "place": place}))
        for _ in range(announced):
            emit(unit, events.Event(TOLD, f"record:{number}", {"number": number}))


def drain(db: Database, limit: int = 5_000) -> int:
    """Sequence what waits; how many entries."""
    moved = 0
    while count := sequence(db, limit=limit):
        moved += count
    return moved


def lived_in(db: Database) -> None:
    """A trail that has seen a bit of everything: many heads, two keys, units of several entries and of none, events
    dispatched and waiting, details of subjects and of actors, entries that no head covers yet."""
    with db.unit() as unit:
        for number in range(270):
            record(unit, entry(number, actor_details=None))
    drain(db, limit=200)
    for number in range(6):
        act(db, number, entries=number % 3 + 1, announced=number % 2)
        drain(db)
    with db.unit() as unit:
        record(unit, entry(7, subject_details={"reason": "motif"}))
        rotate(unit, "audit-head")
    drain(db)
    with db.unit() as unit:
        rotate(unit, "audit-head", forced=True)
    drain(db)
    act(db, 8, entries=0, announced=2)
    with db.unit() as unit:
        dispatch(unit, [])
    act(db, 9, entries=2, announced=1)
    drain(db)
    act(db, 10, entries=2, announced=1)
    act(db, 11)
