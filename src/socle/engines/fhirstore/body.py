"""A resource's bytes: stored once, with `versionId` and `lastUpdated` spliced in, and returned as they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from socle.engines.fhirstore.hashing import digest
from socle.kernel.clock import instant
from socle.standards.fhir.json import Prepared, dump, parse

_SERVER_META = frozenset({"versionId", "lastUpdated"})
_HEAD = ("resourceType", "id", "meta")


@dataclass(frozen=True, slots=True)
class Content:
    """What of a resource does not depend on its version: bytes of `meta` and of the rest, and a digest of both."""

    type: str
    id: str
    meta: bytes
    rest: bytes
    digest: bytes


def content_of(resource: dict[str, Any]) -> Content:
    rest = resource.copy()
    for name in _HEAD:
        rest.pop(name, None)
    return content_from_parts(
        resource["resourceType"], resource["id"], _meta(resource.get("meta")), dump(rest)
    )


def _meta(meta: Any) -> bytes:
    """`meta` without what the server says itself; a prepared one never has it."""
    if isinstance(meta, Prepared):
        return dump(meta)
    return dump({key: value for key, value in (meta or {}).items() if key not in _SERVER_META})


def content_from_parts(type_name: str, fid: str, meta: bytes, rest: bytes) -> Content:
    """`meta` and `rest` are JSON objects."""
    return Content(type_name, fid, meta, rest, digest(meta + rest))


def body_writer(moment: int) -> Callable[[Content, int], bytes]:
    """A function (content, versionId) -> the resource as served, all with one lastUpdated (microseconds UTC)."""
    updated = instant(moment)

    def write(content: Content, number: int) -> bytes:
        head = (
            f'{{"resourceType":"{content.type}","id":"{content.id}",'
            f'"meta":{{"versionId":"{number}","lastUpdated":"{updated}"'
        )
        return b"".join((head.encode(), _joined(content.meta), _joined(content.rest)))

    return write


def _joined(members: bytes) -> bytes:
    """The members of a JSON object after others, with its closing brace."""
    return b"," + members[1:] if len(members) > 2 else b"}"


def resource_of(body: bytes) -> dict[str, Any]:
    """The resource that stored bytes are."""
    resource: dict[str, Any] = parse(body)  # type: ignore[assignment]
    return resource


def type_and_id(body: bytes) -> tuple[str, str]:
    """Read off the head that `body_writer` wrote."""
    parts = body[:160].split(b'"', 8)
    return parts[3].decode(), parts[7].decode()
