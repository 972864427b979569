"""Broad chains are compared as sets that are kept a published state: the same answers, whatever was kept before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.engines.fhirstore.conditions import AmongCondition, Condition, IdCondition
from socle.engines.fhirstore.kept import SET_LIMIT, TOO_MANY, Kept, kept_of
from socle.engines.fhirstore.planning import MANY, Snapshot, planned
from socle.engines.fhirstore.query import Query, read_query
from socle.engines.fhirstore.search import Start, current, search
from socle.engines.fhirstore.steps import drive
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Database, Session
from tests.engines.fhirstore.test_search_oracle import UNCHECKED, Case, cases, check_case
from tests.support.fhir_client import Caller
from tests.support.fhir_store import Resource, changes_of, publish, store_like

PEOPLE = 2 * MANY
BOTH = [("practitioner.family", "commun"), ("organization.address-city", "lyon"), ("_count", "1000")]


@pytest.fixture
def comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets are compared however few candidates there are."""
    monkeypatch.setattr("socle.engines.fhirstore.planning.MANY", 0)
    monkeypatch.setattr("socle.engines.fhirstore.planning.FEW", 0)


@settings(max_examples=25, suppress_health_check=UNCHECKED)
@given(case=cases)
def test_compared_sets_find_what_the_oracle_finds(caller: Caller, comparing: None, case: Case) -> None:
    check_case(caller, case)


def practitioner(number: int) -> Resource:
    return {"resourceType": "Practitioner", "id": f"p{number}", "name": [{"family": "COMMUN"}]}


def role(number: int) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": f"r{number}",
        "practitioner": {"reference": f"Practitioner/p{number}"},
        "organization": {"reference": f"Organization/o{number % 3}"},
    }


def organization(number: int, city: str) -> Resource:
    return {"resourceType": "Organization", "id": f"o{number}", "address": [{"city": city}]}


@pytest.fixture
def store(database: Database) -> StoreDefinition:
    """People of one name, a third in each of three places, two of which are in one town."""
    store = store_like()
    places = [organization(0, "Lyon"), organization(1, "Lyon"), organization(2, "Brest")]
    people = [made(number) for number in range(PEOPLE) for made in (practitioner, role)]
    publish(database, store, changes_of(*places, *people))
    return store


def both(store: StoreDefinition) -> Query:
    return read_query(store, "PractitionerRole", BOTH)


def state_of(database: Database, session: Session, store: StoreDefinition) -> Snapshot:
    return drive(session, current(store, session.dialect, kept_of(database)))


def found(session: Session, store: StoreDefinition, snapshot: Snapshot) -> int:
    page = drive(session, search(store, both(store), snapshot, Start()))
    assert page.total == len(page.matches)
    return len(page.matches)


def test_a_common_name_in_a_big_town_compares_two_sets(database: Database, store: StoreDefinition) -> None:
    with database.reading() as session:
        snapshot = state_of(database, session, store)
        plan = drive(session, planned(both(store), snapshot))
        assert isinstance(plan.driver, AmongCondition)
        assert plan.others == ()
        expected = sum(number % 3 != 2 for number in range(PEOPLE))
        assert [found(session, store, snapshot) for _ in range(2)] == [expected, expected]


def test_without_a_memory_the_answers_are_the_same(database: Database, store: StoreDefinition) -> None:
    with database.reading() as session:
        remembering = state_of(database, session, store)
        forgetful = drive(session, current(store, session.dialect))
        assert found(session, store, forgetful) == found(session, store, remembering)


def test_what_is_kept_of_a_state_says_nothing_of_the_next(database: Database, store: StoreDefinition) -> None:
    with database.reading() as session:
        before = state_of(database, session, store)
        there = found(session, store, before)
    publish(database, store, changes_of(organization(1, "Brest")))
    with database.reading() as session:
        after = state_of(database, session, store)
        assert found(session, store, after) == sum(number % 3 == 0 for number in range(PEOPLE))
        assert found(session, store, before) == there


STATE = (1, 1)


def condition(number: int) -> Condition:
    return IdCondition(1, (str(number),))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 200)), max_size=60))
def test_what_is_kept_stays_within_its_room(kept: list[tuple[int, int]]) -> None:
    """Each set stands for its numbers and 64 more; the last one kept is there as long as it fits."""
    memory, room, last = Kept(room=600), 600, dict[int, int]()
    for number, size in kept:
        memory.keep_numbers(STATE, condition(number), range(size))
        last[number] = size
        there = {key: known for key in last if (known := memory.numbers(STATE, condition(key))) is not None}
        assert sum(len(known) + 64 for known in there.values()) <= room
        assert list(there[number]) == list(range(size))
        assert all(len(known) == last[key] for key, known in there.items())


def test_a_set_beyond_the_limit_is_known_as_too_large() -> None:
    memory = Kept()
    assert memory.keep_numbers(STATE, condition(1), range(SET_LIMIT + 1)) is TOO_MANY
    assert memory.numbers(STATE, condition(1)) is TOO_MANY
    assert memory.count(STATE, condition(1)) == SET_LIMIT
    assert memory.numbers((1, 2), condition(1)) is None
