"""References: which of them mean a resource of ours, and includes that ask for one type of target."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.engines.fhirstore.fresh import make_block
from socle.engines.fhirstore.references import foreign_target, reference_key
from socle.engines.fhirstore.stores import StoreDefinition
from socle.engines.fhirstore.write import writing
from tests.support.fhir_client import BASE, Bundle, Caller
from tests.support.fhir_store import PUBLIC_BASE, changes_of, publish, store_like

ELSEWHERE = "https://elsewhere.example/fhir/Organization/1"
LENIENT = {"Prefer": "handling=lenient"}


def key(literal: str) -> str | None:
    return reference_key(literal, lambda: "", lambda: PUBLIC_BASE)


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("Organization/1", "Organization/1"),
        ("Organization/1/_history/2", "Organization/1"),
        (f"{PUBLIC_BASE}/Organization/1", "Organization/1"),
        (f"{PUBLIC_BASE}/Organization/1/_history/2", "Organization/1"),
        (ELSEWHERE, ELSEWHERE),
        (f"{PUBLIC_BASE}x/Organization/1", f"{PUBLIC_BASE}x/Organization/1"),
        (f"{PUBLIC_BASE}/_page?id=x", None),
        ("a/Organization/1", None),
        ("Organization/", None),
        ("/1", None),
        ("#1", None),
        ("urn:uuid:1", None),
        ("", None),
    ],
)
def test_only_relative_references_and_those_under_our_address_are_ours(
    literal: str, expected: str | None
) -> None:
    assert key(literal) == expected


@given(literal=st.text(max_size=40) | st.text(max_size=20).map(lambda text: f"{PUBLIC_BASE}/{text}"))
def test_any_text_is_a_key_of_ours_a_foreign_url_or_nothing(literal: str) -> None:
    found = key(literal)
    if found is None:
        return
    if "://" in found:
        assert found == literal
        number = foreign_target(found)
        assert number is not None
        assert -(2**63) <= number < 0
    else:
        assert found.count("/") == 1
        assert key(found) == found
        assert foreign_target(found) is None


def role(fid: str, reference: str) -> dict[str, Any]:
    return {"resourceType": "PractitionerRole", "id": fid, "organization": {"reference": reference}}


@pytest.fixture
def store(caller: Caller) -> StoreDefinition:
    written = store_like()
    resources = [
        {"resourceType": "Organization", "id": "1", "active": True},
        {"resourceType": "Practitioner", "id": "1", "active": True},
        role("relative", "Organization/1"),
        role("absolute", f"{PUBLIC_BASE}/Organization/1"),
        role("foreign", ELSEWHERE),
        role("misplaced", "Practitioner/1"),
        role("urn", "urn:uuid:1"),
    ]
    publish(caller.db, written, changes_of(*resources))
    return written


def roles(caller: Caller, store: StoreDefinition, name: str, value: str) -> list[str]:
    return sorted(caller.bundle(store, "PractitionerRole", [(name, value)]).ids)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("organization", "1", ["absolute", "relative"]),
        ("organization", "Organization/1", ["absolute", "relative"]),
        ("organization", f"{PUBLIC_BASE}/Organization/1", ["absolute", "relative"]),
        ("organization", f"{BASE}/Organization/1", ["absolute", "relative"]),
        ("organization", ELSEWHERE, ["foreign"]),
        ("organization", f"Organization/9,{ELSEWHERE}", ["foreign"]),
        ("organization", "https://third.example/fhir/Organization/1", []),
        ("organization:missing", "true", ["urn"]),
        ("organization.active", "true", ["absolute", "relative"]),
        ("organization._id", "1", ["absolute", "relative"]),
    ],
)
def test_a_reference_to_another_server_is_found_by_its_url_only(
    caller: Caller, store: StoreDefinition, name: str, value: str, found: list[str]
) -> None:
    assert roles(caller, store, name, value) == found


def test_a_reference_to_another_server_is_kept_and_no_longer_found_once_it_changed(
    caller: Caller, store: StoreDefinition
) -> None:
    kept = caller.ask(store, "GET", "PractitionerRole/foreign").json()
    assert kept["organization"] == {"reference": ELSEWHERE}
    publish(caller.db, store, changes_of(role("foreign", "Organization/1")))
    assert roles(caller, store, "organization", ELSEWHERE) == []
    assert roles(caller, store, "organization", "1") == ["absolute", "foreign", "relative"]


def test_a_first_filling_in_blocks_indexes_references_to_other_servers(caller: Caller) -> None:
    store = store_like()
    with writing(caller.db, store, "blocks") as writer, caller.db.unit() as unit:
        resources = [role("foreign", ELSEWHERE), {"resourceType": "Organization", "id": "1"}]
        writer.add_block(unit, make_block(store, writer.begun, resources, {}, 1, caller.db.engine))
    assert roles(caller, store, "organization", ELSEWHERE) == ["foreign"]
    assert roles(caller, store, "organization", "1") == []


def test_a_store_without_an_address_has_no_absolute_reference_of_its_own(caller: Caller) -> None:
    store = replace(store_like(), base=lambda: "")
    publish(caller.db, store, changes_of(role("absolute", f"{PUBLIC_BASE}/Organization/1")))
    assert roles(caller, store, "organization", "1") == []
    assert roles(caller, store, "organization", f"{PUBLIC_BASE}/Organization/1") == ["absolute"]


def included(bundle: Bundle) -> list[str]:
    return sorted(f"{one['resourceType']}/{one['id']}" for one in bundle.included)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("PractitionerRole:organization", ["Organization/1", "Practitioner/1"]),
        ("PractitionerRole:organization:Organization", ["Organization/1"]),
        ("*", ["Organization/1", "Practitioner/1"]),
    ],
)
def test_an_include_may_ask_for_one_type_of_target(
    caller: Caller, store: StoreDefinition, path: str, found: list[str]
) -> None:
    assert included(caller.bundle(store, "PractitionerRole", [("_include", path)])) == found


def test_includes_with_and_without_a_type_go_together(caller: Caller, store: StoreDefinition) -> None:
    publish(caller.db, store, changes_of({**role("both", "Practitioner/1"), **practitioner_of("1")}))
    asked = [
        ("_id", "both"),
        ("_include", "PractitionerRole:organization:Organization"),
        ("_include", "PractitionerRole:practitioner"),
    ]
    assert included(caller.bundle(store, "PractitionerRole", asked)) == ["Practitioner/1"]
    assert included(caller.bundle(store, "PractitionerRole", asked[:2])) == []


def practitioner_of(fid: str) -> dict[str, Any]:
    return {"practitioner": {"reference": f"Practitioner/{fid}"}}


@pytest.mark.parametrize("target", ["", ":Organization"])
def test_a_reverse_include_may_name_the_type_of_its_target(
    caller: Caller, store: StoreDefinition, target: str
) -> None:
    asked = [("_revinclude", f"PractitionerRole:organization{target}")]
    found = included(caller.bundle(store, "Organization", asked))
    assert found == ["PractitionerRole/absolute", "PractitionerRole/relative"]


@pytest.mark.parametrize(
    ("type_name", "name", "value"),
    [
        ("PractitionerRole", "_include", "PractitionerRole:organization:Practitioner"),
        ("PractitionerRole", "_include", "PractitionerRole:organization:Nothing"),
        ("PractitionerRole", "_include", "PractitionerRole:organization:"),
        ("PractitionerRole", "_include", "PractitionerRole:organization:Organization:Organization"),
        ("Organization", "_revinclude", "PractitionerRole:organization:Practitioner"),
        ("Organization", "_revinclude", "PractitionerRole:practitioner"),
    ],
)
def test_a_target_that_the_parameter_cannot_have_is_refused_or_ignored_and_told(
    caller: Caller, store: StoreDefinition, type_name: str, name: str, value: str
) -> None:
    refused = caller.ask(store, "GET", type_name, params=[(name, value)])
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (400, "not-supported")
    lenient = caller.ask(store, "GET", type_name, params=[(name, value)], headers=LENIENT)
    found = Bundle.read(lenient)
    assert (found.included, [one["issue"][0]["severity"] for one in found.outcomes]) == ([], ["warning"])
    assert value in found.outcomes[0]["issue"][0]["diagnostics"]
    assert name not in found.links["self"]
