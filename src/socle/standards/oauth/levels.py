"""Levels of assurance in their order, and which one an authorization asks for (eIDAS: low, substantial, high)."""

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """Members in order: a higher one satisfies whoever asked for a lower one."""

    EIDAS1 = "eidas1"
    EIDAS2 = "eidas2"
    EIDAS3 = "eidas3"

    @property
    def rank(self) -> int:
        return int(self.value[-1])

    def satisfies(self, asked: "Level") -> bool:
        return self.rank >= asked.rank


def read_levels(values: Iterable[str]) -> tuple[Level, ...]:
    """The levels among the values of `acr_values` or of the claim acr; others mean nothing here."""
    known = {level.value: level for level in Level}
    return tuple(known[value] for value in values if value in known)


def lowest(levels: Iterable[Level], otherwise: Level) -> Level:
    """The least that is enough for who asks for any of these levels."""
    return min(levels, key=lambda level: level.rank, default=otherwise)
