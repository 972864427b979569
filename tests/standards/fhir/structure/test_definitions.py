"""The data file of definitions: what it was built from, and that it says what R4 says."""

from __future__ import annotations

import gzip
import hashlib
from importlib import resources

import pytest

from socle.standards.fhir.structure.definitions import (
    TypeUse,
    elements,
    is_primitive,
    is_resource,
    primitive_patterns,
    resource_types,
)
from socle.standards.fhir.types import RESOURCE_TYPES

PACKAGE = resources.files("socle.standards.fhir.structure")


def test_the_file_is_the_one_that_was_built() -> None:
    content = gzip.decompress(PACKAGE.joinpath("r4.json.gz").read_bytes())
    assert PACKAGE.joinpath("r4.json.sha256").read_text().split()[0] == hashlib.sha256(content).hexdigest()


def test_r4_has_146_resource_types_and_20_primitives() -> None:
    assert len(resource_types()) == 146
    assert {"Organization", "PractitionerRole", "Bundle"} <= resource_types()
    assert len(primitive_patterns()) == 20
    assert not is_resource("DomainResource")
    assert not is_resource("Identifier")


@pytest.mark.parametrize(
    ("type_name", "name", "required", "repeats", "types"),
    [
        ("Organization", "alias", False, True, [("string", ())]),
        ("Organization", "id", False, False, [("id", ())]),
        ("Identifier", "id", False, False, [("string", ())]),
        ("Extension", "url", True, False, [("uri", ())]),
        ("PractitionerRole", "practitioner", False, False, [("Reference", ("Practitioner",))]),
        ("Patient", "deceased[x]", False, False, [("boolean", ()), ("dateTime", ())]),
        ("Patient", "contact", False, True, [("Patient.contact", ())]),
        ("Questionnaire.item", "item", False, True, [("Questionnaire.item", ())]),
        ("Bundle.entry", "resource", False, False, [("Resource", ())]),
        ("Observation", "focus", False, True, [("Reference", ())]),
        ("Age", "value", False, False, [("decimal", ())]),
    ],
)
def test_elements_are_those_of_the_specification(
    type_name: str, name: str, required: bool, repeats: bool, types: list[tuple[str, tuple[str, ...]]]
) -> None:
    element = next(element for element in elements(type_name) if element.name == name)
    assert (element.required, element.repeats) == (required, repeats)
    assert element.types == tuple(TypeUse(*use) for use in types)


def test_every_type_used_is_defined() -> None:
    met: set[str] = set()
    ahead = set(resource_types())
    while ahead:
        met |= ahead
        used = {use for name in ahead for element in elements(name) for use in element.types}
        ahead = {use.name for use in used if not is_primitive(use.name) and use.name != "Resource"} - met
        targets = {target for use in used for target in use.targets}
        assert targets <= resource_types()
    assert len(met) > 600


def test_the_numbered_list_of_types_is_the_one_of_the_definitions() -> None:
    assert list(RESOURCE_TYPES) == sorted(resource_types())
