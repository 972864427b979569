"""The life of a delivery, and when one that failed is tried again.

READY → deleted (delivered) | WAITING (failed, with its lane BEHIND) → … → PARKED (failed too often) → READY, by an
operator, or SET_ASIDE, with a reason. A lane has at most one delivery WAITING or PARKED: its first.
"""

from dataclasses import dataclass
from enum import StrEnum

SECOND = 1_000_000
_GROWTH = 4
_LONGEST_SECONDS = 3_600


class State(StrEnum):
    READY = "ready"
    WAITING = "waiting"
    BEHIND = "behind"
    PARKED = "parked"
    SET_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a delivery is tried before it is parked, and how long after the first failure it is tried again."""

    tries: int
    first_seconds: float

    def after(self, failures: int, now: int) -> tuple[State, int]:
        """The state after this many failures, and when to try again (microseconds): each delay is four times the one
        before, an hour at most."""
        if failures >= self.tries:
            return State.PARKED, 0
        seconds = min(_LONGEST_SECONDS, self.first_seconds * _GROWTH ** (failures - 1))
        return State.WAITING, now + round(seconds * SECOND)
