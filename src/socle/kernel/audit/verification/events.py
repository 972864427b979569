"""Units that no entry led to, and events against the units that announced them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from socle.kernel.audit.entry import events_hash
from socle.kernel.audit.verification.findings import (
    UNIT_CHANGED,
    UNIT_EVENTS,
    UNIT_INCOMPLETE,
    UNIT_MISSING,
    Finding,
)
from socle.kernel.audit.verification.telling import Told
from socle.kernel.audit.verification.units import UnitRow, Units, is_whole, unit_place
from socle.kernel.db import Row, Session

_PAGE = 5_000
_SHOWN = 100
_COUNT = "SELECT count(*) FROM audit_unit WHERE entries > 0"
_WITHOUT_ENTRY = (
    "SELECT id, entries FROM audit_unit u WHERE entries > 0 AND at >= ?1 "
    "AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.unit = u.id) "
    "AND NOT EXISTS (SELECT 1 FROM audit_inbox i WHERE i.unit = u.id) ORDER BY id LIMIT ?2"
)
_SILENT = (
    "SELECT id, at, entries, events, events_hash, combined FROM audit_unit "
    "WHERE entries <= 0 AND id > ?1 ORDER BY id LIMIT ?2"
)
_ANNOUNCING = (
    "SELECT id, at, events, events_hash FROM audit_unit WHERE events <> 0 AND id > ?1 ORDER BY id LIMIT ?2"
)
_HELD = (
    "SELECT unit, document FROM outbox_event WHERE unit >= ?1 AND unit <= ?2 ORDER BY unit, sequence",
    "SELECT unit, document FROM outbox_inbox WHERE unit >= ?1 AND unit <= ?2 ORDER BY unit, seq",
)
_STRANGE = (
    "SELECT DISTINCT unit FROM {table} o WHERE NOT EXISTS "
    "(SELECT 1 FROM audit_unit u WHERE u.id = o.unit AND u.events > 0) LIMIT 100"
)


def check_units(session: Session, units: Units, told: Told) -> Iterator[Finding]:
    """Units that announce entries and have none, and those that have only events."""
    yield from units.findings
    yield from units.end(told.purged_before)
    row = session.fetch_one(_COUNT)
    if row is not None and row[0] != units.complete:
        for unit, entries in session.fetch(_WITHOUT_ENTRY, told.purged_before, _SHOWN):
            told_entries = (("found", "0"), ("told", str(entries)))
            yield Finding(UNIT_INCOMPLETE, unit_place(bytes(unit)), told_entries)
    for unit, *counted in _pages(session, _SILENT):
        if not is_whole(UnitRow(*counted), ()) or counted[1] < 0:
            yield Finding(UNIT_CHANGED, unit_place(bytes(unit)))


def check_events(session: Session, told: Told) -> tuple[int, list[Finding]]:
    """How many events were compared, and what is wrong. Events that the outbox may have purged need not be there."""
    compared = 0
    findings: list[Finding] = []
    after = b""
    while rows := session.fetch(_ANNOUNCING, after, _PAGE):
        first, after = bytes(rows[0][0]), bytes(rows[-1][0])
        held = _held(session, first, after)
        compared += sum(map(len, held.values()))
        findings += _wrong_events(rows, held, told.events_purged_before)
    for table in ("outbox_event", "outbox_inbox"):
        for (unit,) in session.fetch(_STRANGE.format(table=table)):
            findings.append(Finding(UNIT_MISSING, unit_place(bytes(unit))))
    return compared, findings


def _held(session: Session, first: bytes, last: bytes) -> dict[bytes, list[bytes]]:
    """The events of these units that the outbox still has, in their order."""
    held: dict[bytes, list[bytes]] = defaultdict(list)
    for sql in _HELD:
        for unit, document in session.fetch(sql, first, last):
            held[bytes(unit)].append(bytes(document))
    return held


def _wrong_events(
    rows: Iterable[Row], held: dict[bytes, list[bytes]], purged_before: int
) -> Iterator[Finding]:
    for unit, at, events, digest in rows:
        documents = held.get(bytes(unit), [])
        if at < purged_before and len(documents) < events:
            continue
        if len(documents) != events or events_hash(documents) != bytes(digest):
            yield Finding(UNIT_EVENTS, unit_place(bytes(unit)))


def _pages(session: Session, sql: str) -> Iterator[Row]:
    after = b""
    while rows := session.fetch(sql, after, _PAGE):
        yield from rows
        after = bytes(rows[-1][0])
