"""Cards: all that the directory says of one person or one structure, as values that a page only has to lay out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from socle.foundations.directory.elements import (
    Contact,
    Mailbox,
    address_lines,
    contacts,
    extension,
    first,
    identifier,
    joined,
    mailboxes,
    person_name,
    reference_id,
)
from socle.foundations.directory.labels import Labels, codings
from socle.foundations.directory.resources import Json
from socle.foundations.directory.rows import Place, in_activity, numbered, structure_name, trade
from socle.standards.annuaire import systems

_LEGAL_ENTITY = "LEGAL-ENTITY"
_PERSON_NUMBERS = (("RPPS", systems.RPPS), ("IDNPS", systems.PERSON))
_STRUCTURE_NUMBERS = (
    ("FINEG", systems.FINESS),
    ("FINEJ", systems.FINESS),
    ("SIRET", systems.SIRENE),
    ("SIREN", systems.SIRENE),
    ("IDNST", systems.STRUCTURE),
    ("INTRN", systems.RPPS_PRACTICE),
)


@dataclass(frozen=True, slots=True)
class Number:
    """An identifier; `kind` is the code of its type (FR Core, fr-core-cs-v2-0203)."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Workplace:
    """One activity of a person: where, in which mode, function and capacity."""

    structure: str
    structure_id: str
    address: list[str]
    contacts: list[Contact]
    mode: str
    function: str
    capacity: str
    section: str
    mailboxes: list[Mailbox]


@dataclass(frozen=True, slots=True)
class Authorization:
    """An authorization to practise, in a field when it is limited to one."""

    kind: str
    field: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`professions` and `diplomas` come with what the tables add to them: (label, category), (label, type)."""

    id: str
    name: str
    trade: str
    active: bool
    numbers: list[Number]
    professions: list[tuple[str, str]]
    skills: list[tuple[str, str]]
    diplomas: list[tuple[str, str]]
    authorizations: list[Authorization]
    mailboxes: list[Mailbox]
    places: list[Workplace]


@dataclass(frozen=True, slots=True)
class StructureCard:
    """`legal` tells a legal entity from one of its sites; `parent` is (id, name) of the legal entity of a site."""

    id: str
    name: str
    alias: str
    active: bool
    legal: bool
    sectors: list[str]
    address: list[str]
    contacts: list[Contact]
    mailboxes: list[Mailbox]
    numbers: list[Number]
    parent_id: str


def person_card(person: Json, places: Sequence[Place], labels: Labels) -> PersonCard:
    concepts = [one.get("code", {}) for one in person.get("qualification", ())]
    practised = in_activity(places)
    functions = [
        label for role, _ in practised for label in labels.by_column(role.get("code", ())).get("role", ())
    ]
    return PersonCard(
        id=person.get("id", ""),
        name=person_name(person, labels.lang) or numbered(person),
        trade=trade(person, functions[:1], labels),
        active=person.get("active", True),
        numbers=_numbers(person, _PERSON_NUMBERS),
        professions=_paired(concepts, "profession", "category", labels),
        skills=_paired(concepts, "skill", "skill_type", labels),
        diplomas=_paired(concepts, "diploma", "diploma_type", labels),
        authorizations=_authorizations(person, labels),
        mailboxes=mailboxes(person, labels),
        places=[_workplace(role, structure, labels) for role, structure in practised],
    )


def structure_card(structure: Json, labels: Labels) -> StructureCard:
    types = structure.get("type", ())
    kinds = {coding.get("code") for concept in types for coding in concept.get("coding", ())}
    name = structure_name(structure)
    return StructureCard(
        id=structure.get("id", ""),
        name=name,
        alias=joined(alias for alias in structure.get("alias", ()) if alias != name),
        active=structure.get("active", True),
        legal=_LEGAL_ENTITY in kinds,
        sectors=labels.by_column(types).get("sector", []),
        address=address_lines(first(structure.get("address")), name),
        contacts=contacts(structure),
        mailboxes=mailboxes(structure, labels),
        numbers=_numbers(structure, _STRUCTURE_NUMBERS),
        parent_id=reference_id(structure, "partOf"),
    )


def _numbers(resource: Json, kinds: Iterable[tuple[str, str]]) -> list[Number]:
    found = (Number(kind, identifier(resource, system, kind)) for kind, system in kinds)
    return [number for number in found if number.value]


def _paired(concepts: Iterable[Json], column: str, other: str, labels: Labels) -> list[tuple[str, str]]:
    """(label, label beside it) of each concept that holds a code of the column, each pair once."""
    pairs = (
        (labels.of(coding), joined(labels.by_column([concept]).get(other, ())))
        for concept in concepts
        for coding in codings([concept], column)
    )
    return list(dict.fromkeys(pairs))


def _authorizations(person: Json, labels: Labels) -> list[Authorization]:
    held = [
        one for one in person.get("extension", ()) if one.get("url") == systems.PRACTITIONER_AUTHORIZATION
    ]
    return [Authorization(_concept(one, "type", labels), _concept(one, "field", labels)) for one in held]


def _concept(element: Json, url: str, labels: Labels) -> str:
    codes = extension(element, url).get("valueCodeableConcept", {}).get("coding", ())
    return joined(labels.of(coding) for coding in codes)


def _workplace(role: Json, structure: Json, labels: Labels) -> Workplace:
    codes = labels.by_column(role.get("code", ()))
    name = structure_name(structure)
    return Workplace(
        structure=name,
        structure_id=structure.get("id", ""),
        address=address_lines(first(structure.get("address")), name),
        contacts=[contact for contact in contacts(structure) if contact.system != "fax"],
        mode=joined(codes.get("mode", ())),
        function=joined(codes.get("role", ())),
        capacity=joined(codes.get("activity_kind", ())),
        section=joined(codes.get("pharmacist_section", ())),
        mailboxes=mailboxes(role, labels),
    )
