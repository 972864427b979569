"""The structural faults of FHIR JSON and their words (R4 json.html, element.html, extensibility.html).

Each function builds one fault relative to the element that is wrong; those who hold it add the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from socle.standards.fhir.faults import Bilingual, Fault, shortened, shown
from socle.standards.fhir.structure.primitives import remedy_for

_JSON: Final = "R4 json.html"
_PRIMITIVE: Final = "R4 json.html#primitive"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LONGEST_NAME_COMPARED: Final = 64


def step(name: str) -> str:
    """An element name as a FHIRPath step; a name that is none of FHIR's is delimited."""
    return f".{name}" if _NAME.fullmatch(name) else f".`{shortened(shown(name)[1:-1])}`"


def null(rule: str) -> Fault:
    remedy = Bilingual(
        "Omettez l’élément : null n’est admis que dans un tableau de valeurs simples, là où le tableau « _ » "
        "porte une extension.",
        "Omit the element: null is allowed only in an array of primitive values, where the “_” array carries "
        "an extension.",
    )
    return Fault("structure", "", "null", f"{_PRIMITIVE}; {rule}", remedy)


def not_an_object(value: object, rule: str) -> Fault:
    if value is None:
        return null(rule)
    if value == {}:
        return _empty(value, rule)
    if isinstance(value, list):
        return _not_repeated(value, rule)
    remedy = Bilingual("Mettez un objet JSON : { … }.", "Use a JSON object: { … }.")
    return Fault("structure", "", shown(value), rule, remedy)


def not_an_array(value: object, rule: str) -> Fault:
    if value is None:
        return null(rule)
    if value == []:
        return _empty(value, rule)
    remedy = Bilingual(
        "Mettez un tableau JSON, même pour une seule valeur : [ … ].",
        "Use a JSON array, even for a single value: [ … ].",
    )
    return Fault("structure", "", shown(value), rule, remedy)


def not_a_value(value: object, type_name: str, rule: str) -> Fault:
    """A primitive value of the wrong JSON type or format."""
    if value is None:
        return null(rule)
    if isinstance(value, list):
        return _not_repeated(value, rule)
    return Fault("value", "", shown(value), rule, remedy_for(type_name, value))


def _not_repeated(value: object, rule: str) -> Fault:
    remedy = Bilingual(
        "Mettez une seule valeur, sans tableau : l’élément ne se répète pas.",
        "Give a single value, without an array: the element does not repeat.",
    )
    return Fault("structure", "", shown(value), rule, remedy)


def _empty(value: object, rule: str) -> Fault:
    remedy = Bilingual(
        "Omettez l’élément : un objet ou un tableau a toujours un contenu.",
        "Omit the element: an object or array always has content.",
    )
    return Fault("structure", "", shown(value), f"{_JSON}; {rule}", remedy)


def unknown_element(name: str, owner: str, known: Iterable[str]) -> Fault:
    near = get_close_matches(name, known, 1) if len(name) <= _LONGEST_NAME_COMPARED else []
    if near:
        remedy = Bilingual(f"Vouliez-vous dire « {near[0]} » ?", f"Did you mean “{near[0]}”?")
    else:
        remedy = Bilingual(
            f"Retirez la propriété : {owner} n’a pas cet élément ; une information de plus se porte dans "
            "une extension.",
            f"Remove the property: {owner} has no such element; further information goes into an extension.",
        )
    return Fault("structure", "", shown(name), f"R4 {owner}", remedy)


def missing(name: str, rule: str) -> Fault:
    remedy = Bilingual(f"Ajoutez « {name} ».", f"Add “{name}”.")
    return Fault("required", "", "∅", rule, remedy)


def several_choices(names: list[str], rule: str) -> Fault:
    remedy = Bilingual("Gardez un seul de ces éléments.", "Keep only one of these elements.")
    return Fault("structure", "", ", ".join(names), rule, remedy)


def unknown_resource_type(value: object, rule: str) -> Fault:
    remedy = Bilingual(
        "Mettez dans « resourceType » le nom d’un type de ressource FHIR R4, par exemple « Organization ».",
        "Put the name of a FHIR R4 resource type in “resourceType”, for instance “Organization”.",
    )
    return Fault("structure", "", shown(value), f"R4 json.html#resources; {rule}", remedy)


def wrong_target(literal: str, targets: tuple[str, ...], rule: str) -> Fault:
    allowed = ", ".join(targets)
    remedy = Bilingual(
        f"Référencez l’un de ces types : {allowed}.", f"Refer to one of these types: {allowed}."
    )
    return Fault("value", "", shown(literal), rule, remedy)


def lengths_differ(values: int, extensions: int, rule: str) -> Fault:
    remedy = Bilingual(
        "Donnez au tableau « _ » autant de places qu’au tableau des valeurs, avec null là où il n’y a rien.",
        "Give the “_” array as many places as the array of values, with null where there is nothing.",
    )
    return Fault("structure", "", f"{values} ≠ {extensions}", f"{_PRIMITIVE}; {rule}", remedy)


def extension_content(received: str) -> Fault:
    remedy = Bilingual(
        "Donnez à l’extension soit une valeur (value…), soit des extensions, pas les deux.",
        "Give the extension either a value (value…) or extensions, not both.",
    )
    return Fault("structure", "", received, "R4 extensibility.html ext-1", remedy)
