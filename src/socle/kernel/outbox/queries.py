"""What operators look at: held deliveries, the state of each listener, ages.

Plain values, for pages, for `/metrics` and for the command line.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from socle.kernel.db import Session
from socle.kernel.errors import SocleError
from socle.kernel.outbox.faults import DELIVERY_UNKNOWN
from socle.kernel.outbox.states import SECOND, State

_COLUMNS = (
    "SELECT d.listener, d.sequence, d.lane, d.state, d.tries, d.next_at, d.last_error, e.kind, e.at, "
    "(SELECT COUNT(*) FROM outbox_delivery b WHERE b.listener = d.listener AND b.lane = d.lane "
    "AND b.state = 'behind')"
)
_DELIVERIES = "FROM outbox_delivery d JOIN outbox_event e ON e.sequence = d.sequence"
_CHOSEN = "WHERE d.state = ?1 AND (?2 = '' OR d.listener = ?2) AND (?3 = '' OR e.kind = ?3)"
# Numbers are given in the order of the announcements: the oldest first.
_HELD = f"{_COLUMNS} {_DELIVERIES} {_CHOSEN} ORDER BY d.sequence, d.listener LIMIT ?4 OFFSET ?5"
_COUNT = f"SELECT COUNT(*) {_DELIVERIES} {_CHOSEN}"
_NAMES = f"SELECT DISTINCT d.listener, e.kind {_DELIVERIES} WHERE d.state = ?1"
_ONE = f"{_COLUMNS}, e.document {_DELIVERIES} WHERE d.listener = ?1 AND d.sequence = ?2"
_BY_LISTENER = (
    "SELECT g.listener, g.state, g.number, e.at FROM (SELECT listener, state, COUNT(*) AS number, "
    "MIN(sequence) AS first FROM outbox_delivery GROUP BY listener, state) AS g "
    "JOIN outbox_event e ON e.sequence = g.first ORDER BY g.listener"
)
_INBOX = "SELECT COUNT(*), MIN(at) FROM outbox_inbox"
_LAST = "SELECT last FROM outbox_counter"


@dataclass(frozen=True, slots=True)
class Held:
    """One delivery that waits or is parked; `behind` is how many of its lane stand behind it."""

    listener: str
    sequence: int
    lane: str
    state: str
    tries: int
    next_at: int
    last_error: str
    kind: str
    at: int
    behind: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries an operator looks at: `listener` and `kind` empty for all."""

    state: State = State.PARKED
    listener: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ListenerFigures:
    """What one listener has still to hear, by state; `age` is that of its oldest event not yet heard (seconds)."""

    listener: str
    ready: int = 0
    waiting: int = 0
    behind: int = 0
    parked: int = 0
    set_aside: int = 0
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """`inbox` events are not yet in the log, the oldest for `inbox_age` seconds; `last` is the last number given."""

    inbox: int
    inbox_age: float
    last: int
    listeners: tuple[ListenerFigures, ...]

    @property
    def parked(self) -> int:
        return sum(one.parked for one in self.listeners)

    @property
    def age(self) -> float:
        """Seconds since the oldest event that somebody has still to hear was announced."""
        return max([self.inbox_age, *(one.age for one in self.listeners)])


def held(session: Session, wanted: Wanted | None = None, limit: int = 200, offset: int = 0) -> list[Held]:
    """Deliveries in a state, the oldest event first."""
    chosen = wanted or Wanted()
    rows = session.fetch(_HELD, chosen.state.value, chosen.listener, chosen.kind, limit, offset)
    return [Held(*row) for row in rows]


def count_held(session: Session, wanted: Wanted) -> int:
    """How many there are in all."""
    return int(session.fetch(_COUNT, wanted.state.value, wanted.listener, wanted.kind)[0][0])


def names_held(session: Session, state: State) -> tuple[list[str], list[str]]:
    """Listeners and kinds of events among the deliveries in a state, for a choice."""
    rows = session.fetch(_NAMES, state.value)
    return sorted({listener for listener, _ in rows}), sorted({kind for _, kind in rows})


def delivery(session: Session, listener: str, sequence: int) -> tuple[Held, dict[str, Any]]:
    """One delivery and the document of its event. Raises SocleError(DELIVERY_UNKNOWN) once it is delivered."""
    row = session.fetch_one(_ONE, listener, sequence)
    if row is None:
        raise SocleError(DELIVERY_UNKNOWN, listener=listener[:80], sequence=sequence)
    *columns, document = row
    return Held(*columns), orjson.loads(bytes(document))


def figures(session: Session, now: int) -> Figures:
    """Counts and ages as of `now` (microseconds)."""
    inbox, oldest = session.fetch(_INBOX)[0]
    by_listener: dict[str, dict[str, float]] = {}
    for listener, state, number, at in session.fetch(_BY_LISTENER):
        one = by_listener.setdefault(listener, {})
        one[state.replace("-", "_")] = number
        if state != State.SET_ASIDE:
            one["age"] = max(one.get("age", 0.0), _age(at, now))
    return Figures(
        inbox,
        _age(oldest, now),
        session.fetch(_LAST)[0][0],
        tuple(ListenerFigures(name, **values) for name, values in by_listener.items()),  # type: ignore[arg-type]
    )


def _age(at: int | None, now: int) -> float:
    return max(0, now - at) / SECOND if at is not None else 0.0
