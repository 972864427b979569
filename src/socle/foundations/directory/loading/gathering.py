"""From statements to resources: for every person and structure that a load touches, gather what all sources say, before
and after, compose, and hand to the store what is to change."""

from collections.abc import Iterable, Iterator
from typing import Any

from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.engines.fhirstore.write import Writer
from socle.foundations.directory.compose import organization, practitioner, practitioner_roles, tombstone
from socle.foundations.directory.facts import PersonFacts, StructureFacts
from socle.foundations.directory.loading.progress import Progress
from socle.foundations.directory.statements import (
    OF_PERSONS,
    OF_STRUCTURES,
    Source,
    activity_lines,
    diploma_lines,
    mailbox_lines,
    skill_lines,
    structure_line,
)
from socle.kernel.db import Database, Session, Unit

KEYS_AT_ONCE = 2_000
Told = tuple[int, str, int, int, str]
"""(source, key, valid_to, mentions, lines) of one statement."""


def compose_persons(db: Database, writer: Writer, touched: Iterable[str], progress: Progress) -> int:
    """Returns how many resources became inactive."""
    number, gone = writer.begun.number, 0
    registered = _registered_keys(db)
    for keys, done, total in batches(touched):
        told = told_of(db, OF_PERSONS, keys, number)
        if here := [key for key in keys if key in registered]:
            told += told_of(db, (Source.REGISTERED,), here, number)
        for resource in _changes(told, keys):
            gone += resource["active"] is False
            writer.put(resource)
        progress(done, total)
    return gone


def compose_persons_in(unit: Unit, writer: Writer, keys: list[str]) -> None:
    """The same for a few persons, in a unit of the caller's."""
    told = told_in(unit, (*OF_PERSONS, Source.REGISTERED), keys, writer.begun.number)
    for resource in _changes(told, keys):
        writer.put(resource)


def _registered_keys(db: Database) -> set[str]:
    """Who has a role that was registered here: few among all, so that the others are not looked for one by one."""
    with db.reading() as session:
        rows = session.fetch(
            "SELECT DISTINCT key FROM directory_statement WHERE source = ?1 AND valid_to = ?2",
            int(Source.REGISTERED),
            OPEN_ENDED,
        )
    return {key for (key,) in rows}


def compose_structures(db: Database, writer: Writer, touched: Iterable[str], progress: Progress) -> int:
    """Returns how many resources became inactive."""
    number, gone = writer.begun.number, 0
    for keys, done, total in batches(touched):
        before, after = _structures(told_of(db, OF_STRUCTURES, keys, number), keys)
        for key in keys:
            if after[key].is_stated():
                writer.put(organization(after[key]))
            elif before[key].is_stated():
                writer.put(tombstone(organization(before[key])))
                gone += 1
        progress(done, total)
    return gone


def batches(touched: Iterable[str]) -> Iterator[tuple[list[str], int, int]]:
    """(keys, done with them, total), in key order."""
    keys = sorted(touched)
    for start in range(0, len(keys), KEYS_AT_ONCE):
        batch = keys[start : start + KEYS_AT_ONCE]
        yield batch, start + len(batch), len(keys)


def told_of(db: Database, sources: Iterable[Source], keys: list[str], number: int) -> list[Told]:
    """The statements that hold now, and those that transaction `number` closed."""
    with db.reading() as session:
        return told_in(session, sources, keys, number)


def told_in(session: Session, sources: Iterable[Source], keys: list[str], number: int) -> list[Told]:
    listed = ", ".join(str(int(source)) for source in sources)
    rows: list[Any] = session.fetch(
        "SELECT source, key, valid_to, mentions, lines FROM directory_statement "
        f"WHERE source IN ({listed}) AND {session.dialect.among_texts('key', 1)} AND valid_to IN (?2, ?3)",
        session.dialect.listed(keys),
        OPEN_ENDED,
        number,
    )
    return rows


def first_persons(told: list[Told], keys: list[str]) -> Iterator[dict[str, Any]]:
    """The resources of persons of whom nothing was held before."""
    return _changes(told, keys)


def first_structures(told: list[Told], keys: list[str]) -> Iterator[dict[str, Any]]:
    _, after = _structures(told, keys)
    return (organization(after[key]) for key in keys if after[key].is_stated())


def _changes(told: list[Told], keys: list[str]) -> Iterator[dict[str, Any]]:
    before, after = _persons(told, keys)
    return (resource for key in keys for resource in _person_changes(before[key], after[key]))


def _persons(told: list[Told], keys: list[str]) -> tuple[dict[str, PersonFacts], dict[str, PersonFacts]]:
    before = {key: PersonFacts(key) for key in keys}
    after = {key: PersonFacts(key) for key in keys}
    for source, key, valid_to, _, lines in told:
        facts = (after if valid_to == OPEN_ENDED else before)[key]
        if source == Source.ACTIVITY:
            facts.activity = activity_lines(lines)
        elif source == Source.REGISTERED:
            facts.registered += activity_lines(lines)
        elif source == Source.SKILL:
            facts.skills = skill_lines(lines)
        elif source == Source.DIPLOMA:
            facts.diplomas = diploma_lines(lines)
        else:
            facts.mailboxes += mailbox_lines(lines)
    return before, after


def _structures(
    told: list[Told], keys: list[str]
) -> tuple[dict[str, StructureFacts], dict[str, StructureFacts]]:
    before = {key: StructureFacts(key) for key in keys}
    after = {key: StructureFacts(key) for key in keys}
    for source, key, valid_to, mentions, lines in told:
        facts = (after if valid_to == OPEN_ENDED else before)[key]
        if source == Source.STRUCTURE:
            facts.descriptions.append((mentions, structure_line(lines)))
        elif source == Source.LEGAL_ENTITY:
            facts.is_legal_entity = True
        else:
            facts.mailboxes += mailbox_lines(lines)
    return before, after


def _person_changes(before: PersonFacts, after: PersonFacts) -> Iterator[dict[str, Any]]:
    """A person is in activity as long as an activity is stated of them; skills and diplomas of others wait."""
    kept: set[str] = set()
    if after.lines():
        yield practitioner(after)
        for role in practitioner_roles(after):
            kept.add(role["id"])
            yield role
    elif before.lines():
        yield tombstone(practitioner(before))
    if before.lines():
        for role in practitioner_roles(before):
            if role["id"] not in kept:
                yield tombstone(role)
