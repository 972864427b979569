"""Statements: what one source says of one person, structure or mailbox, and how it is keyed.

A statement is text in the source's own columns, one line a line of the file, fields in the order given here, lines
sorted: the order of lines in a file never makes a difference.
"""

from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

from socle.standards.annuaire.files import ACTIVITY, DIPLOMA, MAILBOX, SKILL, FileFormat

SEPARATOR: Final = "|"


class Source(IntEnum):
    """Numbers are stored: never reuse one."""

    ACTIVITY = 1
    SKILL = 2
    DIPLOMA = 3
    MAILBOX = 4
    STRUCTURE = 5
    """Structures as the lines of the activity file repeat them."""
    LEGAL_ENTITY = 6
    """Legal entities as the structures name them."""
    STRUCTURE_MAILBOX = 7
    """Lines of the mailbox file whose holder is a structure; those of persons are under MAILBOX."""
    REGISTERED = 8
    """Roles that persons registered here and their employer validated: no file states them, and no load takes them
    away. One statement a registration, whose number is its part."""


FORMAT_OF: Final[dict[Source, FileFormat]] = {
    Source.ACTIVITY: ACTIVITY,
    Source.SKILL: SKILL,
    Source.DIPLOMA: DIPLOMA,
    Source.MAILBOX: MAILBOX,
}
SOURCE_OF: Final = {form.kind: source for source, form in FORMAT_OF.items()}


class ActivityLine(NamedTuple):
    """One line of the activity file, without the structure's own columns: `structure` is its key, `variant` tells
    which of the descriptions of that structure the line carries."""

    id_type: str
    id: str
    exercise_civility: str
    civility: str
    family_name: str
    given_name: str
    profession: str
    category: str
    skill_type: str
    skill: str
    mode: str
    pharmacist_section: str
    role: str
    activity_kind: str
    authority: str
    department: str
    structure: str
    variant: str


class StructureLine(NamedTuple):
    """A structure as a line of the activity file describes it."""

    siret: str
    siren: str
    finess: str
    finess_ej: str
    structure_id: str
    structure_name: str
    trade_name: str
    address_recipient: str
    address_point: str
    street_number: str
    street_suffix: str
    street_type: str
    street_name: str
    distribution: str
    post_office: str
    postal_code: str
    commune: str
    commune_label: str
    country: str
    phone: str
    phone_2: str
    fax: str
    email: str
    department: str
    former_structure_id: str
    sector: str
    authority: str


class SkillLine(NamedTuple):
    id_type: str
    id: str
    family_name: str
    given_name: str
    profession: str
    category: str
    skill_type: str
    skill: str


class DiplomaLine(NamedTuple):
    id_type: str
    id: str
    family_name: str
    given_name: str
    diploma_type: str
    diploma: str
    authorization_type: str
    authorization_field: str


class MailboxLine(NamedTuple):
    """One line of the mailbox file; `person` is the national identification and `structure` the key, when given."""

    mailbox_type: str
    address: str
    person: str
    structure: str
    structure_id_type: str
    structure_id: str
    service: str
    dematerialisation: str
    structure_name: str
    trade_name: str
    address_recipient: str
    distribution: str
    street_number: str
    street_suffix: str
    street_type: str
    street_name: str
    address_point: str
    post_office: str
    postal_code: str


Line = ActivityLine | StructureLine | SkillLine | DiplomaLine | MailboxLine
LINE_OF: Final[dict[Source, type[Line]]] = {
    Source.ACTIVITY: ActivityLine,
    Source.SKILL: SkillLine,
    Source.DIPLOMA: DiplomaLine,
    Source.MAILBOX: MailboxLine,
    Source.STRUCTURE: StructureLine,
    Source.REGISTERED: ActivityLine,
}
OF_PERSONS: Final = (Source.ACTIVITY, Source.SKILL, Source.DIPLOMA, Source.MAILBOX)
OF_STRUCTURES: Final = (Source.STRUCTURE, Source.LEGAL_ENTITY, Source.STRUCTURE_MAILBOX)


def activity_lines(text: str) -> list[ActivityLine]:
    return [ActivityLine._make(line.split(SEPARATOR)) for line in text.split("\n")]


def skill_lines(text: str) -> list[SkillLine]:
    return [SkillLine._make(line.split(SEPARATOR)) for line in text.split("\n")]


def diploma_lines(text: str) -> list[DiplomaLine]:
    return [DiplomaLine._make(line.split(SEPARATOR)) for line in text.split("\n")]


def mailbox_lines(text: str) -> list[MailboxLine]:
    return [MailboxLine._make(line.split(SEPARATOR)) for line in text.split("\n")]


def structure_line(text: str) -> StructureLine:
    return StructureLine._make(text.split(SEPARATOR))


def stable_id(prefix: str, *parts: str) -> str:
    """A resource id in the shape of the national service's (`003-…`), the same for the same key for ever."""
    return f"{prefix}-{blake2b('|'.join(parts).encode(), digest_size=10).hexdigest()}"


@lru_cache(maxsize=1_000)
def practitioner_id(national_id: str) -> str:
    return stable_id("003", national_id)


@lru_cache(maxsize=20_000)
def organization_id(structure: str) -> str:
    return stable_id("001", structure)


def role_key(national_id: str, line: ActivityLine) -> tuple[str, ...]:
    """What makes two lines of a person one activity: the files publish no activity number."""
    return (
        national_id,
        line.profession,
        line.category,
        line.mode,
        line.structure,
        line.role,
        line.activity_kind,
        line.pharmacist_section,
    )


def role_id(key: tuple[str, ...]) -> str:
    return stable_id("005", *key)


def is_role(line: ActivityLine) -> bool:
    """A line without structure is an activity when it says how, as what or in which capacity the person acts."""
    return bool(line.structure or line.mode or line.role or line.activity_kind or line.pharmacist_section)
