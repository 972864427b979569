"""From statements to resources: for every person and structure that a load touches, gather what all sources say, before
and after, compose, and hand to the store what is to change."""

from collections.abc import Iterable, Iterator
from typing import Any

from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.engines.fhirstore.write import Writer
from socle.foundations.directory.compose import organization, practitioner, practitioner_roles, tombstone
from socle.foundations.directory.facts import PersonFacts, StructureFacts
from socle.foundations.directory.loading.reading import Progress
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
from socle.kernel.db import Database

KEYS_AT_ONCE = 2_000


def compose_persons(db: Database, writer: Writer, touched: Iterable[str], progress: Progress | None) -> None:
    number = writer.begun.number
    for keys, done, total in _batches(touched):
        before = {key: PersonFacts(key) for key in keys}
        after = {key: PersonFacts(key) for key in keys}
        for source, key, valid_to, _, lines in _statements(db, OF_PERSONS, keys, number):
            _tell_person((after if valid_to == OPEN_ENDED else before)[key], source, lines)
        for key in keys:
            _put_person(writer, before[key], after[key])
        if progress:
            progress(done, total)


def compose_structures(db: Database, writer: Writer, touched: Iterable[str], progress: Progress | None) -> None:
    number = writer.begun.number
    for keys, done, total in _batches(touched):
        before = {key: StructureFacts(key) for key in keys}
        after = {key: StructureFacts(key) for key in keys}
        for source, key, valid_to, mentions, lines in _statements(db, OF_STRUCTURES, keys, number):
            _tell_structure((after if valid_to == OPEN_ENDED else before)[key], source, mentions, lines)
        for key in keys:
            if after[key].is_stated():
                writer.put(organization(after[key]))
            elif before[key].is_stated():
                writer.put(tombstone(organization(before[key])))
        if progress:
            progress(done, total)


def _batches(touched: Iterable[str]) -> Iterator[tuple[list[str], int, int]]:
    keys = sorted(touched)
    for start in range(0, len(keys), KEYS_AT_ONCE):
        batch = keys[start : start + KEYS_AT_ONCE]
        yield batch, start + len(batch), len(keys)


def _statements(db: Database, sources: Iterable[Source], keys: list[str], number: int) -> list[tuple[Any, ...]]:
    """(source, key, valid_to, mentions, lines) that hold now, and those that this transaction closed."""
    listed = ", ".join(str(int(source)) for source in sources)
    with db.reading() as session:
        return session.fetch(
            "SELECT source, key, valid_to, mentions, lines FROM directory_statement "
            f"WHERE source IN ({listed}) AND {session.dialect.among_texts('key', 1)} AND valid_to IN (?2, ?3)",
            session.dialect.listed(keys),
            OPEN_ENDED,
            number,
        )


def _tell_person(facts: PersonFacts, source: int, lines: str) -> None:
    if source == Source.ACTIVITY:
        facts.activity = activity_lines(lines)
    elif source == Source.SKILL:
        facts.skills = skill_lines(lines)
    elif source == Source.DIPLOMA:
        facts.diplomas = diploma_lines(lines)
    else:
        facts.mailboxes += mailbox_lines(lines)


def _tell_structure(facts: StructureFacts, source: int, mentions: int, lines: str) -> None:
    if source == Source.STRUCTURE:
        facts.descriptions.append((mentions, structure_line(lines)))
    elif source == Source.LEGAL_ENTITY:
        facts.is_legal_entity = True
    else:
        facts.mailboxes += mailbox_lines(lines)


def _put_person(writer: Writer, before: PersonFacts, after: PersonFacts) -> None:
    """A person is in activity as long as the activity file names them; skills and diplomas of others wait."""
    kept: set[str] = set()
    if after.activity:
        writer.put(practitioner(after))
        for role in practitioner_roles(after):
            kept.add(role["id"])
            writer.put(role)
    elif before.activity:
        writer.put(tombstone(practitioner(before)))
    if before.activity:
        for role in practitioner_roles(before):
            if role["id"] not in kept:
                writer.put(tombstone(role))
