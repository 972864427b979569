"""Given names and surnames in use in France, for fictional people: no list here says who bears them."""

from __future__ import annotations

from functools import cache
from typing import Literal

from socle.standards.package_data import csv_rows

Gender = Literal["F", "M"]


@cache
def given_names(gender: Gender) -> tuple[str, ...]:
    """Given names in capitals with their accents, the most borne first."""
    return tuple(row["name"] for row in csv_rows(__package__, "given_names.csv") if row["gender"] == gender)


@cache
def surnames() -> tuple[str, ...]:
    """The two hundred or so most borne surnames, in capitals, the most borne first."""
    return tuple(row["name"] for row in csv_rows(__package__, "surnames.csv"))
