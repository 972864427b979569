"""Rows of lists: a person, an activity or a structure in a few words, from the resources that a search returned."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from socle.foundations.directory.elements import (
    address_lines,
    contacts,
    first,
    given_names,
    identifier,
    is_mailbox,
    joined,
    mailboxes,
    person_name,
    person_title,
    town_of,
)
from socle.foundations.directory.labels import Labels
from socle.foundations.directory.resources import Json
from socle.standards.annuaire import systems

_KNOWN_BY_ROLE = {"system": systems.OTHER_PROFESSION, "code": "99"}
_SKILLS_SHOWN = 2


Place = tuple[Json, Json]
"""An activity and its structure, which is empty when the activity has none."""


class Row(TypedDict):
    """What a list shows of one result. `place_id` is the id of the structure, `others` the number of other places."""

    id: str
    name: str
    trade: str
    place: str
    place_id: str
    town: str
    manner: str
    others: int
    mailbox: bool
    active: bool


def person_row(person: Json, places: Sequence[Place], labels: Labels) -> Row:
    """A person with the first of the places where they practise."""
    practised = in_activity(places)
    role, structure = next(
        (place for place in practised if place[1]), practised[0] if practised else ({}, {})
    )
    codes = labels.by_column(role.get("code", ()))
    return {
        "id": person.get("id", ""),
        "name": person_name(person, labels.lang) or numbered(person),
        "trade": trade(person, codes.get("role", ()), labels),
        "place": structure_name(structure),
        "place_id": structure.get("id", ""),
        "town": town_of(structure),
        "manner": manner(codes),
        "others": max(len(practised) - 1, 0),
        "mailbox": has_mailbox(person) or any(has_mailbox(role) for role, _ in practised),
        "active": person.get("active", True),
    }


def in_activity(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place[0].get("active", True)]


def manner(codes: Mapping[str, Sequence[str]]) -> str:
    """The mode of practice in a word: the label of the table lists its variants after a comma."""
    return joined(label.partition(",")[0] for label in codes.get("mode", ()))


def structure_row(structure: Json, labels: Labels) -> Row:
    return {
        "id": structure.get("id", ""),
        "name": structure_name(structure),
        "trade": joined(labels.by_column(structure.get("type", ())).get("sector", ())),
        "place": structure_name(structure),
        "place_id": structure.get("id", ""),
        "town": town_of(structure),
        "manner": "",
        "others": 0,
        "mailbox": has_mailbox(structure),
        "active": structure.get("active", True),
    }


def structure_name(structure: Json) -> str:
    """The name that the sources give, else the FINESS number, which is all that is known of some legal entities."""
    number = identifier(structure, systems.FINESS)
    return str(
        structure.get("name") or next(iter(structure.get("alias", ())), f"FINESS {number}" if number else "")
    )


def trade(person: Json, functions: Sequence[str], labels: Labels) -> str:
    """Profession and skills; a person known by a role has no profession but that role."""
    told = labels.by_column(one.get("code", {}) for one in person.get("qualification", ()))
    by_role = labels.of(_KNOWN_BY_ROLE)
    professions = [label for label in told.get("profession", ()) if label != by_role]
    return joined(dict.fromkeys((*(professions or functions), *told.get("skill", ())[:_SKILLS_SHOWN])))


def numbered(person: Json) -> str:
    """What stands for the name of somebody who is not in activity any more."""
    number = identifier(person, systems.RPPS)
    return f"RPPS {number}" if number else str(person.get("id", ""))


def has_mailbox(resource: Json) -> bool:
    return any(is_mailbox(point) for point in resource.get("telecom", ()))


def person_lines(person: Json, places: Sequence[Place], labels: Labels) -> Iterator[tuple[str, ...]]:
    """A person as lines of a spreadsheet, one a place."""
    name = first(person.get("name"))
    for role, structure in in_activity(places) or [({}, {})]:
        codes = labels.by_column(role.get("code", ()))
        boxes = [box.address for resource in (person, role) for box in mailboxes(resource, labels)]
        yield (
            identifier(person, systems.RPPS),
            person_title(name, labels.lang),
            str(name.get("family", "")),
            given_names(name),
            trade(person, codes.get("role", ()), labels),
            manner(codes),
            *structure_cells(structure),
            " ".join(dict.fromkeys(boxes)),
        )


def structure_line(structure: Json, labels: Labels) -> tuple[str, ...]:
    """A structure as a line of a spreadsheet."""
    boxes = " ".join(box.address for box in mailboxes(structure, labels))
    sectors = joined(labels.by_column(structure.get("type", ())).get("sector", ()))
    return (
        *structure_cells(structure),
        sectors,
        identifier(structure, systems.SIRENE, systems.TYPE_SIRET),
        boxes,
    )


def structure_cells(structure: Json) -> tuple[str, ...]:
    """Name, FINESS number, street, postal code, town and telephone."""
    address = first(structure.get("address"))
    street = ", ".join(address_lines({**address, "postalCode": "", "city": ""}, structure_name(structure)))
    phone = next((contact.shown for contact in contacts(structure) if contact.system == "phone"), "")
    return (
        structure_name(structure),
        identifier(structure, systems.FINESS),
        street,
        str(address.get("postalCode", "")),
        str(address.get("city", "")),
        phone,
    )
