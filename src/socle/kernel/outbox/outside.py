"""Delivering to a listener that speaks with another machine: nothing is held while it does.

A first unit takes one event under a lease, which is a delivery that waits until the lease is over; a second forgets it
when it was heard. A process that is killed in between leaves a delivery that falls due again: such a listener hears an
event at least once, and tells a repetition by what it wrote down.
"""

from collections.abc import Sequence

from socle.kernel.db import Row, Unit
from socle.kernel.outbox.deliver import firsts, forget, locked, put_behind, release, sorted_out, told
from socle.kernel.outbox.heard import Heard
from socle.kernel.outbox.locks import lane_lock, take_lock
from socle.kernel.outbox.plans import by_index
from socle.kernel.outbox.states import SECOND

LEASE_SECONDS = 300
_LEASED = (
    "UPDATE outbox_delivery SET state = 'waiting', next_at = ?3 "
    "WHERE listener = ?1 AND sequence = ?2 AND state <> 'set-aside'"
)


def lease(unit: Unit, listener: str, candidates: Sequence[Row], now: int) -> Heard | None:
    """One of the candidates (sequence, lane) that comes first in its lane, for this process alone as long as the lease
    lasts; None when others have them all."""
    by_lane = locked(unit, listener, candidates)
    if not by_lane:
        return None
    by_index(unit)
    allowed, _, held = sorted_out(firsts(unit, listener, by_lane), by_lane, now)
    put_behind(unit, listener, held)
    found = told(unit, listener, sorted(allowed)[:1])
    if not found:
        return None
    event = found[0]
    unit.execute(_LEASED, listener, event.sequence, now + LEASE_SECONDS * SECOND)
    put_behind(unit, listener, {event.lane})
    return event


def settle(unit: Unit, listener: str, event: Heard) -> None:
    """It was heard: its lane goes on."""
    take_lock(unit, lane_lock(listener, event.lane))
    forget(unit, listener, [event])
    release(unit, listener, [event.lane])
