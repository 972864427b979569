"""What a search costs follows what it finds: the plans of both engines, on a store that holds more than is asked."""

import re
from urllib.parse import parse_qsl

import pytest

from socle.engines.fhirstore.planning import PROBE
from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.search import Start, current, search
from socle.engines.fhirstore.steps import drive
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Database, Session
from tests.support.fhir_store import changes_of, publish, store_like

MANY = PROBE + 200


@pytest.fixture
def store(database: Database) -> StoreDefinition:
    """Many practitioners and roles that no search below is about, then one of each that it finds."""
    store = store_like()
    common = [
        {
            "resourceType": "Practitioner",
            "id": f"p{n}",
            "name": [{"family": f"COMMUN {n}", "given": ["ANNE"]}],
        }
        for n in range(MANY)
    ]
    roles = [
        {
            "resourceType": "PractitionerRole",
            "id": f"r{n}",
            "practitioner": {"reference": f"Practitioner/p{n}"},
        }
        for n in range(MANY)
    ]
    publish(database, store, changes_of(*common, *roles))
    rare = {
        "resourceType": "Practitioner",
        "id": "rare",
        "name": [{"family": "RARISSIME", "given": ["ANNE"]}],
    }
    publish(database, store, changes_of(rare))
    return store


def plans(session: Session, store: StoreDefinition, type_name: str, query: str) -> list[str]:
    """The plan of every statement that the search runs."""
    snapshot = drive(session, current(store, session.dialect))
    steps = search(store, read_query(store, type_name, parse_qsl(query)), snapshot, Start())
    found = []
    try:
        ask = next(steps)
        while True:
            explain = "EXPLAIN QUERY PLAN" if session.dialect.engine == "sqlite" else "EXPLAIN"
            rows = session.fetch(f"{explain} {ask.sql}", *ask.parameters)
            found.append("\n".join(str(row[-1]) for row in rows))
            ask = steps.send(session.fetch(ask.sql, *ask.parameters))
    except StopIteration:
        return found


WALKS_THE_STORE = re.compile(r"\(store=\? AND rid[<>]\?\)|store=\? AND type=\? AND rid[<>]")


@pytest.mark.parametrize(
    ("type_name", "query"),
    [
        ("Practitioner", "family=rarissime"),
        ("Practitioner", "family=nobody"),
        ("Practitioner", "family=rarissime&given=anne"),
        ("PractitionerRole", "practitioner=Practitioner/p7"),
        ("PractitionerRole", "practitioner.family=commun 7"),
        ("Practitioner", "_lastUpdated=gt2999"),
    ],
)
def test_a_search_that_finds_little_does_not_walk_the_store(
    database: Database, store: StoreDefinition, type_name: str, query: str
) -> None:
    with database.reading() as session:
        found = plans(session, store, type_name, query)
    assert found
    if database.engine == "sqlite":
        assert [plan for plan in found if WALKS_THE_STORE.search(plan)] == []
    assert [plan for plan in found if "Seq Scan" in plan or "SCAN fhirstore" in plan] == []


def test_a_search_that_finds_much_goes_in_the_order_of_pages(
    database: Database, store: StoreDefinition
) -> None:
    """No sorting of everything for one page."""
    query = read_query(store, "Practitioner", [("given", "anne"), ("_count", "10")])
    with database.reading() as session:
        snapshot = drive(session, current(store, session.dialect))
        page = drive(session, search(store, query, snapshot, Start()))
    assert len(page.matches) == 10
    assert page.total == MANY + 1
