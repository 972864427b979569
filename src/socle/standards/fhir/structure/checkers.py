"""Checkers of values, arrays and references, from which the plans are put together.

A checker takes a value and the object that holds it, and returns the faults found, or None when all is
well. That second case is the path made fast: no place is tracked on the way down; a fault travels up
instead and each holder adds its step to the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from socle.standards.fhir.faults import Fault
from socle.standards.fhir.structure import refusals
from socle.standards.fhir.structure.definitions import is_resource
from socle.standards.fhir.structure.primitives import primitive

MOST_FAULTS: Final = 100

Faults = list[Fault]
Holder = dict[str, Any]
Checker = Callable[[Any, Holder], Faults | None]


def under(prefix: str, faults: Faults) -> Faults:
    return [fault.under(prefix) for fault in faults]


def accepted(value: Any, holder: Holder) -> Faults | None:
    """For what was checked elsewhere."""
    return None


def value_checker(type_name: str, rule: str) -> Checker:
    accepts = primitive(type_name).accepts

    def check(value: Any, holder: Holder) -> Faults | None:
        return None if accepts(value) else [refusals.not_a_value(value, type_name, rule)]

    return check


def value_array_checker(name: str, type_name: str, rule: str) -> Checker:
    """Values of a repeating primitive; null only where the `_` array has an object (json.html#primitive)."""
    accepts = primitive(type_name).accepts

    def check(value: Any, holder: Holder) -> Faults | None:
        if type(value) is not list or not value:
            return [refusals.not_an_array(value, rule)]
        for item in value:
            if not accepts(item):
                return explain(value, holder.get(f"_{name}")) or None
        return None

    def explain(values: list[Any], siblings: Any) -> Faults:
        filled = [item is not None for item in siblings] if type(siblings) is list else []
        filled += [False] * (len(values) - len(filled))
        return [
            refusals.not_a_value(item, type_name, rule).under(f"[{index}]")
            for index, item in enumerate(values)
            if not (accepts(item) or (item is None and filled[index]))
        ][:MOST_FAULTS]

    return check


def sibling_array_checker(name: str, element: Checker, rule: str) -> Checker:
    """The `_` array beside the values of a repeating primitive: as long, null where there is no extension."""

    def check(value: Any, holder: Holder) -> Faults | None:
        if type(value) is not list or not value:
            return [refusals.not_an_array(value, rule)]
        values = holder.get(name)
        found: Faults = []
        if type(values) is list and len(values) != len(value):
            found.append(refusals.lengths_differ(len(values), len(value), rule))
        for index, item in enumerate(value):
            if item is None and type(values) is list:
                continue
            found += under(f"[{index}]", element(item, holder) or [])
            if len(found) >= MOST_FAULTS:
                break
        return found or None

    return check


def array_checker(item_checker: Checker, rule: str) -> Checker:
    def check(value: Any, holder: Holder) -> Faults | None:
        if type(value) is not list or not value:
            return [refusals.not_an_array(value, rule)]
        found: Faults | None = None
        for index, item in enumerate(value):
            faults = item_checker(item, holder)
            if faults:
                found = (found or []) + under(f"[{index}]", faults)
                if len(found) >= MOST_FAULTS:
                    break
        return found

    return check


def reference_checker(object_checker: Checker, targets: tuple[str, ...], rule: str) -> Checker:
    """A Reference and the type it names, in a relative literal (`Patient/1`) or in `type` (references.html)."""
    allowed = frozenset(targets)

    def check(value: Any, holder: Holder) -> Faults | None:
        faults = object_checker(value, holder)
        if faults:
            return faults
        literal = value.get("reference", "")
        type_name, _, identity = literal.partition("/")
        if identity and type_name not in allowed and is_resource(type_name):
            return [refusals.wrong_target(literal, targets, rule).under(".reference")]
        named = value.get("type")
        if named is not None and named not in allowed and is_resource(named):
            return [refusals.wrong_target(named, targets, rule).under(".type")]
        return None

    return check


def choice_checker(checker: Checker, own: str, members: frozenset[str], rule: str) -> Checker:
    """One JSON name of a choice element: no other may stand beside it (formats.html#choice)."""

    def check(value: Any, holder: Holder) -> Faults | None:
        faults = checker(value, holder)
        present = members & holder.keys()
        if len(present) > 1 and own == min(present) and len({name.lstrip("_") for name in present}) > 1:
            return [*(faults or []), refusals.several_choices(sorted(present), rule)]
        return faults

    return check
