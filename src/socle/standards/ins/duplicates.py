"""Probable duplicates: which pairs of records to compare, and how alike two records are.

RNIV 1 v2.0 asks that doubles be looked for and told, and that a person decides: nothing here merges. Records that share
a blocking key are compared; a score of 0 to 100 is the share of the evidence at hand that agrees. The weights are ours,
chosen on generated errors (typing, accents, order, dates, names in use): twins stay below `PROBABLE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from socle.standards.fhir.text import fold
from socle.standards.ins.births import UNKNOWN_PLACE
from socle.standards.ins.matricule import Ins
from socle.standards.ins.traits import Sex, Traits

CERTAIN: Final = 100
PROBABLE: Final = 80
POSSIBLE: Final = 65

_FAMILY, _GIVEN, _DATE, _SEX, _PLACE = 25.0, 30.0, 30.0, 5.0, 10.0
_SWAPPED, _TWO_OF_THREE, _YEAR_ALONE = 0.8, 0.65, 0.5
# What stands for an unknown day and month: 31 December by rule (EXI ID 11), 1 January by habit.
_MADE_UP: Final = ((1, 1), (12, 31))
_NEAR: Final = 0.5


@dataclass(frozen=True, slots=True, repr=False)
class Fingerprint:
    """What is compared of a record, computed once: names as sets of letter pairs, without case, accents or signs.

    `families` are the birth name and the name in use; `date` is (year, month, day); `place` and `sex` are empty where
    unknown.
    """

    families: tuple[frozenset[str], ...]
    given: frozenset[str]
    first: frozenset[str]
    date: tuple[int, int, int]
    sex: str
    place: str
    numbers: frozenset[Ins]


def fingerprint(traits: Traits, numbers: Iterable[Ins] = ()) -> Fingerprint:
    """`numbers` are those that the record has and had."""
    families = [_pairs(fold(name)) for name in (traits.birth_name, traits.used_name) if name]
    given = fold(f"{traits.given_names} {traits.first_given_name} {traits.used_given_name}")
    day = traits.birth_date
    return Fingerprint(
        tuple(dict.fromkeys(families)),
        frozenset(given.split()),
        _pairs(fold(traits.first_given_name)),
        (day.year, day.month, day.day),
        "" if traits.sex is Sex.INDETERMINATE else traits.sex.value,
        "" if traits.birth_place == UNKNOWN_PLACE else traits.birth_place,
        frozenset(numbers),
    )


def _pairs(name: str) -> frozenset[str]:
    """Letter pairs, the ends marked, so that short names have some."""
    marked = f" {name.replace(' ', '')} "
    return frozenset(marked[rank : rank + 2] for rank in range(len(marked) - 1))


def score(left: Fingerprint, right: Fingerprint) -> int:
    """0 to 100, the same both ways. 100 as soon as a number, today's or a former one, is shared; at most 99 otherwise.

    What one side does not know counts for nothing.
    """
    if left.numbers and not left.numbers.isdisjoint(right.numbers):
        return CERTAIN
    points = _DATE * _dates(left.date, right.date)
    possible = _DATE + _FAMILY + _GIVEN
    family, given = _names(left, right)
    points += _FAMILY * family + _GIVEN * given
    if left.sex and right.sex:
        possible += _SEX
        points += _SEX if left.sex == right.sex else 0.0
    if left.place and right.place:
        possible += _PLACE
        points += _PLACE if left.place == right.place else 0.0
    return min(CERTAIN - 1, int(100 * points / possible))


def _names(left: Fingerprint, right: Fingerprint) -> tuple[float, float]:
    """Likeness of the family names and of the given names; of names entered one for the other, when that is better."""
    family = _best(left.families, right.families)
    given = 1.0 if left.first == right.first else _given(left, right)
    if family < _NEAR:
        # The lesser of the two for both: the score is then the same whichever record comes first.
        crossed = min(_best(left.families, (right.first,)), _best((left.first,), right.families))
        if crossed > _NEAR:
            return crossed, crossed
    return family, given


def _given(left: Fingerprint, right: Fingerprint) -> float:
    """A given name in common, whatever its rank, counts nearly as much as the same first one."""
    alike = _dice(left.first, right.first)
    return max(alike, 0.9) if not left.given.isdisjoint(right.given) else alike


def _best(left: tuple[frozenset[str], ...], right: tuple[frozenset[str], ...]) -> float:
    return max((_dice(one, other) for one in left for other in right), default=0.0)


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    """Sørensen–Dice coefficient of two sets."""
    if left == right:
        return 1.0
    return 2 * len(left & right) / (len(left) + len(right))


def _dates(left: tuple[int, int, int], right: tuple[int, int, int]) -> float:
    if left == right:
        return 1.0
    year, month, day = left
    if (year, day, month) == right:
        return _SWAPPED
    same = (year == right[0]) + (month == right[1]) + (day == right[2])
    if same == 2:
        return _TWO_OF_THREE
    made_up = left[1:] in _MADE_UP or right[1:] in _MADE_UP
    return _YEAR_ALONE if made_up and year == right[0] else 0.0


# -- Blocking --------------------------------------------------------------------------------------------------------

_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"(?:qu|ck|ch(?=[lr])|q|c(?![eiyh]))", "k"),
        (r"(?:c(?=[eiy])|z|ss|x)", "s"),
        (r"ge(?=[ao])|g(?=[eiy])", "j"),
        (r"(?:w|v)", "v"),
        (r"h", ""),
        (r"[dtsxz]+$|(?<=.)e?s?$", ""),
    )
)
_VOWELS: Final = re.compile(r"[^bcdfgjklmnpqrstvxz]+")
_REPEATED: Final = re.compile(r"(.)\1+")


def sound(name: str) -> str:
    """How a French name sounds, roughly: its first letter and its consonants, without those that are not heard.

    `Philippe` and `Filipe` give the same; it may be empty.
    """
    heard = fold(name).replace(" ", "")
    for pattern, letter in _SOUNDS:
        heard = pattern.sub(letter, heard)
    return _REPEATED.sub(r"\1", heard[:1] + _VOWELS.sub("", heard[1:]))


def blocking_keys(traits: Traits, numbers: Iterable[Ins] = ()) -> frozenset[str]:
    """Keys of a record: two records of one person share at least one, unless three things went wrong at once.

    The date of birth alone (RNIV, anteriority search); both names with the year, or with the day and month in any
    order; one name with a part of the date and the place.
    """
    day = traits.birth_date
    low, high = sorted((day.month, day.day))
    keys = {f"={day.isoformat()}", *(f"#{number.oid}|{number.number}" for number in numbers)}
    families = _sounds(traits.birth_name, traits.used_name)
    firsts = _sounds(traits.first_given_name, traits.given_names.split(" ", 1)[0])
    for part in (f"y{day.year}", f"d{low}.{high}"):
        # In order, so that names entered one for the other make the same key.
        keys.update(f"n{'/'.join(sorted((family, first)))}{part}" for family in families for first in firsts)
        if traits.birth_place != UNKNOWN_PLACE:
            keys.update(f"f{family}{part}{traits.birth_place}" for family in families)
            keys.update(f"g{first}{part}{traits.birth_place}" for first in firsts)
    return frozenset(keys)


def _sounds(*names: str) -> set[str]:
    return {sound(name) for name in names if name}
