"""Which entries of the trail are looked for: plain values, and whether the document of an entry is one of them.

Some of it stands in columns that an index finds; the rest is only in the documents, where JSON with sorted keys and no
space writes a member in one way only: its bytes are looked for first, then the document is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

Facts = Mapping[str, Any]
RECORD = "record:"
# What has a subject so that an index finds it, and is about nobody.
CLOCK_SUBJECT = "clock:installation"


@dataclass(frozen=True, slots=True)
class Period:
    """From `low` to before `high`, in microseconds UTC; None: without end."""

    low: int | None = None
    high: int | None = None

    def narrowed(self, other: "Period") -> "Period":
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Period(max(lows, default=None), min(highs, default=None))


class About(StrEnum):
    """What kind of subject an entry has."""

    RECORD = "record"
    OTHER = "other"
    NOBODY = "nobody"

    @classmethod
    def of(cls, subject: str) -> "About":
        if subject in ("", CLOCK_SUBJECT):
            return cls.NOBODY
        return cls.RECORD if subject.startswith(RECORD) else cls.OTHER


@dataclass(frozen=True, slots=True)
class Member:
    """A text of the document, at a path of member names, is one of `values`."""

    path: tuple[str, ...]
    values: frozenset[str]

    @property
    def needles(self) -> list[bytes]:
        """What the bytes of such a document hold; others may hold it too."""
        name = orjson.dumps(self.path[-1]) + b":"
        return [name + orjson.dumps(value) for value in sorted(self.values)]

    def holds(self, facts: Facts) -> bool:
        found: Any = facts
        for name in self.path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return isinstance(found, str) and found in self.values


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an entry must be. A set that is None asks nothing; an empty one is met by no entry. `actors` and `subjects`
    are `kind:id`, `actions` codes, `units` 16 bytes, `numbers` (unit, number of the entry in it); `without` are codes
    of actions that are left out."""

    period: Period = Period()
    actors: frozenset[str] | None = None
    subjects: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    units: frozenset[bytes] | None = None
    about: frozenset[About] | None = None
    numbers: frozenset[tuple[bytes, int]] | None = None
    without: frozenset[str] = frozenset()
    members: tuple[Member, ...] = ()

    @property
    def impossible(self) -> bool:
        sets = (self.actors, self.subjects, self.actions, self.units, self.about)
        empty = any(one is not None and not one for one in sets) or any(
            not one.values for one in self.members
        )
        low, high = self.period.low, self.period.high
        return empty or (low is not None and high is not None and low >= high)

    @property
    def indexed(self) -> tuple[str, str | bytes] | None:
        """The column and its value by which an index leads to the entries; None when all of them must be looked at."""
        columns: tuple[tuple[str, frozenset[Any] | None], ...]
        columns = (("unit", self.units), ("subject", self.subjects), ("actor", self.actors))
        for column, values in columns:
            if values is not None and len(values) == 1:
                (only,) = values
                return column, only
        return None


def both(one: frozenset[Any] | None, other: frozenset[Any]) -> frozenset[Any]:
    """Asked twice, both must be met."""
    return other if one is None else one & other
