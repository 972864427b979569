"""Stored resources as plain values."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

Json = dict[str, Any]


def loaded(body: bytes) -> Json:
    """The resource of these bytes. Read anew each time, which takes ten microseconds: thousands of resources kept as
    values would be walked through at every round of the garbage collector, and stop all pages meanwhile."""
    resource: Json = orjson.loads(body)
    return resource


def each(found: Iterable[tuple[int, bytes]]) -> Iterator[Json]:
    """The resources of a page of the store, in its order."""
    return (loaded(body) for _, body in found)
