"""What operators look at: held deliveries, the state of each listener, ages.

Plain values, for pages, for `/metrics` and for the command line.
"""

from dataclasses import dataclass

from socle.kernel.db import Session
from socle.kernel.outbox.states import SECOND, State

_HELD = (
    "SELECT d.listener, d.sequence, d.lane, d.state, d.tries, d.next_at, d.last_error, e.kind, e.at, "
    "(SELECT COUNT(*) FROM outbox_delivery b WHERE b.listener = d.listener AND b.lane = d.lane "
    "AND b.state = 'behind') "
    "FROM outbox_delivery d JOIN outbox_event e ON e.sequence = d.sequence "
    "WHERE d.state = ?1 ORDER BY d.listener, d.sequence LIMIT ?2"
)
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


def held(session: Session, state: State = State.PARKED, limit: int = 200) -> list[Held]:
    """Deliveries in this state, by listener and in order."""
    rows = session.fetch(_HELD, state.value, limit)
    return [Held(*row) for row in rows]


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
