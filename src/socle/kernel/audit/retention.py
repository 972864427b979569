"""Retention: entries that are old enough are removed, from the beginning of the trail; their leaves stay."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry, stamp
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.introductions import keys_digest, listed_keys
from socle.kernel.audit.settings import audit_settings
from socle.kernel.clock import EPOCH, business_date, legal_zone
from socle.kernel.db import Database, Unit
from socle.kernel.periods import months_after
from socle.kernel.work import record

PURGED = action("audit.purged", Kind.DELETE, "Entrées anciennes retirées", "Old entries removed")
_FIRST = "SELECT min(position) FROM audit_entry"
_CUT = "SELECT position FROM audit_entry WHERE at >= ?1 ORDER BY position LIMIT 1"
_ENTRIES = "DELETE FROM audit_entry WHERE position < ?1"
# Rows of units begin with the time of their making, so that old ones are found without looking at the others. What
# still waits, here or in the outbox, keeps its unit.
_UNITS = (
    "DELETE FROM audit_unit WHERE id < ?1 AND at < ?2 "
    "AND NOT EXISTS (SELECT 1 FROM audit_inbox i WHERE i.unit = audit_unit.id) "
    "AND NOT EXISTS (SELECT 1 FROM outbox_inbox o WHERE o.unit = audit_unit.id) "
    "AND NOT EXISTS (SELECT 1 FROM outbox_event o WHERE o.unit = audit_unit.id)"
)


def purge_old(db: Database) -> Mapping[str, int]:
    """The daily job: what is older than the setting; nothing when it says 0."""
    months = audit_settings().keep_months
    if not months:
        return {}
    day = months_after(business_date(), -months)
    before = (datetime.combine(day, time.min, legal_zone()) - EPOCH) // timedelta(microseconds=1)
    with db.unit() as unit:
        return {"entries": purge(unit, before)}


def purge(unit: Unit, before: int, by: Acting = BY_SYSTEM) -> int:
    """Remove the entries that precede the first one of `before` (microseconds UTC) or later; how many.

    The last entry under a head always stays. The trail says what was removed, and which keys it had introduced.
    """
    head = last_head(unit)
    first = unit.fetch_one(_FIRST)
    if head is None or first is None or first[0] is None:
        return 0
    younger = unit.fetch_one(_CUT, before)
    cut = min(younger[0] if younger else head.size, head.size - 1)
    if cut <= first[0]:
        return 0
    removed = unit.execute(_ENTRIES, cut)
    units = unit.execute(_UNITS, before.to_bytes(7, "big"), before)
    data = {
        "size": cut,
        "before": stamp(before),
        "entries": removed,
        "units": units,
        "keys": keys_digest(listed_keys(unit), cut),
    }
    record(unit, Entry(PURGED, by, data=data))
    return removed
