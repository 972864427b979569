"""Everyday words for professions, specialties and kinds of structure ("cardio", "kiné", "labo").

One line of `synonyms.csv` is one meaning of a word: the number of the code table and the code. A word with
several meanings has several lines ("psy": psychiatrist or psychologist).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from socle.foundations.terminology.tables import table
from socle.standards.package_data import csv_rows


class Meaning(NamedTuple):
    """A code and the URL of its code system."""

    system: str
    code: str


@cache
def synonyms() -> Mapping[str, tuple[Meaning, ...]]:
    """All words, as people write them (lower case, accents), with their meanings in the order of the file."""
    found: dict[str, list[Meaning]] = {}
    for row in csv_rows(__package__, "synonyms.csv"):
        found.setdefault(row["word"], []).append(Meaning(table(row["table"]).url, row["code"]))
    return MappingProxyType({word: tuple(meanings) for word, meanings in found.items()})
