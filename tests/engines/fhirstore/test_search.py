"""Searches whose answer is easy to get wrong, one by one; the oracle covers the rest."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from socle.engines.fhirstore.extract import STRING_LIMIT
from socle.engines.fhirstore.query import CRITERIA_LIMIT, PAGE_CAP
from socle.engines.fhirstore.stores import StoreDefinition
from socle.standards.annuaire import systems
from tests.support import fhir_oracle as oracle
from tests.support.fhir_client import Bundle, Caller, walk
from tests.support.fhir_queries import PREFIXES, escaped
from tests.support.fhir_store import Changes, changes_of, key_of, publish, store_like


def practitioner(fid: str, **elements: Any) -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": fid, **elements}


def role(fid: str, target: str, **elements: Any) -> dict[str, Any]:
    return {"resourceType": "PractitionerRole", "id": fid, "practitioner": {"reference": target}, **elements}


def identified(fid: str, system: str, value: str) -> dict[str, Any]:
    return practitioner(fid, identifier=[{"system": system, "value": value}])


@pytest.fixture
def store(caller: Caller) -> StoreDefinition:
    """Practitioners 1 to 4 of which 2 was deleted, a role for 1 and 2, and one for nobody."""
    written = store_like()
    publish(caller.db, written, changes_of(*(practitioner(fid, active=True) for fid in "1234")))
    publish(
        caller.db,
        written,
        changes_of(
            role("of-1", "Practitioner/1"),
            role("of-2", "Practitioner/2"),
            role("of-nobody", "Practitioner/9"),
        ),
    )
    publish(caller.db, written, {("Practitioner", "2"): None})
    return written


@pytest.mark.parametrize(
    "criterion",
    [("_id", "1,2,3,4,9"), ("_lastUpdated", "gt2000"), ("active:missing", "false"), ("active:not", "false")],
)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_what_was_deleted_is_neither_found_nor_counted(
    caller: Caller, store: StoreDefinition, criterion: tuple[str, str], count: int
) -> None:
    first = caller.bundle(store, "Practitioner", [criterion, ("_count", str(count))])
    pages = walk(lambda link: caller.bundle(store, link), first, "next", lambda: None)
    assert [fid for page in pages for fid in page.ids] == (["1", "3", "4"] if count else [])
    assert {page.total for page in pages} == {3}


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        (("practitioner.active:not", "false"), ["of-1"]),
        (("practitioner.active:missing", "false"), ["of-1"]),
        (("practitioner.active:missing", "true"), []),
        (("practitioner.qualification-code:missing", "true"), ["of-1"]),
        (("practitioner._id", "1,2,9"), ["of-1"]),
        (("practitioner._lastUpdated", "gt2000"), ["of-1"]),
        (("practitioner", "2,9"), ["of-2", "of-nobody"]),
    ],
)
def test_a_chain_goes_through_what_is_there(
    caller: Caller, store: StoreDefinition, criterion: tuple[str, str], found: list[str]
) -> None:
    assert caller.bundle(store, "PractitionerRole", [criterion]).ids == found


def test_a_name_made_of_a_title_only_is_a_name(caller: Caller) -> None:
    store = store_like()
    publish(caller.db, store, changes_of(practitioner("1", name=[{"suffix": ["DR"]}])))
    assert caller.bundle(store, "Practitioner", [("name", "dr")]).ids == ["1"]
    assert caller.bundle(store, "Practitioner", [("name:missing", "true")]).ids == []


@pytest.mark.parametrize(
    "old", ["http://rpps.fr", "https://rpps.esante.gouv.fr/", "https://rpps.esante.gouv.fr"]
)
def test_a_system_is_found_under_any_of_its_names(caller: Caller, old: str) -> None:
    store = store_like()
    publish(
        caller.db, store, changes_of(identified("1", systems.RPPS, "10001"), identified("2", old, "10002"))
    )
    assert caller.bundle(store, "Practitioner", [("identifier", f"{old}|10001")]).ids == ["1"]
    assert caller.bundle(store, "Practitioner", [("identifier", f"{systems.RPPS}|10002")]).ids == ["2"]
    assert caller.bundle(store, "Practitioner", [("identifier", f"{old}|")]).ids == ["1", "2"]


def test_a_code_is_found_in_its_own_parameter_only(caller: Caller) -> None:
    store = store_like()
    coded = {"coding": [{"system": systems.SECTOR, "code": "SA07"}]}
    service = {"resourceType": "HealthcareService", "id": "1", "category": [coded]}
    publish(caller.db, store, changes_of(service))
    assert caller.bundle(store, "HealthcareService", [("service-category", "SA07")]).ids == ["1"]
    for other in ("service-type", "characteristic"):
        assert caller.bundle(store, "HealthcareService", [(other, "SA07")]).ids == []
        assert caller.bundle(store, "HealthcareService", [(other, f"{systems.SECTOR}|")]).ids == []


@pytest.mark.parametrize("modifier", ["", ":exact", ":contains"])
def test_a_text_longer_than_the_index_keeps_is_found_by_its_beginning(caller: Caller, modifier: str) -> None:
    store = store_like()
    long, other = "é" * STRING_LIMIT + "A", "é" * STRING_LIMIT + "B"
    organizations: Changes = changes_of(
        {"resourceType": "Organization", "id": "1", "name": long},
        {"resourceType": "Organization", "id": "2", "name": other},
    )
    publish(caller.db, store, organizations)
    found = caller.bundle(store, "Organization", [(f"name{modifier}", long)]).ids
    assert found == (["1"] if modifier == ":exact" else ["1", "2"])


@pytest.mark.parametrize("mark", ["%", "_", "!", "[", "*", "?", "\\"])
@pytest.mark.parametrize("modifier", ["", ":exact", ":contains"])
def test_what_is_a_pattern_elsewhere_is_text_here(caller: Caller, mark: str, modifier: str) -> None:
    store = store_like()
    names = {"bare": f"A{mark}B", "other": "AxB", "doubled": f"A{mark}{mark}B"}
    organizations = ({"resourceType": "Organization", "id": fid, "name": name} for fid, name in names.items())
    publish(caller.db, store, changes_of(*organizations))
    asked = [(f"name{modifier}", escaped(f"A{mark}B"))]
    assert caller.bundle(store, "Organization", asked).ids == ["bare"]


DAYS = (None, "2025-01", "2025-01-31", "2025-02-01", "2025-02", "2025-03-01T00:00:00Z", "2026")
PERIODS = [
    (start, end) for rank, start in enumerate(DAYS) for end in (*DAYS[max(rank, 1) :], None) if start or end
]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_an_interval_is_compared_with_an_interval(caller: Caller, prefix: str) -> None:
    store = store_like()
    organizations = [with_period(f"{rank}", *bounds) for rank, bounds in enumerate(PERIODS)]
    publish(caller.db, store, changes_of(*organizations))
    world = {key_of(one): oracle.Held(one, 1, 0) for one in organizations}
    for day in DAYS[1:]:
        criterion = ("period", f"{prefix}{day}")
        found = caller.bundle(store, "Organization", [criterion, ("_count", "100")]).ids
        assert set(found) == oracle.search(world, "Organization", [criterion]), criterion


def with_period(fid: str, start: str | None, end: str | None) -> dict[str, Any]:
    bounds = {name: day for name, day in (("start", start), ("end", end)) if day}
    period = {"url": systems.ORGANIZATION_PERIOD, "valuePeriod": bounds}
    return {"resourceType": "Organization", "id": fid, "extension": [period]}


def test_a_page_never_holds_more_than_the_cap(caller: Caller) -> None:
    store = store_like()
    publish(caller.db, store, changes_of(*(practitioner(str(number)) for number in range(PAGE_CAP + 1))))
    first = caller.bundle(store, "Practitioner", [("_count", "10000")])
    assert (len(first.ids), first.total) == (PAGE_CAP, PAGE_CAP + 1)
    last = caller.bundle(store, first.links["next"])
    assert (len(last.ids), "next" in last.links) == (1, False)


def test_a_store_that_was_never_written_is_empty(caller: Caller) -> None:
    found = caller.bundle(store_like(), "Practitioner", [("active", "true")])
    assert (found.ids, found.total, set(found.links)) == ([], 0, {"self"})


@pytest.mark.parametrize(
    ("days", "value", "status"),
    [
        (0, "ge1990", 200),
        (30, "ge2025-01-10", 200),
        (30, "gt2024-11-01", 400),
        (30, "2024-11", 400),
        (30, "ge2025-01-10,ge2024-11-01", 400),
        (30, "lt2024-11-01", 200),
        (30, "le2024-11-01", 200),
    ],
)
def test_a_store_may_limit_how_far_back_a_delta_goes(
    caller: Caller, days: int, value: str, status: int
) -> None:
    store = replace(store_like(), delta_days=lambda: days)
    with time_machine.travel(datetime(2025, 1, 20, tzinfo=UTC), tick=False):
        answer = caller.ask(store, "GET", "Practitioner", params=[("_lastUpdated", value)])
    assert answer.status_code == status
    assert status == 200 or f"{days}" in answer.json()["issue"][0]["details"]["text"]


def test_the_work_that_one_request_may_ask_for_is_bounded(caller: Caller, store: StoreDefinition) -> None:
    assert caller.bundle(store, "Practitioner", [("_id", ",".join(["1"] * CRITERIA_LIMIT))]).ids == ["1"]
    refused = caller.ask(
        store, "GET", "Practitioner", params=[("_id", ",".join(["1"] * (CRITERIA_LIMIT + 1)))]
    )
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (400, "too-costly")


def test_the_total_may_be_left_out_when_counting_would_cost_more(
    caller: Caller, store: StoreDefinition
) -> None:
    totals: dict[str | None, int | None] = {}
    for wanted in (None, "none", "estimate", "accurate"):
        asked = [("_count", "1"), ("active", "true"), *([("_total", wanted)] if wanted else [])]
        totals[wanted] = Bundle.read(caller.ask(store, "GET", "Practitioner", params=asked)).total
    assert totals == {None: 3, "none": None, "estimate": 3, "accurate": 3}
