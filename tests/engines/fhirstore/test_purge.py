"""A purge takes what nobody can see any more, and nothing that a read, a search or a page link still shows."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.engines.fhirstore.links import LIFETIME_HOURS
from socle.engines.fhirstore.purge import Purged, purge
from socle.engines.fhirstore.query import Query, read_query
from socle.engines.fhirstore.read import read
from socle.engines.fhirstore.search import Page, Snapshot, Start, search
from socle.engines.fhirstore.settings import fhirstore_settings
from socle.engines.fhirstore.steps import drive
from socle.engines.fhirstore.stores import OPEN_ENDED, StoreDefinition
from socle.engines.fhirstore.write import writing
from socle.kernel.clock import from_micros, now
from socle.kernel.db import Database, Session
from socle.kernel.errors import SocleError
from tests.support.fhir_client import Caller
from tests.support.fhir_queries import Asker
from tests.support.fhir_resources import KEYS, TYPES, Step, history
from tests.support.fhir_store import changes_of, clock_at, publish, ranged_rows, store_like, store_number

ASKED = 12


def practitioner(fid: str, **elements: Any) -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": fid, **elements}


def published(db: Database, store: StoreDefinition) -> list[tuple[int, int]]:
    """(number, microseconds) of the published transactions, in order."""
    number, _ = store_number(db, store)
    with db.reading() as session:
        rows = session.fetch(
            "SELECT number, published FROM fhirstore_transaction WHERE store = ?1 AND state = 'published' "
            "ORDER BY number",
            number,
        )
    return [(int(one), int(moment)) for one, moment in rows]


def young(transactions: list[tuple[int, int]], limit: int) -> list[int]:
    """The transactions that a search begun after `limit` may see: from the first that was published later, or was still
    the last one then. The clock may have been set back meanwhile, and what came after that one is seen too."""
    moments = [moment for _, moment in transactions]
    ends = [*moments[1:], limit + 1]
    first = next(
        rank for rank, (begin, end) in enumerate(zip(moments, ends, strict=True)) if max(begin, end) > limit
    )
    return [number for number, _ in transactions[first:]]


def queries(store: StoreDefinition, steps: list[Step], seed: int) -> Iterator[Query]:
    for type_name in TYPES:
        yield read_query(store, type_name, [("_total", "accurate")])
    asker = Asker(Random(seed), steps)
    for _ in range(ASKED):
        asked = asker.query()
        yield read_query(store, asked.type, asked.pairs)


def page_of(page: Page) -> tuple[Any, ...]:
    return (
        [(rid, bytes(body)) for rid, body in page.matches],
        [(rid, bytes(body)) for rid, body in page.included],
        page.total,
        page.before,
        page.after,
    )


def seen(db: Database, store: StoreDefinition, asked: list[Query], snapshots: Iterable[int]) -> list[Any]:
    """All that the queries find at each snapshot, and all that is read now."""
    number, _ = store_number(db, store)
    with db.reading() as session:
        found: list[Any] = [
            page_of(drive(session, search(store, query, Snapshot(number, at, db.dialect), Start())))
            for at in sorted(snapshots)
            for query in asked
        ]
        return found + [read_now(session, store, *key) for key in KEYS]


def read_now(session: Session, store: StoreDefinition, type_name: str, fid: str) -> object:
    try:
        return drive(session, read(store, type_name, fid))
    except SocleError as refused:
        return refused.code


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32),
    transactions=st.integers(1, 5),
    hours=st.sampled_from((0.0, 0.001, 1.0, 1.001, 24.0, 25.0, 49.0)),
    batch=st.sampled_from((1, 3, 5_000)),
)
def test_what_can_be_seen_stays_and_the_rest_goes(
    database: Database, seed: int, transactions: int, hours: float, batch: int
) -> None:
    steps, store = history(Random(seed), transactions), store_like()
    for step in steps:
        publish(database, store, step.changes, moment=step.moment)
    asked = list(queries(store, steps, seed))
    last = max(moment for _, moment in published(database, store))
    kept = young(published(database, store), last - int(hours * 3_600_000_000))
    before, rows = seen(database, store, asked, kept), ranged_rows(database, store)
    with clock_at(from_micros(last)):
        purged = purge(database, store.name, closed_hours=hours, batch=batch)
        assert purge(database, store.name, closed_hours=hours, batch=batch) == Purged()
    assert seen(database, store, asked, kept) == before
    left = ranged_rows(database, store)
    assert left == {
        table: [row for row in held if is_visible(table, row, kept)] for table, held in rows.items()
    }
    gone = {table: len(rows[table]) - len(left[table]) for table in rows}
    assert purged == Purged(gone.pop("fhirstore_version"), sum(gone.values()))


def is_visible(table: str, row: tuple[Any, ...], snapshots: list[int]) -> bool:
    valid_from, valid_to = (row[2], row[3]) if table == "fhirstore_version" else row[-2:]
    return valid_to == OPEN_ENDED or any(valid_from <= at < valid_to for at in snapshots)


def test_a_walk_goes_on_through_a_purge_until_its_links_end(caller: Caller) -> None:
    store, begin = store_like(), now()
    publish(caller.db, store, changes_of(*(practitioner(fid, active=True) for fid in "1234")), moment=begin)
    with time_machine.travel(begin + timedelta(hours=1), tick=False):
        first = caller.bundle(store, "Practitioner", [("active", "true"), ("_count", "2")])
    changed = changes_of(*(practitioner(fid, active=False) for fid in "123"))
    publish(
        caller.db,
        store,
        {**changed, ("Practitioner", "4"): None},
        moment=begin + timedelta(hours=1, seconds=1),
    )
    with time_machine.travel(begin + timedelta(hours=1 + LIFETIME_HOURS), tick=False):
        assert purge(caller.db, store.name) == Purged()
        second = caller.bundle(store, first.links["next"])
        assert (first.ids, second.ids) == (["1", "2"], ["3", "4"])
        assert [one["active"] for one in second.matches] == [True, True]
    hours = fhirstore_settings().closed_hours
    with time_machine.travel(begin + timedelta(hours=1 + hours, seconds=2), tick=False):
        assert purge(caller.db, store.name) == Purged(4, 4)
        assert caller.ask(store, "GET", first.links["next"]).status_code == 410
        assert caller.bundle(store, "Practitioner").ids == ["1", "2", "3"]
        assert caller.ask(store, "GET", "Practitioner/4").status_code == 410


@pytest.mark.parametrize("published", [True, False])
def test_a_purge_beside_a_transaction_being_written_leaves_it_alone(
    database: Database, published: bool
) -> None:
    store, twin = store_like(), store_like()
    steps = [changes_of(practitioner("1", active=active)) for active in (True, False)]
    for one in (store, twin):
        for step in steps:
            publish(database, one, step, moment=now() - timedelta(days=3))
    assert purge(database, twin.name) == Purged(1, 1)
    with suppress(InterruptedError), writing(database, store, "beside") as writer:
        writer.put(practitioner("1", active=True))
        writer.put(practitioner("2"))
        writer.flush()
        assert purge(database, store.name) == Purged(1, 1)
        if not published:
            raise InterruptedError
    if published:
        publish(database, twin, changes_of(practitioner("1", active=True), practitioner("2")))
    assert shapes(database, store) == shapes(database, twin)


def shapes(db: Database, store: StoreDefinition) -> dict[str, int]:
    return {table: len(rows) for table, rows in ranged_rows(db, store).items()}


def test_stores_are_purged_one_by_one(database: Database) -> None:
    mine, other = store_like(), store_like()
    for store in (mine, other):
        for active in (True, False):
            change = changes_of(practitioner("1", active=active))
            publish(database, store, change, moment=now() - timedelta(days=3))
    before = ranged_rows(database, other)
    assert purge(database, mine.name) == Purged(1, 1)
    assert ranged_rows(database, other) == before
    assert purge(database, replace(mine, name="never-written").name) == Purged()


def test_a_purge_looks_through_what_is_closed_only(database: Database) -> None:
    """Its cost follows what it removes and not what is stored."""
    store = store_like()
    for active in (True, False):
        people = (practitioner(str(n), active=active, name=[{"family": f"F{n}"}]) for n in range(1_500))
        publish(database, store, changes_of(*people), moment=now() - timedelta(days=3))
    publish(database, store, changes_of(practitioner("0", active=True)), moment=now() - timedelta(days=2))
    purge(database, store.name, closed_hours=60)
    number, _ = store_number(database, store)
    explain = "EXPLAIN QUERY PLAN" if database.engine == "sqlite" else "EXPLAIN"
    database.analyse(["fhirstore_version", "fhirstore_token"])
    for table in ("fhirstore_version", "fhirstore_token"):
        with database.unit() as unit:
            plan = unit.fetch(
                f"{explain} SELECT rid FROM {table} WHERE store = ?1 AND valid_to <= ?2 "
                f"AND valid_to < {OPEN_ENDED} LIMIT ?3",
                number,
                3,
                100,
            )
        assert f"{table}_closed" in " ".join(str(row[-1]) for row in plan), plan
