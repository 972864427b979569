"""Search against the naive oracle: same matches, same order of pages both ways, same snapshot, same totals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from socle.engines.fhirstore.stores import StoreDefinition
from socle.foundations.directory.search_parameters import PARAMETERS as PROMISED
from tests.support import fhir_oracle as oracle
from tests.support.fhir_client import Bundle, Caller, walk
from tests.support.fhir_queries import Asker, Query
from tests.support.fhir_resources import Step, history
from tests.support.fhir_store import Resource, as_stored, key_of, publish, store_like, without_server_meta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, repr=False)
class Case:
    """A history of a store, and searches made while it unfolds; its seed says it in short."""

    steps: list[Step]
    queries: list[Query]


def case(seed: int, transactions: int, asked: int) -> Case:
    random = Random(seed)
    steps = history(random, transactions)
    asker = Asker(random, steps)
    return Case(steps, [asker.query() for _ in range(asked)])


cases = st.builds(case, st.integers(0, 2**32), st.integers(2, 5), st.integers(15, 40))


@dataclass
class Unfolding:
    """The store as its history goes on: `advance` publishes the next transaction, until there is none left."""

    caller: Caller
    store: StoreDefinition
    steps: Iterator[Step]
    states: list[oracle.World]
    at: int = -1

    def advance(self) -> None:
        step = next(self.steps, None)
        if step is not None:
            publish(self.caller.db, self.store, step.changes, moment=step.moment)
            self.at += 1

    @property
    def world(self) -> oracle.World:
        return self.states[self.at]


def micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def unfolding(caller: Caller, steps: list[Step]) -> Unfolding:
    states = oracle.worlds((step.changes, micros(step.moment)) for step in steps)
    begun = Unfolding(caller, store_like(), iter(steps), states)
    begun.advance()
    return begun


UNCHECKED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, suppress_health_check=UNCHECKED)
@given(case=cases)
def test_search_finds_what_the_oracle_finds(caller: Caller, case: Case) -> None:
    check_case(caller, case)


@pytest.mark.soak
def test_search_finds_what_the_oracle_finds_for_long(
    caller: Caller, record_property: Callable[[str, object], None]
) -> None:
    histories = searches = 0

    @settings(suppress_health_check=UNCHECKED)
    @given(case=cases)
    def each(case: Case) -> None:
        nonlocal histories, searches
        check_case(caller, case)
        histories, searches = histories + 1, searches + len(case.queries)

    each()
    record_property("did", f"{histories} histories, {searches} searches")


def check_case(caller: Caller, case: Case) -> None:
    state = unfolding(caller, case.steps)
    for query in case.queries:
        note(f"{query.type}?{query.pairs} at {state.at}")
        check(state, query)


def check(state: Unfolding, query: Query) -> None:
    """Walk the pages forward, then back from the last, while transactions are published between pages."""
    world = state.world
    expected = oracle.search(world, query.type, query.criteria)
    first = state.caller.bundle(state.store, query.type, query.pairs)
    if query.count == 0:
        assert (first.matches, first.total) == ([], None if query.total == "none" else len(expected))
        return

    def ask(link: str) -> Bundle:
        return state.caller.bundle(state.store, link)

    forward = walk(ask, first, "next", state.advance)
    backward = walk(ask, forward[-1], "previous", state.advance)
    found = [fid for page in forward for fid in page.ids]
    assert sorted(found) == sorted(expected)
    assert [fid for page in reversed(backward) for fid in page.ids] == found
    assert all(page.matches for page in (*forward, *backward)) or not found
    for page in (*forward, *backward):
        check_page(page, query, world, len(expected))


def check_page(page: Bundle, query: Query, world: oracle.World, total: int) -> None:
    assert len(page.matches) <= query.count
    assert page.total == (None if query.total == "none" else total)
    keys = [key_of(resource) for resource in page.matches]
    expected = oracle.included(world, keys, query.includes)
    expected |= oracle.included_back(world, keys, query.reverse_includes) - set(keys)
    assert sorted(key_of(resource) for resource in page.included) == sorted(expected)
    for resource in (*page.matches, *page.included):
        check_resource(resource, world[key_of(resource)])


def check_resource(resource: Resource, held: oracle.Held) -> None:
    moment = datetime.fromisoformat(resource["meta"]["lastUpdated"])
    assert (resource["meta"]["versionId"], micros(moment)) == (str(held.number), held.updated)
    assert without_server_meta(resource) == as_stored(held.resource)


def test_the_oracle_knows_every_promised_parameter() -> None:
    assert {(one.type, one.code, one.kind) for one in PROMISED} == {
        (type_name, code, kind)
        for type_name, parameters in oracle.PARAMETERS.items()
        for code, (kind, _) in parameters.items()
    }
