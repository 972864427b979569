"""Resources out of whatever a FHIR JSON file holds: one resource, an array of them, a Bundle, or one entry
of it.

Published samples come in all these shapes, so a loader unwraps first and then treats each resource alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from socle.standards.fhir.faults import Bilingual, Fault, Refused, shown
from socle.standards.fhir.json import Json

_ENTRY_MEMBERS: Final = frozenset(
    {"id", "extension", "modifierExtension", "link", "fullUrl", "resource", "search", "request", "response"}
)
_RULE: Final = "R4 Bundle.entry 0..*"


class Unwrapped(NamedTuple):
    """A resource and its JSON Pointer (RFC 6901) in the document: empty, `/3`, `/entry/0/resource`."""

    pointer: str
    resource: dict[str, Json]


class UnwrapFault(Refused):
    """A document, or a part of it at `pointer`, that is no resource nor holds one."""

    def __init__(self, pointer: str, value: Json, remedy: Bilingual) -> None:
        super().__init__(Fault("structure", "", shown(value), _RULE, remedy))
        self.pointer = pointer


def unwrap(value: Json) -> list[Unwrapped]:
    """The resources of a parsed document in document order; a Bundle is opened, not listed. Raises
    UnwrapFault.

    The resources themselves are not checked, and Bundles inside entries stay closed. An entry without a
    resource is refused, because leaving out, for instance, a deletion would silently change what the Bundle
    says.
    """
    if not isinstance(value, list):
        return list(_resources("", value))
    return [found for index, item in enumerate(value) for found in _resources(f"/{index}", item)]


def _resources(pointer: str, value: Json) -> Iterator[Unwrapped]:
    if not isinstance(value, dict):
        raise UnwrapFault(pointer, value, _EXPECTED)
    if value.get("resourceType") == "Bundle":
        yield from _entries(pointer, value.get("entry", []))
    elif "resourceType" in value:
        yield Unwrapped(pointer, value)
    elif "resource" in value:
        yield _entry(pointer, value)
    else:
        raise UnwrapFault(pointer, value, _EXPECTED)


def _entries(pointer: str, entries: Json) -> Iterator[Unwrapped]:
    if not isinstance(entries, list):
        raise UnwrapFault(f"{pointer}/entry", entries, _ARRAY)
    for index, entry in enumerate(entries):
        yield _entry(f"{pointer}/entry/{index}", entry)


def _entry(pointer: str, entry: Json) -> Unwrapped:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(resource, dict):
        raise UnwrapFault(pointer, entry, _ENTRY)
    unknown = entry.keys() - _ENTRY_MEMBERS
    if unknown:
        raise UnwrapFault(pointer, min(unknown), _MEMBERS)
    return Unwrapped(f"{pointer}/resource", resource)


_EXPECTED: Final = Bilingual(
    "Donnez une ressource FHIR avec « resourceType », un tableau de ressources, ou un Bundle.",
    "Give a FHIR resource with “resourceType”, an array of resources, or a Bundle.",
)
_ARRAY: Final = Bilingual("Mettez un tableau JSON dans « entry ».", "Put a JSON array in “entry”.")
_ENTRY: Final = Bilingual(
    "Donnez à chaque entrée une ressource dans « resource ».", "Give each entry a resource in “resource”."
)
_MEMBERS: Final = Bilingual(
    "Ne mettez à côté de « resource » que les éléments de Bundle.entry, comme « fullUrl ».",
    "Put only elements of Bundle.entry beside “resource”, such as “fullUrl”.",
)
