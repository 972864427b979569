"""Acts of operators on deliveries that wait or are parked, and the removal of old events.

Each act of an operator raises Refused for who may not operate the outbox, whatever the door checked.
"""

from dataclasses import replace
from itertools import takewhile

from socle.kernel.access import require
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Action
from socle.kernel.audit.entry import Coded, Entry, stamp
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.db import Row, Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox import actions
from socle.kernel.outbox.deliver import put_behind, release
from socle.kernel.outbox.faults import NOT_HELD, REASON_MISSING, TOO_LATE
from socle.kernel.outbox.locks import lane_lock, take_lock, try_locks
from socle.kernel.outbox.roles import OPERATE
from socle.kernel.outbox.states import State
from socle.kernel.work import record

_FIND = "SELECT lane, state, tries FROM outbox_delivery WHERE listener = ?1 AND sequence = ?2"
_TRY_AGAIN = (
    "UPDATE outbox_delivery SET state = 'waiting', tries = 0, next_at = 0 "
    "WHERE listener = ?1 AND sequence = ?2"
)
_SET_ASIDE = "UPDATE outbox_delivery SET state = 'set-aside' WHERE listener = ?1 AND sequence = ?2"
_TAKE_BACK = "UPDATE outbox_delivery SET state = 'parked' WHERE listener = ?1 AND sequence = ?2 AND state = 'set-aside'"
# What follows in the lane, and whether it still waits for this listener in its place.
_AFTER = (
    "SELECT COUNT(*), SUM(CASE WHEN d.state IN ('ready', 'set-aside') THEN 1 ELSE 0 END) FROM outbox_event e "
    "LEFT JOIN outbox_delivery d ON d.sequence = e.sequence AND d.listener = ?1 "
    "WHERE e.sequence > ?2 AND e.lane = ?3"
)
_PURGED_TOGETHER = 1_000
# Units go as a whole: the trail counts the events of each.
_OLD = (
    "SELECT e.unit, e.sequence FROM outbox_event e WHERE e.at < ?1 AND NOT EXISTS ("
    "SELECT 1 FROM outbox_event o JOIN outbox_delivery d ON d.sequence = o.sequence "
    "WHERE o.unit = e.unit AND d.state <> 'set-aside') ORDER BY e.at, e.unit, e.sequence LIMIT ?2"
)


def retry(unit: Unit, by: Acting, listener: str, sequence: int) -> None:
    """Try a held delivery again at once, with all its tries before it. Raises Refused, SocleError(NOT_HELD)."""
    require(by, OPERATE)
    _, tries = _held(unit, listener, sequence)
    # The lane stays behind it until it is delivered.
    unit.execute(_TRY_AGAIN, listener, sequence)
    record(unit, _entry(actions.RETRIED, by, listener, sequence, tries))


def set_aside(unit: Unit, by: Acting, listener: str, sequence: int, reason: str) -> None:
    """Give up a held delivery, so that its lane goes on without it. The listener never hears the event.

    Raises Refused, SocleError: NOT_HELD, REASON_MISSING.
    """
    require(by, OPERATE)
    if not reason.strip():
        raise SocleError(REASON_MISSING)
    lane, tries = _held(unit, listener, sequence)
    unit.execute(_SET_ASIDE, listener, sequence)
    release(unit, listener, [lane])
    entry = _entry(actions.SET_ASIDE, by, listener, sequence, tries)
    record(unit, replace(entry, actor_details={"reason": reason.strip()}))


def take_back(unit: Unit, by: Acting, listener: str, sequence: int) -> None:
    """Park again what was set aside, with its lane behind it, as long as nothing of its lane has passed it.

    Raises Refused, SocleError(TOO_LATE).
    """
    require(by, OPERATE)
    row = unit.fetch_one(_FIND, listener, sequence)
    if row is None:
        raise SocleError(TOO_LATE, listener=listener, sequence=sequence)
    lane, tries = row[0], row[2]
    take_lock(unit, lane_lock(listener, lane))
    ((after, waiting),) = unit.fetch(_AFTER, listener, sequence, lane)
    if after != (waiting or 0) or not unit.execute(_TAKE_BACK, listener, sequence):
        raise SocleError(TOO_LATE, listener=listener, sequence=sequence)
    put_behind(unit, listener, [lane])
    record(unit, _entry(actions.TAKEN_BACK, by, listener, sequence, tries))


def purge(unit: Unit, before: int, limit: int = _PURGED_TOGETHER) -> int:
    """Remove events announced before this instant (microseconds) that every listener has heard; how many, 0 when there
    are no more. Those that were set aside go too: the trail keeps that they were."""
    if not try_locks(unit, ["outbox:purge"]):
        return 0
    rows = _whole_units(unit.fetch(_OLD, before, limit), limit)
    if not rows:
        return 0
    which, numbers = unit.dialect.among_ints("sequence", 1), unit.dialect.listed([row[1] for row in rows])
    unit.execute(f"DELETE FROM outbox_delivery WHERE {which}", numbers)
    unit.execute(f"DELETE FROM outbox_event WHERE {which}", numbers)
    data: Coded = {"before": stamp(before), "events": len(rows)}
    record_vouched(unit, Entry(actions.PURGED, BY_SYSTEM, data=data))
    return len(rows)


def _whole_units(rows: list[Row], limit: int) -> list[Row]:
    """Without the last unit when the limit may have cut it; a unit that alone passes the limit goes in pieces."""
    if len(rows) < limit:
        return rows
    last = rows[-1][0]
    return list(takewhile(lambda row: row[0] != last, rows)) or rows


def _held(unit: Unit, listener: str, sequence: int) -> tuple[str, int]:
    """Lane and tries of a delivery that waits or is parked, once its lane is held by this unit."""
    row = unit.fetch_one(_FIND, listener, sequence)
    if row is not None:
        take_lock(unit, lane_lock(listener, row[0]))
        row = unit.fetch_one(_FIND, listener, sequence)
    if row is None or row[1] not in (State.WAITING, State.PARKED):
        raise SocleError(NOT_HELD, listener=listener, sequence=sequence)
    return row[0], row[2]


def _entry(action: Action, by: Acting, listener: str, sequence: int, tries: int) -> Entry:
    data: Coded = {"listener": listener, "sequence": sequence, "tries": tries}
    return Entry(action, by, target=f"Delivery/{listener}:{sequence}", data=data)
