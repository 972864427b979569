"""Removing the versions and index rows that nobody can see any more.

A row that transaction N closed is seen by searches that began before N was published, and their page links live for a
while after that (ADR 0006). Once N is older, the row is of no use: reads and new searches see the last published
transaction, and versions that are no longer in force are not promised to anyone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from socle.engines.fhirstore.ddl import IS_CLOSED, key_columns
from socle.engines.fhirstore.rows import VERSIONED
from socle.engines.fhirstore.settings import fhirstore_settings
from socle.kernel.clock import now_micros
from socle.kernel.db import Database, Session

BATCH = 5_000
_HOUR = 3_600_000_000
# What was published before the first transaction that is too young, by its number: a clock that was set back in between
# then makes a purge remove less, never more.
_HORIZON = (
    "SELECT s.id, MAX(t.number) FROM fhirstore_store s JOIN fhirstore_transaction t ON t.store = s.id "
    "WHERE s.name = ?1 AND t.state = 'published' AND t.number < COALESCE((SELECT MIN(y.number) "
    "FROM fhirstore_transaction y WHERE y.store = s.id AND y.state = 'published' AND y.published > ?2), t.number + 1) "
    "GROUP BY s.id"
)


@dataclass(slots=True)
class Purged:
    """How many rows went."""

    versions: int = 0
    index_rows: int = 0


def purge(db: Database, store: str, *, closed_hours: float | None = None, batch: int = BATCH) -> Purged:
    """Remove from the named store what was closed more than `closed_hours` ago (the setting's by default).

    Each database transaction removes `batch` rows at most, so that writers wait little and an interrupted purge keeps
    what it did. It needs no exclusive right: a transaction being written never touches rows that others closed.
    """
    hours = fhirstore_settings().closed_hours if closed_hours is None else closed_hours
    with db.reading() as session:
        horizon = _horizon(session, store, now_micros() - int(hours * _HOUR))
    purged = Purged()
    if horizon is None:
        return purged
    for table in VERSIONED:
        removed = sum(_batches(db, table, *horizon, batch))
        if table == "fhirstore_version":
            purged.versions += removed
        else:
            purged.index_rows += removed
    return purged


def purge_closed(db: Database) -> Mapping[str, int]:
    """The daily job: every store."""
    with db.reading() as session:
        stores = [name for (name,) in session.fetch("SELECT name FROM fhirstore_store ORDER BY name")]
    found = [purge(db, name) for name in stores]
    return {
        "versions": sum(one.versions for one in found),
        "index-rows": sum(one.index_rows for one in found),
    }


def _horizon(session: Session, store: str, limit: int) -> tuple[int, int] | None:
    """(store's number, last transaction of those published up to `limit`); None when there is none."""
    row = session.fetch_one(_HORIZON, store, limit)
    return (row[0], row[1]) if row else None


def _batches(db: Database, table: str, store: int, horizon: int, batch: int) -> Iterator[int]:
    """How many rows each database transaction removed, until none is left."""
    columns = key_columns(table)
    found = f"SELECT {', '.join(columns)} FROM {table} WHERE store = ?1 AND valid_to <= ?2 AND {IS_CLOSED} LIMIT ?3"
    key = " AND ".join(f"{column} = ?{rank}" for rank, column in enumerate(columns, 1))
    removed = batch
    while removed == batch:
        with db.unit(durable=False) as unit:
            rows = unit.fetch(found, store, horizon, batch)
            unit.execute_many(f"DELETE FROM {table} WHERE {key}", rows)
        removed = len(rows)
        yield removed
