"""Legal population of each department, and how to replace it by the figures of another year.

`population.csv` is a generated file. What is shipped is INSEE's municipal population of 2021 (Mayotte: 2017),
rounded to the thousand. To replace it, take `donnees_departements.csv` from INSEE's "Populations légales" and
write the result of `from_insee` to a file of the same shape, or over this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from socle.standards.package_data import csv_rows

SOURCE = "INSEE, populations légales"


class Population(NamedTuple):
    """Inhabitants of a department in a year."""

    department: str
    inhabitants: int
    year: int


@cache
def populations() -> Mapping[str, Population]:
    """Population of each department, by department code."""
    rows = (
        Population(row["department"], int(row["population"]), int(row["year"]))
        for row in csv_rows(__package__, "population.csv")
    )
    return MappingProxyType({row.department: row for row in rows})


def from_insee(lines: Iterable[str], year: int) -> str:
    """The text of `population.csv`, from the lines of INSEE's `donnees_departements.csv`.

    That file is `;`-separated with a header; its column CODDEP is the department and PMUN the municipal
    population. ValueError when a column is missing or a population is not a number.
    """
    table = [line.rstrip("\r\n").split(";") for line in lines]
    header = table[0] if table else []
    code, inhabitants = header.index("CODDEP"), header.index("PMUN")
    rows = sorted((row[code], int(row[inhabitants])) for row in table[1:] if any(row))
    return "\n".join(["department;population;year", *(f"{c};{n};{year}" for c, n in rows), ""])
