"""Resources generated from the definitions are sound, and stop being so when one thing in them is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socle.standards.fhir.json import Decimal
from socle.standards.fhir.structure import MOST_FAULTS, check, resource_types
from socle.standards.fhir.structure.definitions import Element, TypeUse, elements, is_primitive

DEEPEST = 4
VALUES: dict[str, Any] = {
    "base64Binary": "QUJD",
    "boolean": True,
    "date": "2025-09",
    "dateTime": "2025-09-27T10:00:00Z",
    "decimal": Decimal("1.50"),
    "instant": "2025-09-27T10:00:00.000Z",
    "integer": -3,
    "oid": "urn:oid:1.2.250",
    "positiveInt": 3,
    "time": "10:00:00",
    "unsignedInt": 0,
    "uuid": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
}


def generated(type_name: str, random: Random, depth: int = 0) -> dict[str, Any]:
    """An instance with the required elements and, the deeper the rarer, optional ones."""
    value: dict[str, Any] = {}
    for element in elements(type_name):
        if element.required or random.random() < 0.5 / 4**depth:
            value |= member(element, random, depth)
    return value or {"id": "a"}


def member(element: Element, random: Random, depth: int) -> dict[str, Any]:
    use = random.choice(element.types)
    if use.name == "Extension" or (not element.required and depth >= DEEPEST):
        return {}
    name = element.name.replace("[x]", use.name[0].upper() + use.name[1:])
    if not element.repeats:
        return {name: one(use, random, depth)}
    values = [one(use, random, depth) for _ in range(random.randint(1, 2))]
    if is_primitive(use.name) and random.random() < 0.3:
        return {name: [*values, None], f"_{name}": [None] * len(values) + [{"id": "x"}]}
    return {name: values}


def one(use: TypeUse, random: Random, depth: int) -> Any:
    if is_primitive(use.name):
        return VALUES.get(use.name, "a")
    if use.name == "Resource":
        return {"resourceType": "Basic", "code": {"text": "a"}}
    if use.targets:
        return {"reference": f"{random.choice(use.targets)}/1"}
    return generated(use.name, random, depth + 1)


def resource(type_name: str, random: Random) -> dict[str, Any]:
    return {"resourceType": type_name, **generated(type_name, random)}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a value that holds something, as (holder, name or index)."""
    for place, item in value.items() if isinstance(value, dict) else enumerate(value):
        if item is not None:
            yield value, place
        if isinstance(item, dict | list):
            yield from places(item)


TYPES = st.sampled_from(sorted(resource_types()))
# A seed, rather than choices drawn one by one: resources are large, and a seed is enough to see one again.
RANDOMS = st.integers(0, 2**32).map(Random)


@given(TYPES, RANDOMS)
@settings(max_examples=300)
def test_generated_resources_are_sound(type_name: str, random: Random) -> None:
    assert check(resource(type_name, random)) == []


@given(TYPES, RANDOMS, st.sampled_from([None, [], {}, "", [[]], {"nonsense": 1}, float("nan")]))
@settings(max_examples=500)
def test_one_impossible_value_anywhere_is_found(type_name: str, random: Random, impossible: Any) -> None:
    damaged = resource(type_name, random)
    holder, place = random.choice(list(places(damaged)))
    holder[place] = impossible
    assert check(damaged) != []


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(Decimal("1.0"))
NAMES = st.sampled_from(
    ["resourceType", "id", "name", "extension", "url", "contained", "value", "_id", "_name"]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(NAMES | st.text(max_size=3), ANYTHING, max_size=5), TYPES)
def test_any_value_gets_a_bounded_answer(members: dict[str, Any], type_name: str) -> None:
    faults = check({**members, "resourceType": type_name})
    assert len(faults) <= MOST_FAULTS
    assert all(fault.expression.startswith(type_name) for fault in faults)
    assert len(check(members)) <= MOST_FAULTS
