"""PractitionerRole (profile as-dp-practitionerrole): one activity of a person, with or without a structure."""

from collections.abc import Iterator
from functools import lru_cache

from socle.foundations.directory.compose.elements import (
    ASSUMED_ACTIVITY,
    Json,
    coding,
    concept,
    mailboxes,
    meta,
)
from socle.foundations.directory.facts import PersonFacts
from socle.foundations.directory.statements import (
    ActivityLine,
    MailboxLine,
    is_role,
    organization_id,
    practitioner_id,
    role_id,
    role_key,
)
from socle.standards.fhir.json import Prepared

_CODES = ("activity_kind", "mode", "role", "pharmacist_section")


def practitioner_roles(facts: PersonFacts) -> Iterator[Json]:
    """One resource an activity: lines that differ only by a skill are one activity."""
    lines: dict[tuple[str, ...], ActivityLine] = {}
    for line in facts.lines():
        if is_role(line):
            lines.setdefault(role_key(facts.national_id, line), line)
    shown: set[str] = set()
    for key, line in lines.items():
        first = line.structure not in shown
        shown.add(line.structure)
        yield _role(facts.national_id, key, line, _boxes(facts, line) if first else [])


def _boxes(facts: PersonFacts, line: ActivityLine) -> list[MailboxLine]:
    """Mailboxes tied to the person and this place; a person with two activities in a place has them on the first."""
    return [one for one in facts.mailboxes if one.structure and one.structure == line.structure]


def _role(national_id: str, key: tuple[str, ...], line: ActivityLine, boxes: list[MailboxLine]) -> Json:
    number = role_id(key)
    made: Json = {
        "resourceType": "PractitionerRole",
        "id": number,
        "meta": meta("PractitionerRole", "RPPS", line.authority),
        "language": "fr",
        "identifier": [{"system": ASSUMED_ACTIVITY, "value": number}],
        "active": True,
        "practitioner": {"reference": f"Practitioner/{practitioner_id(national_id)}"},
    }
    if line.structure:
        made["organization"] = {"reference": f"Organization/{organization_id(line.structure)}"}
    if any(codes := (line.activity_kind, line.mode, line.role, line.pharmacist_section)):
        made["code"] = _codes(*codes)
    if boxes:
        made["telecom"] = mailboxes(boxes)
    return made


@lru_cache(maxsize=20_000)
def _codes(*codes: str) -> Prepared:
    """Capacity, mode, function and section: few combinations, so each is made once."""
    return Prepared(
        [concept(coding(column, code)) for column, code in zip(_CODES, codes, strict=True) if code]
    )
