"""Names of fictional people, difficult enough for search: a few frequent surnames, a very long tail, accents
that come and go, hyphens, particles and apostrophes.

Two thirds of the surnames are composed from syllables. Given name and surname are drawn apart from lists of
names in use, so that a full name may be borne by somebody, by chance only; pairs known to all are drawn
again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import product
from random import Random

from socle.foundations.directory.demo.chance import by_rank
from socle.standards.package_data import csv_rows
from socle.territory.fr.names import Gender, given_names, surnames

_COMMON = 0.34
_COMPOUND = 0.03
_PARTICLE = 0.035

_HARD_TO_SAY = re.compile(r"[AEI](?!U)[AEIO]|AAU|EEAU|OU[AEIO]{2}|UU|([BCDFGLMNPRSTV])\1.\1")


def plain(name: str) -> str:
    """A name without its accents, as many registers write it."""
    decomposed = unicodedata.normalize("NFD", name.replace("Œ", "OE").replace("œ", "oe"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@cache
def _celebrated() -> frozenset[tuple[str, str]]:
    """Family and given names that together would name somebody known to all."""
    return frozenset((row["family"], row["given"]) for row in csv_rows(__package__, "data", "celebrated.csv"))


@cache
def _composed() -> tuple[str, ...]:
    syllables: dict[str, list[str]] = {"start": [], "middle": [], "end": []}
    for row in csv_rows(__package__, "data", "syllables.csv"):
        syllables[row["place"]].append(row["text"])
    every = {"".join(chosen) for chosen in product(*syllables.values())}
    names = sorted(name for name in every - set(map(plain, surnames())) if not _HARD_TO_SAY.search(name))
    Random(0).shuffle(names)
    return tuple(names)


@cache
def _common() -> tuple[str, ...]:
    return by_rank(surnames(), head=80)


@cache
def _given(gender: Gender) -> tuple[str, ...]:
    return by_rank(given_names(gender), head=18)


@cache
def _spellings(name: str) -> tuple[str, str]:
    """With accents, then as it is most often written."""
    return name, plain(name)


class NameSampler:
    """Draws names with the random numbers of one part of the territory."""

    def __init__(self, random: Random) -> None:
        self._random = random.random
        self._pool = _composed()
        self._frequent = _common()
        self._celebrated = _celebrated()

    def family(self) -> str:
        draw = self._random()
        if draw < _PARTICLE:
            return self._with_particle(draw / _PARTICLE)
        if draw < _PARTICLE + _COMPOUND:
            return f"{self._simple()}-{self._simple()}"
        return self._simple()

    def given(self, gender: Gender) -> str:
        draw = self._random()
        name = self._one_given(gender)
        if draw < 0.05:
            other = self._one_given(gender)
            name = f"{name}-{other}" if other != name else name
        accented, bare = _spellings(name)
        # One in three keeps its accents, one in six stands in lower case: both happen in the published files.
        name = accented if draw % 0.03 < 0.01 else bare
        return name.title() if draw % 0.06 < 0.01 else name

    def full(self, gender: Gender) -> tuple[str, str]:
        """Family name and given name of one person."""
        family, given = self.family(), self.given(gender)
        while (family, given.upper()) in self._celebrated:
            given = self.given(gender)
        return family, given

    def _one_given(self, gender: Gender) -> str:
        table = _given(gender)
        return table[int(self._random() * len(table))]

    def _simple(self) -> str:
        draw = self._random()
        if draw < _COMMON:
            accented, bare = _spellings(self._frequent[int(draw / _COMMON * len(self._frequent))])
            return accented if self._random() < 0.4 else bare
        # The square root of the rank is uniform: the first names of the pool return, the last are nearly
        # unique.
        return self._pool[int(len(self._pool) * self._random() ** 1.7)]

    def _with_particle(self, draw: float) -> str:
        name = self._simple()
        if name[0] in "AEIOUHÉÈ":
            return f"D'{name}" if draw < 0.7 else f"L'{name}"
        for limit, particle in ((0.35, "LE "), (0.55, "LA "), (0.7, "DE "), (0.82, "DE LA "), (0.92, "DU ")):
            if draw < limit:
                return particle + name
        return "VAN " + name
