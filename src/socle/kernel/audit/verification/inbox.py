"""Entries that no head covers yet: they are judged like the others, but for their place in the tree."""

from collections.abc import Iterator

from socle.kernel.audit.entry import micros_of
from socle.kernel.audit.verification.documents import Lacking, read, wrong_columns, wrong_sealed
from socle.kernel.audit.verification.findings import ENTRY_UNREADABLE, UNIT_INCOMPLETE, Finding
from socle.kernel.audit.verification.ranges import RangeFound
from socle.kernel.audit.verification.telling import Told
from socle.kernel.audit.verification.units import Gathered, UnitRow, unit_place
from socle.kernel.db import Row, Session
from socle.standards.merkle import leaf_hash

_PAGE = 5_000
FIRST = -(2**63)
_ROWS = (
    "SELECT i.seq, i.unit, i.number, i.facts, i.subject_sealed, i.actor_sealed, "
    "u.at, u.entries, u.events, u.events_hash, u.combined "
    "FROM audit_inbox i LEFT JOIN audit_unit u ON u.id = i.unit WHERE i.seq > ?1 ORDER BY i.seq LIMIT ?2"
)
# An entry that waits twice, or that was logged already, makes its unit count too many.
_TOO_MANY = (
    "SELECT i.unit, u.entries, count(*) + (SELECT count(*) FROM audit_entry e WHERE e.unit = i.unit) "
    "FROM audit_inbox i JOIN audit_unit u ON u.id = i.unit GROUP BY i.unit, u.entries"
)


def check_inbox(session: Session, told: Told, found: RangeFound, size: int) -> Iterator[Finding]:
    """What waits counts as standing after position `size`, in its order."""
    after, position = FIRST, size
    while rows := session.fetch(_ROWS, after, _PAGE):
        for row in rows:
            yield from _check(row, position, told, found)
            position += 1
        after = rows[-1][0]
    for unit, entries, met in session.fetch(_TOO_MANY):
        if met > entries:
            yield Finding(
                UNIT_INCOMPLETE, unit_place(bytes(unit)), (("found", str(met)), ("told", str(entries)))
            )


def _check(row: Row, position: int, told: Told, found: RangeFound) -> Iterator[Finding]:
    seq, unit, number, facts, subject_sealed, actor_sealed, *counted = row
    unit, facts, place = bytes(unit), bytes(facts), f"waiting {seq}"
    document = read(facts)
    at = _instant(document["at"]) if document else 0
    unit_row = None if counted[0] is None else UnitRow(*counted)
    found.units.add(unit, Gathered(unit_row, at, [number], [leaf_hash(facts)]))
    if document is None:
        yield Finding(ENTRY_UNREADABLE, place)
        return
    yield from wrong_columns(place, document, {"unit": unit.hex(), "number": str(number)})
    for wrong in wrong_sealed(place, document, (subject_sealed, actor_sealed)):
        if isinstance(wrong, Lacking):
            found.unsealed.append((position, wrong))
        else:
            yield wrong
    if document["action"] in told.listens_to:
        told.hear(position, facts)


def _instant(stamped: str) -> int:
    try:
        return micros_of(stamped)
    except ValueError:
        return 0
