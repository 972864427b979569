"""The part of FHIRPath that search parameters use, compiled to functions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.engines.fhirstore.paths import PathError, compile_path
from socle.foundations.directory.search_parameters import PARAMETERS

RESOURCE: dict[str, Any] = {
    "resourceType": "Organization",
    "name": "A",
    "alias": ["B", "C"],
    "active": True,
    "contact": [
        {"name": {"family": "D"}},
        {"name": {"family": "E"}},
        {"telecom": []},
        {"deceasedBoolean": False},
    ],
    "valueQuantity": {"value": 3},
    "extension": [
        {"url": "urn:x|1", "valueString": "F"},
        {"url": "urn:y", "extension": [{"url": "z", "valueCode": "G"}, {"url": "z", "valueCode": "H"}]},
    ],
    "partOf": {"reference": "Organization/1"},
}


def selected(expression: str, resource: dict[str, Any]) -> list[Any]:
    """What the expression selects, as the extraction of search parameters reads a resource."""
    found: list[Any] = []
    for element, select in compile_path(expression):
        value = resource.get(element, [])
        for item in value if isinstance(value, list) else [value]:
            found += select(item)
    return found


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("Organization.name", ["A"]),
        ("Organization.name | Organization.alias", ["A", "B", "C"]),
        ("Organization.contact.name.family", ["D", "E"]),
        ("Organization.active", [True]),
        ("Organization.extension('urn:x|1').value", ["F"]),
        ("Organization.extension('urn:y').extension('z').value", ["G", "H"]),
        ("Organization.extension('urn:none').value", []),
        ("Organization.partOf.where(resolve() is Organization).reference", ["Organization/1"]),
        ("Organization.missing.deeper", []),
        ("Observation.value.ofType(Quantity).value", [3]),
        ("Observation.contact.deceased.as(boolean)", [False]),
    ],
)
def test_an_expression_selects(expression: str, values: list[Any]) -> None:
    assert selected(expression, RESOURCE) == values


@pytest.mark.parametrize(
    "expression", ["Organization.name.first()", "Organization.name[0]", "(a as b).c", "Organization.("]
)
def test_what_is_beyond_the_subset_is_refused_when_compiled(expression: str) -> None:
    with pytest.raises(PathError):
        compile_path(expression)


@given(st.text("Aa.|'()ex ", max_size=20))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    try:
        paths = compile_path(text)
    except PathError:
        return
    assert all(path.element for path in paths)


def test_every_promised_expression_is_compiled() -> None:
    assert all(parameter.paths for parameter in PARAMETERS)
    assert {path.element for parameter in PARAMETERS for path in parameter.paths} >= {"meta", "extension"}
