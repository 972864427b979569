"""The lines that the four files hold about a person or a structure.

Labels come from the code tables. A line is the text between two line ends, fields separated by `|`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from socle.foundations.directory.demo.model import Department
from socle.foundations.directory.demo.people import Activity, Person
from socle.foundations.directory.demo.professions import Skill
from socle.foundations.directory.demo.structures import Structure
from socle.foundations.terminology.tables import group, table
from socle.standards.annuaire.files import ACTIVITY, SEPARATOR
from socle.territory.fr.geography import COUNTRY_CODE, COUNTRY_NAME, departments

_PLACE_COLUMNS = ACTIVITY.index("authority") - ACTIVITY.index("siret")
_NO_PLACE = SEPARATOR * (_PLACE_COLUMNS - 1)


@cache
def coded(column: str, code: str) -> str:
    """A code and its label, as two fields; both empty when there is no code."""
    return f"{code}|{group(column).display(code) or ''}" if code else SEPARATOR


@cache
def _skill(skill: Skill | None) -> str:
    if skill is None:
        return SEPARATOR * 3
    return f"{coded('skill_type', skill.type)}|{coded('skill', skill.code)}"


@cache
def _profession(code: str, category: str) -> str:
    return f"{coded('profession', code)}|{coded('category', category)}"


def _civility(person: Person) -> str:
    return coded("civility", "MME" if person.gender == "F" else "M")


def _identity(person: Person) -> str:
    return f"8|{person.rpps}|8{person.rpps}"


def _named(person: Person) -> str:
    return f"{_identity(person)}|{person.family}|{person.given}"


def place_fields(structure: Structure, department: str) -> str:
    """The fields of a structure in an activity line, from SIRET to former identifier."""
    at, place = structure.address, structure.place
    prefix, number = structure.national_id
    return SEPARATOR.join(
        (
            structure.siret,
            structure.siren,
            structure.finess,
            structure.finess_ej,
            structure.id,
            structure.name,
            structure.trade_name,
            structure.recipient,
            at.point,
            at.number,
            at.suffix,
            coded("street_type", at.street_type),
            at.street_name,
            at.distribution,
            f"{place.postal_code} {place.office}",
            place.postal_code,
            place.insee,
            place.name,
            COUNTRY_CODE,
            COUNTRY_NAME,
            structure.phone,
            structure.phone_2,
            structure.fax,
            structure.email,
            department,
            departments()[department].name,
            prefix + number,
        )
    )


class Scribe:
    """Writes the lines of one department; the fields of a structure are composed once."""

    def __init__(self, department: Department) -> None:
        code = department.code
        self._department = department
        self._places = [place_fields(structure, code) for structure in department.structures.all]
        self._sectors = [coded("sector", structure.kind.sector) for structure in department.structures.all]

    def activity(self, person: Person) -> list[str]:
        """One line per skill and activity; one line without place for a person who has none."""
        head = (
            f"{_identity(person)}|{coded('exercise_civility', person.title)}|{_civility(person)}|"
            f"{person.family}|{person.given}|{_profession(person.profession, person.category)}"
        )
        tails = [self._tail(person, activity) for activity in person.activities]
        if not tails:
            tails = [f"{SEPARATOR}|{_NO_PLACE}|{_authority(person)}|{SEPARATOR * 7}"]
        return [f"{head}|{_skill(skill)}|{tail}" for skill in person.skills or (None,) for tail in tails]

    def _tail(self, person: Person, activity: Activity) -> str:
        place, sector = _NO_PLACE, SEPARATOR
        if activity.structure >= 0:
            place, sector = self._places[activity.structure], self._sectors[activity.structure]
        return (
            f"{coded('mode', activity.mode)}|{place}|{_authority(person)}|{sector}|"
            f"{coded('pharmacist_section', activity.section)}|{coded('role', activity.role)}|"
            f"{coded('activity_kind', activity.kind)}"
        )

    def skill(self, person: Person) -> list[str]:
        head = f"{_named(person)}|{_profession(person.profession, person.category)}"
        return [f"{head}|{_skill(skill)}" for skill in person.skills]

    def diploma(self, person: Person) -> list[str]:
        """The State diploma, then the authorization to practise: each has its own line."""
        lines = []
        if person.diploma:
            lines.append(
                f"{_named(person)}|{coded('diploma_type', 'DE')}|{coded('diploma', person.diploma)}||||"
            )
        if person.authorization:
            kind = coded("authorization_type", "AM01")
            field = coded("authorization_field", person.authorization)
            lines.append(f"{_named(person)}|||||{kind}|{field}")
        return lines

    def mailboxes(self) -> Iterator[tuple[str, str]]:
        """Address and line of every mailbox; one that two sites share has two lines."""
        for person in self._department.people:
            if person.mailbox:
                yield person.mailbox, self._personal(person)
        for structure in self._department.structures.all:
            if structure.mailbox:
                yield structure.mailbox, self._organisational(structure)

    def _personal(self, person: Person) -> str:
        place = self._department.structures.all[person.mailbox_place] if person.mailbox_place >= 0 else None
        structure = SEPARATOR.join(place.national_id) if place else SEPARATOR
        skill = coded("skill", person.skills[0].code) if person.skills else SEPARATOR
        name = f"{person.title}|{person.family}|{person.given}"
        category = f"{coded('category', person.category)}|{coded('profession', person.profession)}"
        return (
            f"PER|{person.mailbox}|{_identity(person)}|{structure}||{name}|{category}|{skill}|O|"
            f"{self._where(place)}"
        )

    def _organisational(self, structure: Structure) -> str:
        service = "SECRETARIAT" if structure.mailbox.startswith("secretariat") else ""
        identification = SEPARATOR.join(structure.national_id)
        where = self._where(structure)
        return f"ORG|{structure.mailbox}||||{identification}|{service}|{SEPARATOR * 8}|O|{where}"

    def _where(self, structure: Structure | None) -> str:
        """Name and address of the structure of a mailbox: the last 13 fields."""
        if structure is None:
            return SEPARATOR * 12
        at, place = structure.address, structure.place
        return SEPARATOR.join(
            (
                structure.name,
                structure.trade_name,
                structure.recipient,
                at.distribution,
                at.number,
                at.suffix,
                table("R35").display(at.street_type) or "",
                at.street_name,
                at.point,
                f"{place.postal_code} {place.office}",
                place.postal_code,
                departments()[self._department.code].name,
                COUNTRY_NAME,
            )
        )


@cache
def _thrice(authority: str) -> str:
    return f"{authority}/{authority}/{authority}"


def _authority(person: Person) -> str:
    return _thrice(person.authority)
