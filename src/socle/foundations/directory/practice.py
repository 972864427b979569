"""What a professional practises, told whole when they log in: from the statements of the published state.

The resources of the FHIR API do not say which profession an activity belongs to, nor how a post office writes its name;
the statements they are composed of do, in the very columns that Pro Santé Connect gives on.
"""

from collections.abc import Iterable, Iterator

from socle.engines.fhirstore.search import Snapshot, current
from socle.engines.fhirstore.steps import Ask, Steps, drive
from socle.foundations.directory.facts import PersonFacts, StructureFacts
from socle.foundations.directory.statements import (
    ActivityLine,
    Source,
    StructureLine,
    activity_lines,
    is_role,
    structure_line,
)
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Session
from socle.standards.psc.claims import Activity, Exercise, Professional

_HELD = "valid_from <= ?2 AND valid_to > ?2"
_PERSON = f"SELECT source, lines FROM directory_statement WHERE source IN (1, 8) AND key = ?1 AND {_HELD}"
_STRUCTURES = (
    "SELECT key, part, mentions, lines FROM directory_statement WHERE source = 5 AND {among} AND {held}"
)
# The other fields of an activity are those of the line that states it.
_OF_STRUCTURE = (
    *("sector", "siret", "siren", "finess", "finess_ej", "structure_id", "structure_name", "trade_name"),
    *("address_recipient", "address_point", "street_number", "street_suffix", "street_type", "street_name"),
    *("distribution", "post_office", "postal_code", "commune", "country", "phone", "phone_2", "fax", "email"),
    "former_structure_id",
)
_Key = tuple[str, str, str, str, str, str, str]
Places = dict[tuple[str, str], StructureLine]
"""The description of a structure by its key and by the variant that a line carries; the empty variant is the one that
most lines carry."""


def find_professional(session: Session, national_id: str) -> Professional | None:
    """As the directory shows them now; None of somebody who is in no activity."""
    return drive(session, professional(national_id, drive(session, current(PUBLIC, session.dialect))))


def professional(national_id: str, snapshot: Snapshot) -> Steps[Professional | None]:
    """As the directory showed them in a published state."""
    rows = yield Ask(_PERSON, (national_id, snapshot.transaction))
    facts = PersonFacts(national_id)
    for source, lines in rows:
        told = facts.activity if source == Source.ACTIVITY else facts.registered
        told += activity_lines(lines)
    if not facts.lines():
        return None
    places = yield from _places({line.structure for line in facts.lines() if line.structure}, snapshot)
    return _professional(facts, places)


def _places(keys: Iterable[str], snapshot: Snapshot) -> Steps[Places]:
    listed = sorted(keys)
    if not listed:
        return {}
    sql = _STRUCTURES.format(among=snapshot.dialect.among_texts("key", 1), held=_HELD)
    rows = yield Ask(sql, (snapshot.dialect.listed(listed), snapshot.transaction))
    facts = {key: StructureFacts(key) for key in listed}
    found: Places = {}
    for key, part, mentions, lines in rows:
        line = structure_line(lines)
        facts[key].descriptions.append((mentions, line))
        found[key, part] = line
    for key, one in facts.items():
        if (usual := one.description()) is not None:
            found[key, ""] = usual
    return found


def _professional(facts: PersonFacts, places: Places) -> Professional:
    first = facts.lines()[0]
    return Professional(
        facts.national_id,
        first.family_name,
        first.given_name,
        first.civility,
        tuple(_exercises(facts.lines(), places)),
    )


def _exercises(lines: Iterable[ActivityLine], places: Places) -> Iterator[Exercise]:
    """One of each profession, skill and name under which they are practised, in the order of the lines."""
    grouped: dict[_Key, list[Activity]] = {}
    for line in lines:
        activities = grouped.setdefault(_exercise_key(line), [])
        if is_role(line) and (one := _activity(line, places)) not in activities:
            activities.append(one)
    for key, activities in grouped.items():
        yield Exercise(*key, tuple(activities))


def _exercise_key(line: ActivityLine) -> _Key:
    """In the order of the fields of an Exercise."""
    return (
        line.profession,
        line.category,
        line.exercise_civility,
        line.family_name,
        line.given_name,
        line.skill_type,
        line.skill,
    )


def _activity(line: ActivityLine, places: Places) -> Activity:
    place = places.get((line.structure, line.variant)) or places.get((line.structure, ""))
    told = {name: getattr(place, name) for name in _OF_STRUCTURE} if place else {}
    return Activity(
        **told,
        mode=line.mode,
        pharmacist_section=line.pharmacist_section,
        role=line.role,
        activity_kind=line.activity_kind,
        department=line.department or (place.department if place else ""),
        authority=line.authority,
    )
