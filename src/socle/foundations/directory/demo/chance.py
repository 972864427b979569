"""Draws with fixed odds, cheap enough for millions of lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def wheel(weighted: Iterable[tuple[T, float]], slots: int = 4096) -> tuple[T, ...]:
    """A table in which each item holds a number of slots in proportion of its weight, one at least.

    Drawing is then `table[int(random() * len(table))]`: no search, no cumulated weights.
    """
    pairs = list(weighted)
    whole = sum(weight for _, weight in pairs)
    return tuple(item for item, weight in pairs for _ in range(max(1, round(slots * weight / whole))))


def by_rank(items: Iterable[T], head: float, slots: int = 8192) -> tuple[T, ...]:
    """A wheel in which the item of rank n weighs 1 / (n + head): a small `head` favours the first ones."""
    return wheel(((item, 1 / (rank + head)) for rank, item in enumerate(items)), slots)
