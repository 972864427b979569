"""Statements of roles that were registered here, published one by one between loads.

The statement, the composed resources and the act that asked for them are one unit of work: nothing is half published,
and what is rolled back leaves the store as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xxhash import xxh3_128_digest

from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.engines.fhirstore.write import writing_in
from socle.foundations.directory.loading.gathering import compose_persons_in
from socle.foundations.directory.statements import SEPARATOR, ActivityLine, Source
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.db import Unit

_CLOSE = (
    "UPDATE directory_statement SET valid_to = ?1 "
    "WHERE source = ?2 AND key = ?3 AND part = ?4 AND valid_to = ?5"
)
_WRITE = (
    "INSERT INTO directory_statement (source, key, part, valid_from, valid_to, digest, mentions, lines) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)"
)
_FORGET = "DELETE FROM directory_statement WHERE source = ?1 AND key = ?2 AND part = ?3 AND valid_to <> ?4"


@dataclass(frozen=True, slots=True)
class Change:
    """What the registration `part` states from now on of the person `key` (national identification): a line, or
    nothing any more."""

    key: str
    part: str
    line: ActivityLine | None


def publish_registered(unit: Unit, changes: Sequence[Change], source: str, *, by: Acting = BY_SYSTEM) -> int:
    """The number of the store's transaction that shows these changes. `source` is kept with it.

    Raises SocleError(STORE_BUSY) while a load is being written: try again later.
    """
    with writing_in(unit, PUBLIC, source, by=by) as writer:
        number = writer.begun.number
        for change in changes:
            unit.execute(_CLOSE, number, int(Source.REGISTERED), change.key, change.part, OPEN_ENDED)
            if change.line is not None:
                text = SEPARATOR.join(change.line)
                values = (int(Source.REGISTERED), change.key, change.part, number, OPEN_ENDED)
                unit.execute(_WRITE, *values, xxh3_128_digest(text.encode()), text)
        compose_persons_in(unit, writer, sorted({change.key for change in changes}))
    for change in changes:
        unit.execute(_FORGET, int(Source.REGISTERED), change.key, change.part, OPEN_ENDED)
    return number


def is_stated_by_files(unit: Unit, key: str) -> bool:
    """Whether a file, and not only what was registered here, says of this person that they are in activity."""
    sql = "SELECT 1 FROM directory_statement WHERE source = ?1 AND key = ?2 AND valid_to = ?3"
    return unit.fetch_one(sql, int(Source.ACTIVITY), key, OPEN_ENDED) is not None


def is_known(unit: Unit, key: str) -> bool:
    """Whether any source ever said something of this person that is still held."""
    sql = "SELECT 1 FROM directory_statement WHERE source IN (1, 2, 3, 4, 8) AND key = ?1 LIMIT 1"
    return unit.fetch_one(sql, key) is not None
