"""Retention: entries that are old enough are removed, from the beginning of the trail; their leaves stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Coded, Entry, stamp
from socle.kernel.audit.faults import PURGE_AHEAD
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.introductions import keys_digest, listed_keys
from socle.kernel.audit.settings import audit_settings
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.clock import EPOCH, business_date, legal_zone, micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.periods import months_after

PURGED = action("audit.purged", Kind.DELETE, "Entrées anciennes retirées", "Old entries removed")
_FIRST = "SELECT min(position) FROM audit_entry"
_CUT = "SELECT position FROM audit_entry WHERE at >= ?1 ORDER BY position LIMIT 1"
_YOUNGEST = "SELECT max(at) FROM audit_entry"
_ENTRIES = "DELETE FROM audit_entry WHERE position < ?1"
# Rows of units begin with the time of their making, so that old ones are found without looking at the others. What
# still waits, here or in the outbox, keeps its unit.
_UNITS = (
    "DELETE FROM audit_unit WHERE id < ?1 AND at < ?2 "
    "AND NOT EXISTS (SELECT 1 FROM audit_inbox i WHERE i.unit = audit_unit.id) "
    "AND NOT EXISTS (SELECT 1 FROM outbox_inbox o WHERE o.unit = audit_unit.id) "
    "AND NOT EXISTS (SELECT 1 FROM outbox_event o WHERE o.unit = audit_unit.id)"
)


@dataclass(frozen=True, slots=True)
class Old:
    """What a purge takes: entries from position `first` up to `size`, which stays. `before` (microseconds UTC) is
    younger than they are, and no younger than what stays."""

    first: int
    size: int
    before: int

    @property
    def entries(self) -> int:
        return self.size - self.first


def purge_old(db: Database) -> Mapping[str, int]:
    """The daily job: what is older than the setting; nothing when it says 0."""
    before = kept_since()
    if before is None:
        return {}
    with db.unit() as unit:
        # The day of business may be ahead of the clock.
        return {"entries": purge(unit, min(before, micros()))}


def kept_since() -> int | None:
    """The first instant (microseconds UTC) that the setting keeps; None when it keeps everything."""
    months = audit_settings().keep_months
    if not months:
        return None
    day = months_after(business_date(), -months)
    return (datetime.combine(day, time.min, legal_zone()) - EPOCH) // timedelta(microseconds=1)


def old_entries(session: Session, before: int) -> Old | None:
    """What `purge` would remove; None for nothing. Raises SocleError(PURGE_AHEAD) for an instant to come: what a purge
    says of the time after the entries that it took would cover what was taken by hand."""
    if before > micros():
        raise SocleError(PURGE_AHEAD, before=stamp(before))
    head, first = last_head(session), session.fetch_one(_FIRST)
    if head is None or first is None or first[0] is None:
        return None
    younger = session.fetch_one(_CUT, before)
    if younger is None:
        # The last act stays, with all its entries.
        ((before,),) = session.fetch(_YOUNGEST)
        younger = session.fetch_one(_CUT, before)
    cut = min(younger[0] if younger else 0, head.size - 1)
    return Old(first[0], cut, before) if cut > first[0] else None


def purge(unit: Unit, before: int, by: Acting = BY_SYSTEM) -> int:
    """Remove the entries that precede the first one of `before` (microseconds UTC) or later; how many.

    The last act under a head always stays. The trail says what was removed, and which keys it had introduced. Raises
    SocleError(PURGE_AHEAD).
    """
    old = old_entries(unit, before)
    if old is None:
        return 0
    removed = unit.execute(_ENTRIES, old.size)
    units = unit.execute(_UNITS, old.before.to_bytes(7, "big"), old.before)
    data: Coded = {
        "size": old.size,
        "before": stamp(old.before),
        "entries": removed,
        "units": units,
        "keys": keys_digest(listed_keys(unit), old.size),
    }
    record_vouched(unit, Entry(PURGED, by, data=data))
    return removed
