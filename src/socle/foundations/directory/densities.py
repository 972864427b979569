"""Densities: professionals in activity for 100,000 inhabitants, and how a map shades them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PER: Final = 100_000
LEVELS: Final = 4


@dataclass(frozen=True, slots=True)
class Density:
    """Persons counted in one place; `inhabitants` is 0 where the population is not known."""

    code: str
    name: str
    persons: int
    inhabitants: int

    @property
    def rate(self) -> float | None:
        """Persons for 100,000 inhabitants; None without a population."""
        return self.persons * PER / self.inhabitants if self.inhabitants else None


def by_department(
    persons: Mapping[str, int],
    covered: Iterable[str],
    names: Mapping[str, str],
    inhabitants: Mapping[str, int],
) -> list[Density]:
    """The densities of the departments covered, the highest first; those without a population come last."""
    found = [
        Density(code, names.get(code, code), persons.get(code, 0), inhabitants.get(code, 0))
        for code in covered
    ]
    return sorted(found, key=lambda one: (one.rate is None, -(one.rate or 0), one.code))


def together(some: Iterable[Density]) -> Density:
    """All of these as one place; a person who practises in two departments counts in both."""
    kept = [one for one in some if one.inhabitants]
    return Density("", "", sum(one.persons for one in kept), sum(one.inhabitants for one in kept))


def thresholds(some: Iterable[Density]) -> list[float]:
    """The rates at which a map changes shade: LEVELS classes of as many departments each, fewer when rates repeat."""
    rates = sorted(one.rate for one in some if one.rate is not None)
    cuts = (
        (rates[len(rates) * rank // LEVELS] for rank in range(1, LEVELS))
        if len(rates) >= LEVELS
        else iter(())
    )
    return [cut for cut in dict.fromkeys(cuts) if cut > rates[0]]


def level(one: Density, cuts: Sequence[float]) -> int:
    """The shade of a department, from 1; 0 where there is nothing to say."""
    return 0 if one.rate is None else bisect_right(cuts, one.rate) + 1
