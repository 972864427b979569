"""What is remembered of published states, which never change: how many resources a condition finds, and which ones.

It only saves time: whatever is forgotten is counted or read again, and the answers are the same.
"""

from array import array
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from socle.engines.fhirstore.conditions import Condition
from socle.kernel.db import Database

COUNTS: Final = 8_192
ROOM: Final = 2_000_000
"""Numbers kept in all, of eight bytes each."""
SET_LIMIT: Final = 16_384
"""The largest set that is kept: beyond, comparing sets costs more than asking each candidate."""

State = tuple[int, int]
"""A store's number and a published transaction."""
Numbers = Sequence[int]
TOO_MANY: Final[Numbers] = ()


class Kept:
    """Counts and sets of resource numbers by state and condition, on one database; what was not used lately goes
    first."""

    def __init__(self, room: int = ROOM) -> None:
        self._counts: dict[tuple[State, Condition], int] = {}
        self._sets: dict[tuple[State, Condition], Numbers] = {}
        self._room = room
        self._guard = Lock()

    def count(self, state: State, condition: Condition) -> int | None:
        """Counted as far as a search needed to know, and to the end once the set has been read."""
        return self._counts.get((state, condition))

    def keep_count(self, state: State, condition: Condition, count: int) -> None:
        with self._guard:
            if len(self._counts) >= COUNTS:
                self._counts.clear()
            self._counts[state, condition] = count

    def numbers(self, state: State, condition: Condition) -> Numbers | None:
        """Those kept; the very object TOO_MANY when there are more than SET_LIMIT, None when nothing is known."""
        with self._guard:
            found = self._sets.pop((state, condition), None)
            if found is not None:
                self._sets[state, condition] = found
        return found

    def keep_numbers(self, state: State, condition: Condition, found: Iterable[int]) -> Numbers:
        """Keep what a condition finds, read up to SET_LIMIT + 1; the answer is what `numbers` will say."""
        numbers: Numbers = array("q", found)
        if len(numbers) > SET_LIMIT:
            numbers = TOO_MANY
        with self._guard:
            old = self._sets.pop((state, condition), None)
            self._sets[state, condition] = numbers
            self._counts[state, condition] = len(numbers) if numbers is not TOO_MANY else SET_LIMIT
            self._room += _size(old) - _size(numbers)
            while self._room < 0:
                self._room += _size(self._sets.pop(next(iter(self._sets))))
        return numbers


def _size(numbers: Numbers | None) -> int:
    """Numbers that a set stands for in the room, its key included."""
    return 0 if numbers is None else len(numbers) + 64


_KEPT: WeakKeyDictionary[Database, Kept] = WeakKeyDictionary()
_FIRST = Lock()


def kept_of(db: Database) -> Kept:
    """What this process remembers of a database."""
    with _FIRST:
        return _KEPT.setdefault(db, Kept())
