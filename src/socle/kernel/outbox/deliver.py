"""Delivering: a listener hears some events of some lanes in one unit, and their deliveries are deleted with what it
wrote.

Whoever delivers on a lane holds the lane's lock for the whole transaction and looks again once it has it: two workers,
in one process or in several, never deliver on one lane at once, and one that is killed leaves everything as it was.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from time import monotonic

from socle.kernel.db import Row, Unit
from socle.kernel.outbox.actions import PARKED
from socle.kernel.outbox.events import Event
from socle.kernel.outbox.heard import Heard, Hearing
from socle.kernel.outbox.locks import lane_lock, try_locks
from socle.kernel.outbox.plans import by_index
from socle.kernel.outbox.states import Patience, State
from socle.kernel.work import emit

BATCH = 200
# A unit holds the writer of SQLite: other acts wait this long at most, and one event more.
_SECONDS_A_UNIT = 0.05
# The two kinds that can be delivered now, each by its own range of the index.
DUE = (
    "SELECT sequence, lane FROM outbox_delivery "
    "WHERE state = 'waiting' AND listener = ?1 AND next_at <= ?2 ORDER BY next_at, sequence LIMIT ?3"
)
READY = (
    "SELECT sequence, lane FROM outbox_delivery "
    "WHERE state = 'ready' AND listener = ?1 ORDER BY next_at, sequence LIMIT ?2"
)
_LOWEST = (
    "SELECT (SELECT d.sequence FROM outbox_delivery d WHERE d.listener = ?1 AND d.lane = {lane} "
    "AND d.state <> 'set-aside' ORDER BY d.sequence LIMIT 1) FROM {lanes}"
)
_LANES = {
    "sqlite": {"lane": "wanted.value", "lanes": "json_each(?2) AS wanted"},
    "postgresql": {"lane": "wanted.lane", "lanes": "unnest(?2::text[]) AS wanted (lane)"},
}
# The numbers lead to the rows; the listener is written as an expression, because PostgreSQL, as long as it knows
# nothing of the table, takes it for the better index and reads all that the listener has still to hear.
_OF_LISTENER = "listener || '' = ?1"
_FIRSTS = f"SELECT lane, sequence, state, next_at FROM outbox_delivery WHERE {_OF_LISTENER} AND {{among}}"
_TOLD = (
    "SELECT e.sequence, e.id, e.unit, e.kind, e.lane, e.at, e.document "
    "FROM outbox_delivery d JOIN outbox_event e ON e.sequence = d.sequence "
    f"WHERE d.{_OF_LISTENER} AND d.state <> 'set-aside' AND {{among}} ORDER BY e.sequence"
)
_HEARD = f"DELETE FROM outbox_delivery WHERE {_OF_LISTENER} AND {{among}}"
_BEHIND = "UPDATE outbox_delivery SET state = 'behind' WHERE listener = ?1 AND {among} AND state = 'ready'"
_RELEASED = "UPDATE outbox_delivery SET state = 'ready' WHERE listener = ?1 AND {among} AND state = 'behind'"
_FAILING = "SELECT tries, state FROM outbox_delivery WHERE listener = ?1 AND sequence = ?2"
_FAILED = (
    "UPDATE outbox_delivery SET state = ?3, tries = ?4, next_at = ?5, last_error = ?6 "
    "WHERE listener = ?1 AND sequence = ?2"
)


@dataclass(slots=True)
class Attempt:
    """One try at a few deliveries, told to who called even when the unit was rolled back: `taken` are those that it
    took on, `heard` how many of them the listener has heard without failing."""

    taken: list[Heard] = field(default_factory=list)
    heard: int = 0

    def narrower(self) -> int:
        """How many deliveries to try next, after a failure: those that went well before the one that failed, or half
        of them when the commit failed; 0 when the first one is to blame."""
        return self.heard if self.heard < len(self.taken) else len(self.taken) // 2


def deliver(unit: Unit, to: Hearing, candidates: Sequence[Row], now: int, attempt: Attempt) -> bool:
    """Let the listener hear those of the candidates (sequence, lane) that come first in their lanes; False when it
    could do nothing, which others are then doing.

    What the listener raises comes through, and the unit with everything in it is rolled back.
    """
    by_lane = locked(unit, to.name, candidates)
    if not by_lane:
        return False
    by_index(unit)
    allowed, released, held = sorted_out(firsts(unit, to.name, by_lane), by_lane, now)
    put_behind(unit, to.name, held)
    attempt.taken = told(unit, to.name, allowed)
    ends = monotonic() + _SECONDS_A_UNIT
    for event in attempt.taken:
        if attempt.heard and monotonic() > ends:
            break
        to.handler(unit, event)
        attempt.heard += 1
    del attempt.taken[attempt.heard :]
    forget(unit, to.name, attempt.taken)
    release(unit, to.name, released & {event.lane for event in attempt.taken})
    return bool(attempt.taken or held)


def hold_back(
    unit: Unit, listener: str, event: Heard, error: str, patience: Patience, now: int
) -> State | None:
    """Note that the listener failed at the first event of a lane: it waits, or is parked, with its lane behind it.

    None when somebody else holds the lane, or has dealt with the event in the meantime.
    """
    if not try_locks(unit, [lane_lock(listener, event.lane)]):
        return None
    row = unit.fetch_one(_FAILING, listener, event.sequence)
    if row is None or row[1] not in (State.READY, State.WAITING, State.BEHIND):
        return None
    state, next_at = patience.after(row[0] + 1, now)
    unit.execute(_FAILED, listener, event.sequence, state.value, row[0] + 1, next_at, error)
    put_behind(unit, listener, {event.lane})
    # Who fails at this very news would make more of it.
    if state is State.PARKED and event.kind != PARKED.code:
        told = {"listener": listener, "sequence": event.sequence, "event": event.kind}
        emit(unit, Event(PARKED, f"listener:{listener}", told))
    return state


def release(unit: Unit, listener: str, lanes: Collection[str]) -> None:
    """What stood behind the first of these lanes can be delivered; the caller holds their locks."""
    if lanes:
        which = unit.dialect.among_texts("lane", 2)
        unit.execute(_RELEASED.format(among=which), listener, unit.dialect.listed(list(lanes)))


def locked(unit: Unit, listener: str, candidates: Sequence[Row]) -> dict[str, list[int]]:
    """The candidates by lane, in order, for the lanes that this unit now holds."""
    by_lane: dict[str, list[int]] = defaultdict(list)
    for sequence, lane in sorted(candidates):
        by_lane[lane].append(sequence)
    locks = {lane_lock(listener, lane): lane for lane in by_lane}
    return {locks[name]: by_lane[locks[name]] for name in try_locks(unit, locks)}


def firsts(unit: Unit, listener: str, lanes: Collection[str]) -> list[Row]:
    """(lane, sequence, state, next_at) of what stands first in each lane."""
    dialect = unit.dialect
    lowest = unit.fetch(_LOWEST.format(**_LANES[dialect.engine]), listener, dialect.listed(list(lanes)))
    sequences = [sequence for (sequence,) in lowest if sequence is not None]
    return unit.fetch(
        _FIRSTS.format(among=dialect.among_ints("sequence", 2)), listener, dialect.listed(sequences)
    )


def sorted_out(
    firsts: Sequence[Row], by_lane: dict[str, list[int]], now: int
) -> tuple[list[int], set[str], set[str]]:
    """What can be delivered; the lanes that this frees; the lanes that are held.

    Candidates were read before the locks were held. Those of a lane count only when they begin with its first delivery
    and that one is ready, in which case all of the lane is; of a lane that waited, the first alone.
    """
    allowed: list[int] = []
    released: set[str] = set()
    held: set[str] = set()
    for lane, first, state, next_at in firsts:
        if state == State.PARKED or (state == State.WAITING and next_at > now):
            held.add(lane)
        elif state == State.READY:
            allowed += by_lane[lane] if by_lane[lane][0] == first else []
        else:
            allowed.append(first)
            released.add(lane)
    return allowed, released, held


def told(unit: Unit, listener: str, sequences: list[int]) -> list[Heard]:
    if not sequences:
        return []
    sql = _TOLD.format(among=unit.dialect.among_ints("d.sequence", 2))
    return [Heard(*row) for row in unit.fetch(sql, listener, unit.dialect.listed(sequences))]


def forget(unit: Unit, listener: str, heard: Sequence[Heard]) -> None:
    if heard:
        sql = _HEARD.format(among=unit.dialect.among_ints("sequence", 2))
        unit.execute(sql, listener, unit.dialect.listed([event.sequence for event in heard]))


def put_behind(unit: Unit, listener: str, lanes: Collection[str]) -> None:
    """What is ready in these lanes waits for what is held before it."""
    if lanes:
        which = unit.dialect.among_texts("lane", 2)
        unit.execute(_BEHIND.format(among=which), listener, unit.dialect.listed(list(lanes)))
