"""The CapabilityStatement of a store, generated from what it does (R4 capabilitystatement.html)."""

from typing import Any

from socle import __version__
from socle.engines.fhirstore.stores import StoreDefinition, TypeProfile
from socle.kernel.clock import instant

_COMMON = (
    {"name": "_id", "type": "token", "definition": "http://hl7.org/fhir/SearchParameter/Resource-id"},
    {
        "name": "_lastUpdated",
        "type": "date",
        "definition": "http://hl7.org/fhir/SearchParameter/Resource-lastUpdated",
    },
)


def capability_statement(store: StoreDefinition, base: str, date_micros: int) -> dict[str, Any]:
    """`date_micros`: when what is promised last changed, that is when the process started."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(date_micros),
        "kind": "instance",
        "software": {"name": "Socle", "version": __version__},
        "implementation": {"description": store.title, "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        **({"implementationGuide": [store.implementation_guide]} if store.implementation_guide else {}),
        "rest": [
            {
                "mode": "server",
                "resource": [_resource(store, profile) for profile in store.types],
            }
        ],
    }


def _resource(store: StoreDefinition, profile: TypeProfile) -> dict[str, Any]:
    parameters = store.parameters[profile.type].parameters
    described: dict[str, Any] = {
        "type": profile.type,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "conditionalRead": "full-support",
        "searchParam": [
            *_COMMON,
            *(_parameter(parameter.code, parameter.kind, parameter.definition) for parameter in parameters),
        ],
    }
    if profile.profiles:
        described["supportedProfile"] = list(profile.profiles)
    if profile.includes:
        described["searchInclude"] = list(profile.includes)
    if profile.reverse_includes:
        described["searchRevInclude"] = list(profile.reverse_includes)
    return described


def _parameter(code: str, kind: str, definition: str) -> dict[str, Any]:
    return {"name": code, "type": kind, **({"definition": definition} if definition else {})}
