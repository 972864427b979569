"""Stores to test with: each under its own name in a shared database, written transaction by transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import time_machine

from socle.engines.fhirstore.stores import OPEN_ENDED, StoreDefinition
from socle.engines.fhirstore.write import Counts, writing
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database
from socle.standards.fhir.json import dump, parse

PUBLIC_BASE = "https://directory.example/fhir/v2"
Resource = dict[str, Any]
Key = tuple[str, str]
Changes = Mapping[Key, Resource | None]

RANGED = (
    "fhirstore_version",
    "fhirstore_token",
    "fhirstore_string",
    "fhirstore_reference",
    "fhirstore_date",
)
_INDEXED = {
    "fhirstore_token": "hash, system",
    "fhirstore_string": "value, param, exact",
    "fhirstore_reference": "target, param",
    "fhirstore_date": "low, high, param",
}
_numbers = count(1)


def store_like(definition: StoreDefinition = PUBLIC) -> StoreDefinition:
    """A store that promises what `definition` does, under a name that no other test uses."""
    return store_named(f"test-{next(_numbers)}", definition)


def store_named(name: str, definition: StoreDefinition = PUBLIC) -> StoreDefinition:
    return replace(definition, name=name, beside=(), base=lambda: PUBLIC_BASE)


def key_of(resource: Resource) -> Key:
    return resource["resourceType"], resource["id"]


def changes_of(*resources: Resource) -> Changes:
    return {key_of(resource): resource for resource in resources}


def publish(
    db: Database, store: StoreDefinition, changes: Changes, *, moment: datetime | None = None
) -> Counts:
    """One transaction; a resource of None is a deletion. `moment` is what the clock says meanwhile."""
    with clock_at(moment), writing(db, store, "a test") as writer:
        for (type_name, fid), resource in changes.items():
            if resource is None:
                writer.delete(type_name, fid)
            else:
                writer.put(resource)
    return writer.counts


@contextmanager
def clock_at(moment: datetime | None) -> Iterator[None]:
    """The clock stopped at `moment`, or left alone."""
    if moment is None:
        yield
        return
    with time_machine.travel(moment, tick=False):
        yield


def store_number(db: Database, store: StoreDefinition) -> tuple[int, int]:
    """(number of the store, last published transaction)."""
    with db.reading() as session:
        row = session.fetch_one("SELECT id, published FROM fhirstore_store WHERE name = ?1", store.name)
    assert row is not None
    return int(row[0]), int(row[1])


def ranged_rows(db: Database, store: StoreDefinition) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables whose rows hold over a range of transactions, whole and sorted."""
    number, _ = store_number(db, store)
    with db.reading() as session:
        return {
            table: sorted(
                _plain(row) for row in session.fetch(f"SELECT * FROM {table} WHERE store = ?1", number)
            )
            for table in RANGED
        }


def index_rows_in_force(db: Database, store: StoreDefinition) -> dict[str, list[tuple[Any, ...]]]:
    """The index rows that no later transaction closed, resources by type and id instead of the store's own numbers;
    the numbers of other servers' URLs stay as they are."""
    number, _ = store_number(db, store)
    with db.reading() as session:
        found = session.fetch("SELECT rid, type, fid FROM fhirstore_identity WHERE store = ?1", number)
        names = {rid: (type_number, fid) for rid, type_number, fid in found}
        return {
            table: sorted(
                (
                    names[rid],
                    *(names.get(value, (value,)) if table == "fhirstore_reference" else (value,)),
                    *more,
                )
                for rid, value, *more in session.fetch(
                    f"SELECT rid, {columns} FROM {table} WHERE store = ?1 AND valid_to = ?2",
                    number,
                    OPEN_ENDED,
                )
            )
            for table, columns in _INDEXED.items()
        }


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, bytes | memoryview) else value for value in row)


def current_resources(db: Database, store: StoreDefinition) -> dict[Key, Resource]:
    """What the store holds at its last published transaction, without what the server says itself."""
    number, published = store_number(db, store)
    with db.reading() as session:
        rows = session.fetch(
            "SELECT body FROM fhirstore_version WHERE store = ?1 AND valid_from <= ?2 AND valid_to > ?2 "
            "AND deleted = 0",
            number,
            published,
        )
    found = [without_server_meta(as_read(bytes(body))) for (body,) in rows]
    assert len({key_of(one) for one in found}) == len(found)
    return {key_of(one): one for one in found}


def as_read(body: bytes) -> Resource:
    resource = parse(body)
    assert isinstance(resource, dict)
    return resource


def as_stored(resource: Resource) -> Resource:
    """A resource as it comes back: plain JSON values, shared elements opened."""
    return without_server_meta(as_read(dump(resource)))


def without_server_meta(resource: Resource) -> Resource:
    meta = {
        key: value
        for key, value in resource.get("meta", {}).items()
        if key not in ("versionId", "lastUpdated")
    }
    rest = {key: value for key, value in resource.items() if key != "meta"}
    return {**rest, "meta": meta}
