"""Search answers as bytes: stored bodies are joined, never read and written again (R4 bundle.html, searchset)."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import orjson

from socle.engines.fhirstore.body import resource_of, type_and_id
from socle.kernel.clock import instant
from socle.standards.fhir.json import dump

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_KEPT = ("resourceType", "id", "meta")
Link = tuple[str, str]


def searchset(
    base: str,
    matches: Iterable[bytes],
    included: Iterable[bytes],
    links: Iterable[Link],
    total: int | None,
    outcomes: Iterable[dict[str, Any]] = (),
    moment: int = 0,
) -> bytes:
    """A Bundle of type searchset. `base` is the FHIR base address, without trailing slash. `moment` becomes the
    Bundle's lastUpdated: what a client that keeps a copy gives to `_lastUpdated=gt` next time."""
    head: dict[str, Any] = {"resourceType": "Bundle", "id": str(uuid4()), "type": "searchset"}
    if moment:
        head["meta"] = {"lastUpdated": instant(moment)}
    counted: dict[str, Any] = head if total is None else {**head, "total": total}
    shown = [{"relation": relation, "url": url} for relation, url in links]
    prefix = orjson.dumps({**counted, "link": shown})[:-1]
    entries = [
        *(_entry(base, body, b"match") for body in matches),
        *(_entry(base, body, b"include") for body in included),
        *(b'{"resource":' + dump(outcome) + b',"search":{"mode":"outcome"}}' for outcome in outcomes),
    ]
    return prefix + (b',"entry":[' + b",".join(entries) + b"]}" if entries else b"}")


def _entry(base: str, body: bytes, mode: bytes) -> bytes:
    type_name, fid = type_and_id(body)
    return b'{"fullUrl":"%b/%b/%b","resource":%b,"search":{"mode":"%b"}}' % (
        base.encode(),
        type_name.encode(),
        fid.encode(),
        body,
        mode,
    )


def subset(body: bytes, elements: tuple[str, ...]) -> bytes:
    """Only the asked top-level elements, tagged SUBSETTED (R4 §3.1.1.5.9); identity and meta always stay."""
    resource = resource_of(body)
    wanted = {*_KEPT, *elements, *(f"_{element}" for element in elements)}
    kept = {key: value for key, value in resource.items() if key in wanted}
    meta = dict(kept.get("meta", {}))
    meta["tag"] = [*meta.get("tag", []), SUBSETTED]
    return dump({**kept, "meta": meta})
