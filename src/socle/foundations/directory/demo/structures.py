"""Structures of one department: numbers, names, addresses, telephones.

Numbers are valid and recognisably fictional: FINESS order numbers from 90,000 on (5,000 overseas), SIREN
numbers in 99, technical numbers in R10109. A practice of one professional gets its name from the first one
who works there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from random import Random

from socle.foundations.directory.demo.kinds import KINDS, OFFICE, PLACES, SHARED_ROOMS, SITES, Kind, counts
from socle.foundations.directory.demo.names import NameSampler, plain
from socle.foundations.directory.demo.places import Address, Place, address, phone, wheel_of_places
from socle.foundations.directory.demo.professions import ROOMS
from socle.foundations.directory.demo.sizes import Part
from socle.standards.annuaire.identifiers import finess_numbers, luhn_key


@dataclass(slots=True)
class Structure:
    """One structure as an activity line repeats it. `room`: the professions that share a practice."""

    kind: Kind
    id: str
    name: str
    place: Place
    address: Address
    phone: str
    siret: str = ""
    siren: str = ""
    finess: str = ""
    finess_ej: str = ""
    trade_name: str = ""
    recipient: str = ""
    phone_2: str = ""
    fax: str = ""
    email: str = ""
    mailbox: str = ""
    room: str = ""

    @property
    def national_id(self) -> tuple[str, str]:
        """Type of identifier (TRE_G07) and identifier, the strongest that the structure has."""
        if self.finess:
            return "1", self.finess
        return ("3", self.siret) if self.siret else ("4", self.id[1:])


@dataclass(slots=True)
class Structures:
    """The structures of a department, and those that still wait for their first professional."""

    all: list[Structure] = field(default_factory=list)
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    free_offices: dict[str, list[int]] = field(default_factory=dict)
    shared: dict[str, list[int]] = field(default_factory=dict)

    def add(self, structure: Structure) -> int:
        rank = len(self.all)
        self.all.append(structure)
        self.by_kind.setdefault(structure.kind.id, []).append(rank)
        if structure.kind.id == OFFICE:
            self.free_offices.setdefault(structure.room, []).append(rank)
        elif structure.room:
            self.shared.setdefault(structure.room, []).append(rank)
        return rank


class Builder:
    """Makes the structures of a part of the territory, in an order that its random numbers fix."""

    def __init__(self, part: Part, random: Random) -> None:
        self._department = part.department
        self._random = random
        self._names = NameSampler(random)
        self._places = wheel_of_places(part.department, part.structures)
        start = 5_000 if len(part.department) == 3 else 90_000
        self._finess = finess_numbers(part.department, start)
        self._technical = count(part.first_structure + 1)
        self._company = count(part.first_structure + 1)
        self._legal: dict[str, str] = {}

    def build(self, structures: Structures, number: int) -> None:
        """Add a number of structures, of all kinds in proportion."""
        for kind_id, some in counts(number).items():
            for _ in range(some):
                structures.add(self.one(KINDS[kind_id]))

    def one(self, kind: Kind, place: Place | None = None) -> Structure:
        where = place or self._places[int(self._random.random() * len(self._places))]
        structure = Structure(
            kind, "", "", where, address(self._random), phone(self._random, self._department)
        )
        self._number(structure)
        self._name(structure)
        self._reach(structure)
        if kind.id == OFFICE or kind.id in SHARED_ROOMS:
            structure.room = ROOMS[int(self._random.random() * len(ROOMS))]
        return structure

    def _number(self, structure: Structure) -> None:
        kind = structure.kind
        if kind.numbered == "finess":
            structure.finess = next(self._finess)
            structure.finess_ej = self._legal_entity(kind)
            structure.id = "F" + structure.finess
        elif kind.numbered == "sirene":
            structure.siren = siren(next(self._company))
            structure.siret = structure.siren + "0001"
            structure.siret += str(luhn_key(structure.siret))
            structure.id = "C" + structure.siret
        else:
            structure.id = f"R10109{next(self._technical):09d}"

    def _legal_entity(self, kind: Kind) -> str:
        """The legal entity of a new site: its own, or the last one of its kind when that one holds several
        sites.
        """
        if kind.id not in self._legal or self._random.random() < 1 / kind.sites:
            self._legal[kind.id] = next(self._finess)
        return self._legal[kind.id]

    def _name(self, structure: Structure) -> None:
        draw = self._random.random()
        template = structure.kind.names[int(draw * len(structure.kind.names))]
        if "{owner}" in template:
            return
        structure.name = template.format(
            site=SITES[int(draw * 9_973) % len(SITES)],
            place=PLACES[int(draw * 9_967) % len(PLACES)],
            city=structure.place.office,
            surname=plain(self._names.family()),
        )
        structure.recipient = structure.name
        if draw * 100 % 1 < 0.12:
            structure.trade_name = structure.name.rpartition(" ")[2]

    def _reach(self, structure: Structure) -> None:
        draw = self._random.random()
        if draw < 0.08:
            structure.phone = ""
        if draw > 0.93:
            structure.phone_2 = phone(self._random, self._department)
        if structure.kind.numbered == "finess" or draw > 0.8:
            structure.fax = phone(self._random, self._department)
        if 0.3 < draw < 0.42:
            structure.email = f"contact.{structure.id.lower()}@structure.example"


def siren(rank: int) -> str:
    """A valid SIREN number of the fictional series 99."""
    base = f"99{rank:06d}"
    return base + str(luhn_key(base))
