"""The structural definitions of FHIR R4 4.0.1, as data.

`r4.json.gz` is built by `tools/build_r4_structure.py` from HL7's package (CC0-1.0). An element is one line
such as `0..1 Reference(Practitioner,PractitionerRole)` or `0..1 boolean|dateTime`; an element with elements
of its own has the type named by its path (`Patient.contact`), and so has one that repeats such an element
elsewhere.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

_TYPE_USE: Final = re.compile(r"([A-Za-z0-9.]+)(?:\(([A-Za-z,]+)\))?(?:\||$)")


class TypeUse(NamedTuple):
    """One type an element may have; `targets` are what a Reference may refer to, empty for anything."""

    name: str
    targets: tuple[str, ...]


class Element(NamedTuple):
    """One element of a type. `name` ends in `[x]` when its JSON name also says its type."""

    path: str
    name: str
    required: bool
    repeats: bool
    types: tuple[TypeUse, ...]
    line: str

    @property
    def is_choice(self) -> bool:
        return self.name.endswith("[x]")


def resource_types() -> frozenset[str]:
    """The 146 resource types that can be instantiated."""
    return _resource_types()


def primitive_patterns() -> dict[str, str]:
    """Primitive type to the regular expression published for its value; empty for xhtml."""
    return dict(_content()["primitives"])


def is_primitive(type_name: str) -> bool:
    return type_name in _content()["primitives"]


def is_resource(type_name: str) -> bool:
    return type_name in _resource_types()


def elements(type_name: str) -> tuple[Element, ...]:
    """Elements of a resource type, a complex type, or a path such as `Patient.contact`; else KeyError."""
    lines: dict[str, str] = _content()["types"][type_name]
    return tuple(_element(f"{type_name}.{name}", name, line) for name, line in lines.items())


def _element(path: str, name: str, line: str) -> Element:
    cardinality, _, uses = line.partition(" ")
    types = tuple(
        TypeUse(use[1], tuple(use[2].split(",")) if use[2] else ()) for use in _TYPE_USE.finditer(uses)
    )
    return Element(path, name, cardinality[0] == "1", cardinality.endswith("*"), types, line)


@cache
def _resource_types() -> frozenset[str]:
    return frozenset(_content()["resources"])


@cache
def _content() -> dict[str, Any]:
    packed = resources.files(__package__).joinpath("r4.json.gz").read_bytes()
    content: dict[str, Any] = json.loads(gzip.decompress(packed))
    return content
