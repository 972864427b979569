"""A unit of work tells what it did: entries of the audit trail and events, written with it and counted together.

`record` and `emit` collect; just before the commit one row says how many entries and events the unit has, with a hash
over all of them, and everything is sent in one round trip. What is rolled back leaves nothing.
"""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from socle.kernel.audit.entry import Entry, Place, Sealed, combined_hash, events_hash, facts_of, stamp
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Unit
from socle.kernel.db.session import Statement
from socle.kernel.keyring.envelopes import key_to_seal
from socle.kernel.outbox.events import Event
from socle.kernel.outbox.waking import wake
from socle.kernel.sealing import seal
from socle.standards.merkle import leaf_hash

_UNIT = (
    "INSERT INTO audit_unit (id, at, entries, events, events_hash, combined) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
)
_ENTRY = (
    "INSERT INTO audit_inbox (unit, number, facts, subject_sealed, actor_sealed) VALUES (?1, ?2, ?3, ?4, ?5)"
)
_EVENT = "INSERT INTO outbox_inbox (id, unit, kind, lane, at, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
_AT_ONCE = 8


@cache
def _all(entries: int, events: int) -> str:
    """One statement for PostgreSQL, where each statement costs more than each row: the unit (parameters 1 to 6), its
    entries (4 parameters each after the unit's id), its events (4 each)."""
    after = 7
    parts = [
        "INSERT INTO audit_unit (id, at, entries, events, events_hash, combined) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    ]
    if entries:
        rows = [f"(?1, {_marks(after + 4 * row)})" for row in range(entries)]
        parts.append(
            f"INSERT INTO audit_inbox (unit, number, facts, subject_sealed, actor_sealed) VALUES {', '.join(rows)}"
        )
        after += 4 * entries
    if events:
        rows = [f"(?1, ?2, {_marks(after + 4 * row)})" for row in range(events)]
        parts.append(
            f"INSERT INTO outbox_inbox (unit, at, id, kind, lane, document) VALUES {', '.join(rows)}"
        )
    first = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    return f"WITH {first} {parts[-1]}"


def _marks(first: int) -> str:
    return ", ".join(f"?{number}" for number in range(first, first + 4))


def record(unit: Unit, entry: Entry) -> None:
    """Say in the audit trail what this unit does."""
    unit.attached(Ledger).entries.append(entry)


def emit(unit: Unit, event: Event) -> None:
    """Announce what this unit does; listeners hear of it after the commit."""
    unit.attached(Ledger).events.append(event)


def unit_id(unit: Unit) -> bytes:
    """The number under which this unit's entries and events are kept, 16 bytes: for the rows that want to say which
    act made them."""
    return unit.attached(Ledger).id


def _new_id() -> bytes:
    """Seven bytes of time, then nine of chance: rows written together lie together in the indexes, however many
    there are."""
    return micros().to_bytes(7, "big") + os.urandom(9)


def began(unit: bytes) -> int:
    """When the unit of this number began, in microseconds since 1970."""
    return int.from_bytes(unit[:7], "big")


_Counted = tuple[bytes, int, int, int, bytes, bytes]
"""The row of the unit: its id, its moment, how many entries and events, the hash over the events, that over all."""


@dataclass(frozen=True, slots=True)
class _Row:
    facts: bytes
    sealed: Sealed


class Ledger:
    """What one unit of work has to tell."""

    def __init__(self, unit: Unit) -> None:
        self.unit, self.id = unit, _new_id()
        self.entries: list[Entry] = []
        self.events: list[Event] = []

    def close(self) -> None:
        if not self.entries and not self.events:
            return
        self._prepare_keys()
        moment = micros()
        rows = [self._row(entry, number, moment) for number, entry in enumerate(self.entries)]
        documents = [event.document(self.id, stamp(moment)) for event in self.events]
        announced = events_hash(documents)
        combined = combined_hash(moment, [leaf_hash(row.facts) for row in rows], len(documents), announced)
        counted = (self.id, moment, len(rows), len(documents), announced, combined)
        few = max(len(rows), len(documents)) <= _AT_ONCE
        if few and self.unit.dialect.engine == "postgresql":
            self._write_at_once(counted, rows, documents)
        else:
            self.unit.execute_together(self._statements(counted, rows, documents))
        if self.events:
            wake()

    def _write_at_once(self, counted: _Counted, rows: list[_Row], documents: list[bytes]) -> None:
        values: list[Any] = [*counted]
        for number, row in enumerate(rows):
            values += (number, row.facts, row.sealed.subject, row.sealed.actor)
        for event, document in zip(self.events, documents, strict=True):
            values += (event.id, event.kind.code, event.lane, document)
        self.unit.execute_last(_all(len(rows), len(documents)), *values)

    def _statements(self, counted: _Counted, rows: list[_Row], documents: list[bytes]) -> list[Statement]:
        moment = counted[1]
        return [
            (_UNIT, counted),
            *(
                (_ENTRY, (self.id, number, row.facts, row.sealed.subject, row.sealed.actor))
                for number, row in enumerate(rows)
            ),
            *(
                (_EVENT, (event.id, self.id, event.kind.code, event.lane, moment, document))
                for event, document in zip(self.events, documents, strict=True)
            ),
        ]

    def _prepare_keys(self) -> None:
        """Keys that are made now are made in one order: two units that make the same ones never wait for each other in
        a circle."""
        of_subjects = {entry.subject for entry in self.entries if entry.subject_details}
        of_actors = {entry.by.actor.subject for entry in self.entries if entry.actor_details}
        for subject in sorted(of_subjects | of_actors):
            key_to_seal(self.unit, subject)

    def _row(self, entry: Entry, number: int, moment: int) -> _Row:
        place = Place(self.id, number, moment, business_date())
        sealed = Sealed(
            self._sealed(entry.subject, place, entry.subject_details),
            self._sealed(entry.by.actor.subject, place, entry.actor_details),
        )
        return _Row(facts_of(entry, place, sealed), sealed)

    def _sealed(self, subject: str, place: Place, details: object) -> bytes | None:
        return seal(self.unit, subject, place.name, details) if details else None
