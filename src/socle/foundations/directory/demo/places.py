"""Communes, streets, telephone numbers of the demonstration territory.

A department has its real communes that we know, then fictional ones ("Belmont-la-Fable") up to a hundred:
search and density need the long tail that a few prefectures do not give. Fictional communes bear INSEE codes
that no commune has: 910 to 999 in a department, 70 to 99 overseas. Telephone numbers are those that ARCEP
keeps for works of fiction.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from random import Random
from typing import NamedTuple

from socle.foundations.directory.demo.chance import by_rank
from socle.foundations.directory.demo.names import plain
from socle.standards.package_data import csv_rows
from socle.territory.fr.geography import communes_of, departments

COMMUNES_PER_DEPARTMENT = 100

_FICTION_NUMBERS = {"1": "019900", "2": "026191", "3": "035301", "4": "046571", "5": "053649"}


class Place(NamedTuple):
    """A commune as an address writes it; `office` is the name in capitals that follows the postal code."""

    insee: str
    name: str
    postal_code: str
    office: str


class Address(NamedTuple):
    """The parts of a structure's address that vary inside a commune. `street_type` is a code of TRE_R35."""

    number: str
    suffix: str
    street_type: str
    street_name: str
    point: str
    distribution: str


@cache
def places(department: str) -> tuple[Place, ...]:
    """The communes of a department, known ones first."""
    known = [Place(c.insee, c.name, c.postal_code, _office(c.name)) for c in communes_of(department)]
    return (*known, *islice(_fictional(department), max(0, COMMUNES_PER_DEPARTMENT - len(known))))


def _office(name: str) -> str:
    """Post office of a commune: capitals, no accent, no punctuation; of the city for an arrondissement."""
    city = name.rpartition(" ")[0].rpartition(" ")[0] if name.endswith(" Arrondissement") else name
    return plain(city).upper().replace("-", " ").replace("'", " ")


@cache
def _streets() -> tuple[tuple[str, str], ...]:
    return tuple((row["type"], row["name"]) for row in csv_rows(__package__, "data", "streets.csv"))


@cache
def _zones() -> dict[str, str]:
    return {row["department"]: row["zone"] for row in csv_rows(__package__, "data", "phone_zones.csv")}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    rows = csv_rows(__package__, "data", "communes.csv")
    return {
        place: tuple(r["text"] for r in rows if r["place"] == place) for place in ("head", "tail", "prefix")
    }


def _fictional(department: str) -> Iterator[Place]:
    """No two departments share a name: the rank of the commune in the country picks its parts."""
    numbers = range(70, 100) if len(department) == 3 else range(910, 1000)
    postal = "20" if department in ("2A", "2B") else department
    first = list(departments()).index(department) * 90
    heads, tails, prefixes = (_words()[place] for place in ("head", "tail", "prefix"))
    for rank, number in enumerate(numbers, first):
        head, tail = heads[rank % len(heads)], tails[rank // len(heads) % len(tails)]
        name = f"{prefixes[rank // (len(heads) * len(tails))]}{head}-{tail}"
        yield Place(f"{department}{number}", name, f"{postal}{number}", _office(name))


def wheel_of_places(department: str, structures: int) -> tuple[Place, ...]:
    """Communes to draw from, the first ones more often; a small territory keeps to fewer communes."""
    count = max(6, min(COMMUNES_PER_DEPARTMENT, structures // 12))
    return by_rank(places(department)[:count], head=4, slots=2048)


def address(random: Random) -> Address:
    draw = random.random
    streets = _streets()
    street_type, street_name = streets[int(draw() * len(streets))]
    rare = draw()
    return Address(
        number="" if rare < 0.04 else str(1 + int(draw() * 140)),
        suffix=("B", "T", "Q")[int(rare * 1000) % 3] if 0.04 <= rare < 0.08 else "",
        street_type=street_type,
        street_name=street_name,
        point=f"BATIMENT {'ABCDEF'[int(rare * 600) % 6]}" if 0.3 <= rare < 0.4 else "",
        distribution=f"BP {int(rare * 90_000)}" if 0.9 <= rare < 0.94 else "",
    )


def phone(random: Random, department: str) -> str:
    """A number of the department's zone, in the range kept for fiction."""
    return f"{_FICTION_NUMBERS[_zones()[department]]}{int(random.random() * 10_000):04d}"
