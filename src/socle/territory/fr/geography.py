"""Departments and communes (INSEE, La Poste).

A department code is two characters (01 to 95, 2A, 2B) or three overseas (971). Inside a department communes
stand by importance, the largest first. Paris, Lyon and Marseille stand by arrondissement.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from socle.standards.package_data import csv_rows

# INSEE code and name of the country itself in addresses (Code officiel géographique, countries).
COUNTRY_CODE = "99000"
COUNTRY_NAME = "France"


class Department(NamedTuple):
    """`region` and `prefecture` are INSEE codes: of the region, of the commune where the prefect sits."""

    code: str
    name: str
    region: str
    region_name: str
    prefecture: str


class Commune(NamedTuple):
    """`postal_code` is one of the commune's postal codes, the most usual."""

    insee: str
    name: str
    postal_code: str
    department: str


@cache
def departments() -> Mapping[str, Department]:
    """The 101 departments by code."""
    return MappingProxyType(
        {row["code"]: Department(**row) for row in csv_rows(__package__, "departments.csv")}
    )


@cache
def communes() -> tuple[Commune, ...]:
    """The communes that the package knows: every prefecture, and at least two per department."""
    return tuple(Commune(**row) for row in csv_rows(__package__, "communes.csv"))


@cache
def communes_of(department: str) -> tuple[Commune, ...]:
    """The known communes of a department, the largest first; empty for an unknown department."""
    return tuple(commune for commune in communes() if commune.department == department)
