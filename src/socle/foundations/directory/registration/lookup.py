"""What a registration asks the directory: the structure that is named, persons who bear the same name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from socle.engines.fhirstore.faults import GONE, UNKNOWN_RESOURCE
from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.read import read
from socle.engines.fhirstore.search import Page, Start, current, search
from socle.engines.fhirstore.steps import drive
from socle.foundations.directory.elements import first, identifier, town_of
from socle.foundations.directory.registration.faults import STRUCTURE_CLOSED, STRUCTURE_UNKNOWN
from socle.foundations.directory.registration.person import Person
from socle.foundations.directory.resources import Json, each, loaded
from socle.foundations.directory.rows import structure_name
from socle.foundations.directory.statements import organization_id, practitioner_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Session
from socle.kernel.errors import SocleError
from socle.standards.annuaire import systems
from socle.standards.fhir.text import fold

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Structure:
    """`key` is what the directory's sources key it by: FINESS number, technical number, or `C` and the SIRET."""

    key: str
    id: str
    name: str
    town: str
    active: bool

    @property
    def shown(self) -> str:
        return f"{self.name}, {self.town}" if self.town else self.name


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody in activity in the directory who bears the name; `places` are the ids of the structures where."""

    national_id: str
    id: str
    name: str
    places: frozenset[str]


def structure_of(session: Session, key: str) -> Structure | None:
    """The structure of a key, in activity or not."""
    try:
        found = loaded(drive(session, read(PUBLIC, "Organization", organization_id(key))).body)
    except SocleError as refusal:
        if refusal.kind not in (UNKNOWN_RESOURCE, GONE):
            raise
        return None
    return structure_from(found)


def structure_from(resource: Json) -> Structure | None:
    """The structure of a resource; None when its key cannot be told from its identifiers."""
    key = next((key for key in _keys(resource) if organization_id(key) == resource["id"]), "")
    if not key:
        return None
    active = bool(resource.get("active", True))
    return Structure(key, resource["id"], structure_name(resource), town_of(resource), active)


def _keys(resource: Json) -> Iterator[str]:
    yield identifier(resource, systems.FINESS)
    yield identifier(resource, systems.RPPS_PRACTICE)
    yield "C" + identifier(resource, systems.SIRENE, systems.TYPE_SIRET)


def open_structure(session: Session, key: str) -> Structure:
    """Raises SocleError: STRUCTURE_UNKNOWN, STRUCTURE_CLOSED."""
    found = structure_of(session, key)
    if found is None:
        raise SocleError(STRUCTURE_UNKNOWN, received=key[:40])
    if not found.active:
        raise SocleError(STRUCTURE_CLOSED, name=found.name)
    return found


def namesakes(session: Session, person: Person, *, structure: str = "") -> list[Namesake]:
    """Those in activity who bear the person's given name with their birth name or their name of daily life, in one
    structure (the id of its resource) or anywhere."""
    names = {fold(person.birth_name), fold(person.used_name)} - {""}
    found: dict[str, Json] = {}
    roles: dict[str, set[str]] = {}
    for family in sorted(names):
        pairs = [("practitioner.family", family), ("practitioner.given", fold(person.given_name))]
        pairs += [("organization", structure)] if structure else []
        page = _searched(session, "PractitionerRole", [*pairs, ("_include", "PractitionerRole:practitioner")])
        found |= {one["id"]: one for one in each(page.included)}
        for role in each(page.matches):
            if role.get("active", True):
                holder = role["practitioner"]["reference"].rpartition("/")[2]
                place = role.get("organization", {}).get("reference", "").rpartition("/")[2]
                roles.setdefault(holder, set()).add(place)
    same = (one for one in found.values() if one["id"] in roles and _bears(one, names, person))
    return [_namesake(one, roles[one["id"]]) for one in same]


def _bears(resource: Json, names: set[str], person: Person) -> bool:
    name = first(resource.get("name"))
    given = fold(" ".join(name.get("given", ())))
    return fold(str(name.get("family", ""))) in names and given == fold(person.given_name)


def _namesake(resource: Json, places: set[str]) -> Namesake:
    name = first(resource.get("name"))
    shown = " ".join((*name.get("given", ()), str(name.get("family", ""))))
    return Namesake(identifier(resource, systems.PERSON), resource["id"], shown, frozenset(places - {""}))


def is_in_activity(session: Session, national: str, person: Person) -> bool:
    """Whether the directory shows this number as that of somebody in activity who bears the person's name."""
    try:
        found = loaded(drive(session, read(PUBLIC, "Practitioner", practitioner_id(national))).body)
    except SocleError as refusal:
        if refusal.kind not in (UNKNOWN_RESOURCE, GONE):
            raise
        return False
    names = {fold(person.birth_name), fold(person.used_name)} - {""}
    return bool(found.get("active", True)) and _bears(found, names, person)


def _searched(session: Session, type_name: str, pairs: list[tuple[str, Any]]) -> Page:
    snapshot = drive(session, current(PUBLIC, session.dialect))
    query = read_query(PUBLIC, type_name, [*pairs, ("_count", str(_MOST)), ("_total", "none")])
    return drive(session, search(PUBLIC, query, snapshot, Start()))
