"""Practitioner (profile as-dp-practitioner): a person's identifiers, names, qualifications and personal mailboxes."""

from functools import lru_cache

from socle.foundations.directory.compose.elements import (
    ASSUMED_PERSON,
    Json,
    coded,
    identifier,
    mailboxes,
    meta,
)
from socle.foundations.directory.facts import PersonFacts
from socle.foundations.directory.statements import ActivityLine, MailboxLine, practitioner_id
from socle.standards.annuaire import systems
from socle.standards.fhir.json import Prepared

_RPPS_TYPE = "8"


def practitioner(facts: PersonFacts) -> Json:
    """The resource of a person who has an activity."""
    line = facts.lines()[0]
    made: Json = {
        "resourceType": "Practitioner",
        "id": practitioner_id(facts.national_id),
        "meta": meta("Practitioner", "RPPS", line.authority),
        "language": "fr",
    }
    if authorizations := _authorizations(facts):
        made["extension"] = authorizations
    made["identifier"] = _identifiers(facts.national_id, line)
    made["active"] = True
    if name := _name(line):
        made["name"] = [name]
    if addresses := mailboxes(_own_mailboxes(facts)):
        made["telecom"] = addresses
    if qualifications := _qualifications(facts):
        made["qualification"] = qualifications
    return made


def _own_mailboxes(facts: PersonFacts) -> list[MailboxLine]:
    """Those tied to no place, or to a place where the person has no activity that could carry them."""
    places = {line.structure for line in facts.lines()}
    return [one for one in facts.mailboxes if not one.structure or one.structure not in places]


def _identifiers(national_id: str, line: ActivityLine) -> list[Json]:
    person = identifier(systems.TYPE_PERSON, systems.PERSON, national_id)
    if line.id_type == _RPPS_TYPE and line.id:
        return [person, identifier(systems.TYPE_RPPS, systems.RPPS, line.id)]
    return [person, {"use": "official", "system": ASSUMED_PERSON, "value": practitioner_id(national_id)}]


def _name(line: ActivityLine) -> Json:
    name: Json = {}
    if line.family_name:
        name["family"] = line.family_name
    if line.given_name:
        name["given"] = [line.given_name]
    if line.civility:
        name["prefix"] = [line.civility]
    if line.exercise_civility:
        name["suffix"] = [line.exercise_civility]
    return {"use": "usual", **name} if name else {}


def _qualifications(facts: PersonFacts) -> list[Prepared]:
    """Diplomas, then professions practised, then skills; each once, in code order."""
    diplomas = sorted({(line.diploma, line.diploma_type) for line in facts.diplomas if line.diploma})
    exercises = sorted({(line.profession, line.category) for line in facts.activity if line.profession})
    told = [(line.skill, line.skill_type) for line in facts.activity if line.skill]
    told += [(line.skill, line.skill_type) for line in facts.skills if line.skill]
    return [
        *(_pair("diploma", code, "diploma_type", kind) for code, kind in diplomas),
        *(_pair("profession", code, "category", category) for code, category in exercises),
        *(_pair("skill", code, "skill_type", kind) for code, kind in sorted(set(told))),
    ]


@lru_cache(maxsize=20_000)
def _pair(column: str, code: str, other_column: str, other: str) -> Prepared:
    return Prepared({"code": coded((column, code), (other_column, other))})


def _authorizations(facts: PersonFacts) -> list[Json]:
    found = {
        (line.authorization_type, line.authorization_field)
        for line in facts.diplomas
        if line.authorization_type
    }
    made = []
    for kind, discipline in sorted(found):
        parts: list[Json] = [{"url": "type", "valueCodeableConcept": coded(("authorization_type", kind))}]
        if discipline:
            parts.append({"url": "field", "valueCodeableConcept": coded(("authorization_field", discipline))})
        made.append({"url": systems.PRACTITIONER_AUTHORIZATION, "extension": parts})
    return made
