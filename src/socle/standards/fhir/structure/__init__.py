"""Structural validation of FHIR R4 4.0.1 resources in JSON.

Base R4 only: JSON form, known elements, cardinality, types, formats of primitive values, choice elements,
`_` siblings, reference targets, and what an extension contains. No profiles, no bindings to value sets, no
invariants but ext-1, no look inside narrative XHTML.
"""

from __future__ import annotations

from typing import Any

from socle.standards.fhir.faults import Fault
from socle.standards.fhir.structure.checkers import MOST_FAULTS
from socle.standards.fhir.structure.definitions import is_resource, resource_types
from socle.standards.fhir.structure.plans import resource_checker

__all__ = ["MOST_FAULTS", "check", "is_resource", "resource_types"]

_check = resource_checker("R4 resourceType")


def check(resource: dict[str, Any], *, where: str = "") -> list[Fault]:
    """The structural faults of a resource as `json.parse` gives it, at most `MOST_FAULTS`; empty when it is
    sound.

    Expressions start at `where`, or at the resource type when none is given. The value must not be nested
    deeper than `json.MAX_DEPTH`.
    """
    faults = _check(resource, {})
    if not faults:
        return []
    type_name = resource.get("resourceType")
    known = isinstance(type_name, str) and is_resource(type_name)
    root = where or (type_name if known else "Resource")
    return [fault.under(str(root)) for fault in faults[:MOST_FAULTS]]
