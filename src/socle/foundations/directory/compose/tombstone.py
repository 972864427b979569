"""What is left of a resource that no source states any more (API v2, delta): who it was, and that it is inactive."""

from socle.foundations.directory.compose.elements import Json

_KEPT = {
    "Practitioner": ("identifier",),
    "PractitionerRole": ("identifier", "practitioner"),
    "Organization": ("identifier", "name"),
}


def tombstone(resource: Json) -> Json:
    """`active` false, with only what the published API keeps of a deleted resource of this type; a role keeps its
    practitioner, which its profile demands."""
    kept = {name: resource[name] for name in _KEPT[resource["resourceType"]] if name in resource}
    head = {name: resource[name] for name in ("resourceType", "id", "meta", "language")}
    return {**head, **kept, "active": False}
