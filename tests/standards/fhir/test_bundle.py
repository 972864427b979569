"""Unwrapping: every published shape gives its resources, anything else says what it lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.fhir.bundle import UnwrapFault, unwrap
from socle.standards.fhir.json import Json

ONE: dict[str, Json] = {"resourceType": "Organization", "id": "1"}
TWO: dict[str, Json] = {"resourceType": "Practitioner", "id": "2"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ONE, [("", ONE)]),
        ([], []),
        ([ONE, TWO], [("/0", ONE), ("/1", TWO)]),
        ({"fullUrl": "urn:x", "resource": ONE}, [("/resource", ONE)]),
        ([{"resource": ONE}, TWO], [("/0/resource", ONE), ("/1", TWO)]),
        ({"resourceType": "Bundle", "type": "collection"}, []),
        (
            {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": ONE}, {"resource": TWO}]},
            [("/entry/0/resource", ONE), ("/entry/1/resource", TWO)],
        ),
        (
            [
                {
                    "resourceType": "Bundle",
                    "entry": [{"request": {"method": "PUT", "url": "x"}, "resource": ONE}],
                }
            ],
            [("/0/entry/0/resource", ONE)],
        ),
    ],
)
def test_resources_are_found_where_they_are(value: Json, expected: list[tuple[str, Json]]) -> None:
    assert unwrap(value) == expected


@pytest.mark.parametrize(
    ("value", "pointer", "hint"),
    [
        (None, "", "resourceType"),
        ("Organization", "", "resourceType"),
        ({}, "", "resourceType"),
        ({"id": "1"}, "", "resourceType"),
        ([ONE, 3], "/1", "resourceType"),
        ([[ONE]], "/0", "resourceType"),
        ({"resourceType": "Bundle", "entry": {"resource": ONE}}, "/entry", "array"),
        ({"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE"}}]}, "/entry/0", "resource"),
        ({"resourceType": "Bundle", "entry": [None]}, "/entry/0", "resource"),
        ({"fullUrl": "urn:x", "resource": None}, "", "resource"),
        ({"resource": ONE, "name": "x"}, "", "fullUrl"),
    ],
)
def test_anything_else_says_where_and_what_it_lacks(value: Json, pointer: str, hint: str) -> None:
    with pytest.raises(UnwrapFault) as caught:
        unwrap(value)
    assert caught.value.pointer == pointer
    assert hint in caught.value.remedy.en
    assert caught.value.remedy.fr != caught.value.remedy.en


RESOURCES = st.fixed_dictionaries(
    {"resourceType": st.sampled_from(["Organization", "Basic"]), "id": st.uuids().map(str)}
)


@given(st.lists(RESOURCES))
def test_an_array_and_a_bundle_hold_the_same_resources_in_order(resources: list[dict[str, Json]]) -> None:
    entries: list[Json] = [{"resource": resource} for resource in resources]
    listed: list[Json] = [*resources]
    bundled = unwrap({"resourceType": "Bundle", "entry": entries})
    assert [found.resource for found in bundled] == [found.resource for found in unwrap(listed)] == resources
