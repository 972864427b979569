"""Comparing what files say now with what was said before, and writing the difference.

A full file speaks of all that its source knows: what it leaves out is withdrawn. A delta speaks of the keys it names:
all the lines of each, or a tombstone. A key of which a line was rejected stays as it was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.foundations.directory.loading.columns import STATEMENT_SCHEMA
from socle.foundations.directory.loading.faults import DUPLICATE
from socle.foundations.directory.loading.judging import Judged
from socle.foundations.directory.statements import Source, activity_lines, structure_line
from socle.kernel.db import BulkTable, Column, Database, Session
from socle.standards.annuaire.files import Kind

ROWS_A_COMMIT = 20_000
_ASKED_AT_ONCE = 5_000

STATEMENT = BulkTable(
    "directory_statement",
    (
        Column("source", "int2"),
        Column("key", "text"),
        Column("part", "text"),
        Column("valid_from", "int4"),
        Column("valid_to", "int4"),
        Column("digest", "bytes"),
        Column("mentions", "int4"),
        Column("lines", "text"),
    ),
)


class Mode(StrEnum):
    FULL = "full"
    DELTA = "delta"


@dataclass(slots=True)
class Difference:
    """What changes for one source: statements to write and to close (key, part), keys touched, keys withdrawn."""

    source: Source
    written: pl.DataFrame
    closed: pl.DataFrame
    touched: set[str] = field(default_factory=set)
    gone: int = 0
    scope: int = 0


def compare(session: Session, source: Source, judged: Judged, said: pl.DataFrame, mode: Mode) -> Difference:
    """Statements `said` by one file against those that hold; `Difference.scope` counts what held before."""
    by = "part" if judged.extraction.recognised.format.kind is Kind.MAILBOX else "key"
    named = judged.frame[judged.extraction.recognised.format.key].unique()
    held = pl.Series("held", sorted(judged.held), dtype=pl.String)
    before = _before(session, source, by, named if mode is Mode.DELTA else None)
    kept = before.filter(pl.col(by).is_in(held.implode()))
    before = before.filter(~pl.col(by).is_in(held.implode()))
    said = said.filter(~pl.col(by).is_in(kept[by].implode()))
    joined = said.join(before.select("key", "part", was="digest"), on=["key", "part"], how="left")
    written = joined.filter(pl.col("was").is_null() | (pl.col("was") != pl.col("digest"))).drop("was")
    gone = before.join(said, on=["key", "part"], how="anti")
    if mode is Mode.FULL and _lost_a_line(judged):
        # A rejected line that says of nobody may have been anyone's: nothing is taken from anyone in this load.
        gone, written = gone.clear(), _without_losses(session, source, written, before)
    closed = pl.concat(
        [
            gone.select("key", "part"),
            written.join(before, on=["key", "part"], how="semi").select("key", "part"),
        ]
    )
    return Difference(
        source,
        written,
        closed,
        {*written["key"].to_list(), *closed["key"].to_list()},
        gone.join(said, on=by, how="anti")[by].n_unique(),
        _scope(session, source, by) if mode is Mode.DELTA else before[by].n_unique() + kept[by].n_unique(),
    )


def _lost_a_line(judged: Judged) -> bool:
    return any(not fault.key for fault in judged.faults if fault.rule is not DUPLICATE)


def _without_losses(
    session: Session, source: Source, written: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    """Leave out the statements that say less than before, and nothing new."""
    known = written.join(before, on=["key", "part"], how="semi")
    said = {(key, part): set(lines.split("\n")) for key, part, lines, *_ in known.iter_rows()}
    losing = [
        (key, part)
        for key, part, lines in _held_lines(session, source, sorted({key for key, _ in said}))
        if (key, part) in said and said[key, part] < set(lines.split("\n"))
    ]
    left_out = pl.DataFrame(losing, schema={"key": pl.String, "part": pl.String}, orient="row")
    return written.join(left_out, on=["key", "part"], how="anti")


def _scope(session: Session, source: Source, by: str) -> int:
    """How many persons or mailboxes the source states in all."""
    row = session.fetch_one(
        f"SELECT COUNT(DISTINCT {by}) FROM directory_statement WHERE source = ?1 AND valid_to = ?2",
        int(source),
        OPEN_ENDED,
    )
    return int(row[0]) if row else 0


_HELD = "SELECT key, part, digest FROM directory_statement WHERE source = ?1 AND valid_to = ?2"


def _before(session: Session, source: Source, by: str, named: pl.Series | None) -> pl.DataFrame:
    if named is None:
        rows = session.fetch(_HELD, int(source), OPEN_ENDED)
    else:
        rows = [
            row
            for some in _some_at_once(named.to_list())
            for row in session.fetch(
                f"{_HELD} AND {session.dialect.among_texts(by, 3)}",
                int(source),
                OPEN_ENDED,
                session.dialect.listed(some),
            )
        ]
    schema = {name: STATEMENT_SCHEMA[name] for name in ("key", "part", "digest")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _some_at_once(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _ASKED_AT_ONCE):
        yield keys[start : start + _ASKED_AT_ONCE]


def compare_structures(session: Session, persons: Difference, described: pl.DataFrame) -> list[Difference]:
    """What the changed lines of persons change in how often each description of a structure is carried, and in which
    legal entities are named.

    `described` are the descriptions found in the file. A description that no line carries any more is withdrawn.
    """
    carried = _carried(persons.written["lines"].to_list())
    carried.subtract(_carried(_lines_of(session, persons.source, persons.closed["key"].to_list())))
    moved = {place: by for place, by in carried.items() if by}
    before = {(key, part): mentions for key, part, mentions in _mentions(session, {key for key, _ in moved})}
    after = {place: before.get(place, 0) + by for place, by in moved.items()}
    texts = {(key, part): (lines, digest) for key, part, lines, digest, _ in described.iter_rows()}
    rows = [
        (*place, *(texts.get(place) or _description(session, *place)), mentions)
        for place, mentions in after.items()
        if mentions > 0
    ]
    structures = _difference(Source.STRUCTURE, rows, [place for place in moved if place in before])
    entities = _legal_entities(
        [(place, lines) for *place, lines, _, _ in rows if tuple(place) not in before],
        [(place, _description(session, *place)[0]) for place, mentions in after.items() if mentions <= 0],
    )
    return [structures, entities]


def _legal_entities(came: list[tuple[Any, str]], went: list[tuple[Any, str]]) -> Difference:
    """A legal entity is named by each (structure, description) that carries its FINESS number."""
    rows = [
        (entity, "|".join(place), "", b"", 1)
        for place, lines in came
        if (entity := structure_line(lines).finess_ej)
    ]
    closed = [
        (entity, "|".join(place)) for place, lines in went if (entity := structure_line(lines).finess_ej)
    ]
    return _difference(Source.LEGAL_ENTITY, rows, closed)


def _difference(source: Source, rows: list[tuple[Any, ...]], closed: list[Any]) -> Difference:
    places = pl.DataFrame(closed, schema={"key": pl.String, "part": pl.String}, orient="row")
    written = pl.DataFrame(rows, schema=STATEMENT_SCHEMA, orient="row")
    return Difference(source, written, places, {*written["key"].to_list(), *places["key"].to_list()})


def _carried(texts: Iterable[str]) -> "Counter[tuple[str, str]]":
    counts: Counter[tuple[str, str]] = Counter()
    for text in texts:
        counts.update((line.structure, line.variant) for line in activity_lines(text) if line.structure)
    return counts


def _lines_of(session: Session, source: Source, keys: list[str]) -> Iterator[str]:
    return (lines for _, _, lines in _held_lines(session, source, keys))


def _held_lines(session: Session, source: Source, keys: list[str]) -> Iterator[tuple[str, str, str]]:
    """(key, part, lines) of the statements that hold."""
    for some in _some_at_once(keys):
        rows = session.fetch(
            "SELECT key, part, lines FROM directory_statement WHERE source = ?1 AND valid_to = ?2 AND "
            + session.dialect.among_texts("key", 3),
            int(source),
            OPEN_ENDED,
            session.dialect.listed(some),
        )
        yield from ((key, part, lines) for key, part, lines in rows)


def _mentions(session: Session, keys: set[str]) -> Iterator[tuple[str, str, int]]:
    for some in _some_at_once(sorted(keys)):
        rows = session.fetch(
            "SELECT key, part, mentions FROM directory_statement WHERE source = ?1 AND valid_to = ?2 AND "
            + session.dialect.among_texts("key", 3),
            int(Source.STRUCTURE),
            OPEN_ENDED,
            session.dialect.listed(some),
        )
        yield from ((key, part, mentions) for key, part, mentions in rows)


def _description(session: Session, key: str, part: str) -> tuple[str, bytes]:
    row = session.fetch_one(
        "SELECT lines, digest FROM directory_statement WHERE source = ?1 AND key = ?2 AND part = ?3 AND valid_to = ?4",
        int(Source.STRUCTURE),
        key,
        part,
        OPEN_ENDED,
    )
    if row is None:
        raise LookupError(f"structure {key}: description {part} is carried by a line and held nowhere")
    return str(row[0]), bytes(row[1])


def write(db: Database, difference: Difference, transaction: int) -> None:
    """Write one source's difference under a transaction, in several commits; what is written is then let go."""
    closing = difference.closed.rows()
    for start in range(0, len(closing), ROWS_A_COMMIT):
        with db.unit(durable=False) as unit:
            unit.execute_many(
                "UPDATE directory_statement SET valid_to = ?1 "
                "WHERE source = ?2 AND key = ?3 AND part = ?4 AND valid_to = ?5",
                [
                    (transaction, int(difference.source), key, part, OPEN_ENDED)
                    for key, part in closing[start : start + ROWS_A_COMMIT]
                ],
            )
    ordered = difference.written.sort("key", "part")
    difference.written = difference.written.clear()
    for piece in ordered.iter_slices(ROWS_A_COMMIT):
        with db.unit(durable=False) as unit:
            unit.bulk(
                STATEMENT,
                [
                    (int(difference.source), key, part, transaction, OPEN_ENDED, digest, mentions, lines)
                    for key, part, lines, digest, mentions in piece.iter_rows()
                ],
            )


def forget_closed(db: Database, differences: Iterable[Difference]) -> None:
    """Once published, what was closed is of no further use: the resource's own versions are the history."""
    for difference in differences:
        closing = difference.closed.rows()
        for start in range(0, len(closing), ROWS_A_COMMIT):
            with db.unit(durable=False) as unit:
                unit.execute_many(
                    "DELETE FROM directory_statement WHERE source = ?1 AND key = ?2 AND part = ?3 AND valid_to <> ?4",
                    [
                        (int(difference.source), key, part, OPEN_ENDED)
                        for key, part in closing[start : start + ROWS_A_COMMIT]
                    ],
                )
