"""Checking plans: a table of checkers per FHIR type, built from its definition when first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from socle.standards.fhir.faults import Fault
from socle.standards.fhir.structure import refusals
from socle.standards.fhir.structure.checkers import (
    MOST_FAULTS,
    Checker,
    Faults,
    Holder,
    accepted,
    array_checker,
    choice_checker,
    reference_checker,
    sibling_array_checker,
    under,
    value_array_checker,
    value_checker,
)
from socle.standards.fhir.structure.definitions import Element, TypeUse, elements, is_primitive, is_resource


class Plan:
    """How to check the objects of one type.

    `checkers` goes from a JSON name to its checker and is empty until the first object is met, since types
    are recursive. `required` holds, for each element that must be there, the JSON names it may have.
    """

    __slots__ = ("also", "checkers", "labels", "required", "type_name")

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name
        self.checkers: dict[str, Checker] = {}
        self.labels: dict[str, str] = {}
        self.required: tuple[tuple[Element, frozenset[str]], ...] = ()
        self.also: Callable[[Holder], Fault | None] | None = None

    def compile(self) -> dict[str, Checker]:
        checkers: dict[str, Checker] = {"resourceType": accepted} if is_resource(self.type_name) else {}
        required = []
        for element in elements(self.type_name):
            members = _members(element)
            checkers |= members
            self.labels |= {name: _label(element, name) for name in members}
            if element.required:
                required.append((element, frozenset(members)))
        self.required = tuple(required)
        self.also = _extension_content if self.type_name == "Extension" else None
        # Published last: another thread sees no table, or a whole one.
        self.checkers = checkers
        return checkers

    def located(self, name: str, faults: Faults) -> Faults:
        return under(self.labels.get(name) or refusals.step(name), faults)


@cache
def plan_of(type_name: str) -> Plan:
    return Plan(type_name)


def object_checker(plan: Plan, rule: str) -> Checker:
    """An object of one type: known elements only, each well formed, the required ones present."""

    def check(value: object, holder: Holder) -> Faults | None:
        if type(value) is not dict or not value:
            return [refusals.not_an_object(value, rule)]
        checkers = plan.checkers or plan.compile()
        found: Faults | None = None
        for name, item in value.items():
            checker = checkers.get(name)
            if checker is not None:
                faults = checker(item, value)
            else:
                faults = [refusals.unknown_element(name, plan.type_name, checkers)]
            if faults:
                found = (found or []) + plan.located(name, faults)
                if len(found) >= MOST_FAULTS:
                    return found
        for element, names in plan.required:
            if names.isdisjoint(value):
                found = [*(found or []), refusals.missing(element.name, _rule(element))]
        if plan.also is not None and (fault := plan.also(value)):
            found = [*(found or []), fault]
        return found

    return check


def resource_checker(rule: str) -> Checker:
    """A resource of any type, told by its `resourceType` (json.html#resources)."""

    def check(value: object, holder: Holder) -> Faults | None:
        if type(value) is not dict:
            return [refusals.not_an_object(value, rule)]
        type_name = value.get("resourceType")
        if type(type_name) is not str or not is_resource(type_name):
            return [refusals.unknown_resource_type(type_name, rule).under(".resourceType")]
        return _checker_of_resource(type_name)(value, holder)

    return check


@cache
def _checker_of_resource(type_name: str) -> Checker:
    return object_checker(plan_of(type_name), f"R4 {type_name}")


def _rule(element: Element, use: TypeUse | None = None) -> str:
    """The citation of an element; of a choice only the type at hand, since it may have fifty."""
    if not element.is_choice:
        return f"R4 {element.path} {element.line}"
    cardinality = element.line.partition(" ")[0]
    return f"R4 {element.path} {cardinality} {use.name}" if use else f"R4 {element.path} {cardinality}"


def _label(element: Element, name: str) -> str:
    """The FHIRPath step of a JSON name: `valueQuantity` is `.value.ofType(Quantity)`."""
    if not element.is_choice:
        return f".{element.name}"
    stem = element.name.removesuffix("[x]")
    spelled = name.removeprefix("_")
    used = next(use.name for use in element.types if spelled == _choice_name(stem, use))
    return f".{stem}.ofType({used})"


def _choice_name(stem: str, use: TypeUse) -> str:
    return f"{stem}{use.name[0].upper()}{use.name[1:]}"


def _members(element: Element) -> dict[str, Checker]:
    """JSON names of an element with their checkers; a choice has one for each of its types."""
    if not element.is_choice:
        return _named(element.name, element.types[0], element)
    stem = element.name.removesuffix("[x]")
    members: dict[str, Checker] = {}
    for use in element.types:
        members |= _named(_choice_name(stem, use), use, element)
    names, rule = frozenset(members), _rule(element)
    return {name: choice_checker(checker, name, names, rule) for name, checker in members.items()}


def _named(name: str, use: TypeUse, element: Element) -> dict[str, Checker]:
    rule = _rule(element, use)
    if not is_primitive(use.name):
        checker = _complex_checker(use, rule)
        return {name: array_checker(checker, rule) if element.repeats else checker}
    sibling = object_checker(plan_of("Element"), rule)
    if element.repeats:
        values = value_array_checker(name, use.name, rule)
        return {name: values, f"_{name}": sibling_array_checker(name, sibling, rule)}
    value = value_checker(use.name, rule)
    return {name: value} if _is_bare(element) else {name: value, f"_{name}": sibling}


def _complex_checker(use: TypeUse, rule: str) -> Checker:
    if use.name == "Resource":
        return resource_checker(rule)
    checker = object_checker(plan_of(use.name), rule)
    return reference_checker(checker, use.targets, rule) if use.targets else checker


def _is_bare(element: Element) -> bool:
    """Whether a primitive has no `_` sibling: Element.id and Extension.url (XML attributes), XHTML."""
    owner = element.path.rpartition(".")[0]
    is_attribute = element.name == "id" and not is_resource(owner)
    return is_attribute or element.path == "Extension.url" or element.types[0].name == "xhtml"


def _extension_content(value: Holder) -> Fault | None:
    has_value = False
    for name in value:
        if name.startswith(("value", "_value")):
            has_value = True
    if has_value != ("extension" in value):
        return None
    return refusals.extension_content("extension + value" if has_value else "∅")
