"""The OpenAPI 3.1 description of a store's door, generated like its CapabilityStatement."""

from typing import Any

from socle import __version__
from socle.engines.fhirstore.query import PAGE_CAP, TOTALS
from socle.engines.fhirstore.stores import StoreDefinition, TypeProfile

_FHIR = "application/fhir+json"


def openapi(store: StoreDefinition, base: str, key_header: str = "") -> dict[str, Any]:
    """`key_header` is the header that carries an API key, when a portal before the door asks for one."""
    paths: dict[str, Any] = {
        "/metadata": {"get": _operation("capabilities", "CapabilityStatement", [_FORMAT])},
        "/_page": {"get": _operation("page", "Bundle", [_query("id", {"type": "string"}), _FORMAT])},
    }
    for profile in store.types:
        paths |= _type_paths(store, profile)
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": store.title, "version": __version__},
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": {name: _resource(name) for name in _schema_names(store)}},
    }
    return _behind_portal(described, key_header) if key_header else described


def _behind_portal(described: dict[str, Any], key_header: str) -> dict[str, Any]:
    """The same, with what the portal asks and refuses; its answers are no OperationOutcome."""
    described["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": key_header}
    }
    described["components"]["schemas"]["Refusal"] = _REFUSAL
    described["security"] = [{"key": []}]
    for path in described["paths"].values():
        for operation in path.values():
            operation["responses"] |= {
                status: _response(text, "Refusal", "application/json") for status, text in _OF_PORTAL.items()
            }
    return described


def _schema_names(store: StoreDefinition) -> list[str]:
    return ["Bundle", "CapabilityStatement", "OperationOutcome", *store.profiles]


def _resource(name: str) -> dict[str, Any]:
    required = ["resourceType", *({"OperationOutcome": ["issue"], "Bundle": ["type"]}.get(name, []))]
    return {"type": "object", "required": required, "properties": {"resourceType": {"const": name}}}


def _type_paths(store: StoreDefinition, profile: TypeProfile) -> dict[str, Any]:
    name = profile.type
    identity = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    criteria = _criteria(store, profile)
    form = {"type": "object", "properties": {one["name"]: one["schema"] for one in criteria}}
    posted = _operation(f"searchByPost{name}", "Bundle", [])
    posted["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return {
        f"/{name}/{{id}}": {"get": _operation(f"read{name}", name, [identity, _FORMAT])},
        f"/{name}": {"get": _operation(f"search{name}", "Bundle", criteria)},
        f"/{name}/_search": {"post": posted},
    }


def _criteria(store: StoreDefinition, profile: TypeProfile) -> list[dict[str, Any]]:
    known = store.parameters[profile.type].parameters
    text: dict[str, Any] = {"type": "string"}
    asked = [_query(code, text) for code in ("_id", "_lastUpdated", *(parameter.code for parameter in known))]
    return [
        *asked,
        _query("_count", _COUNT),
        _query("_total", {"enum": list(TOTALS)}),
        _query("_elements", text),
        *([_query("_include", {"enum": ["", *profile.includes]})] if profile.includes else []),
        *(
            [_query("_revinclude", {"enum": ["", *profile.reverse_includes]})]
            if profile.reverse_includes
            else []
        ),
        _FORMAT,
    ]


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


_COUNT = {
    "type": "integer",
    "minimum": 0,
    "maximum": 999_999_999,
    "description": f"A page holds {PAGE_CAP} at most, whatever is asked for",
}
_FORMAT = _query("_format", {"enum": ["json", "application/json", _FHIR]})
_REFUSALS = {
    "400": "Not understood, or a parameter that does not exist",
    "404": "Nothing at this address",
    "406": "A format other than JSON was asked for",
    "410": "Deleted, or a page link past its life",
    "413": "Body too large",
    "414": "Address too long",
    "415": "A form was expected",
    "503": "Took too long",
}


_OF_PORTAL = {
    "401": "No key, or one that is not in use",
    "429": "Too many calls with this key",
    "502": "The portal did not reach the service",
    "504": "The service did not answer the portal in time",
}
_REFUSAL = {
    "type": "object",
    "required": ["message", "http_status_code"],
    "properties": {"message": {"type": "string"}, "http_status_code": {"type": "integer"}},
}


def _operation(name: str, schema: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    responses = {"200": _response("Found", schema), "304": {"description": "Not modified"}}
    responses |= {status: _response(text, "OperationOutcome") for status, text in _REFUSALS.items()}
    return {"operationId": name, "parameters": parameters, "responses": responses}


def _response(description: str, schema: str, content_type: str = _FHIR) -> dict[str, Any]:
    return {
        "description": description,
        "content": {content_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
