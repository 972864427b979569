"""Stored resources as plain values, read once: the hospital of a town stands on every page about the town."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import orjson

Json = dict[str, Any]


@lru_cache(maxsize=2_048)
def loaded(body: bytes) -> Json:
    """The resource of these bytes. It is shared by all who ask for it: nobody changes it."""
    resource: Json = orjson.loads(body)
    return resource


def each(found: Iterable[tuple[int, bytes]]) -> Iterator[Json]:
    """The resources of a page of the store, in its order."""
    return (loaded(body) for _, body in found)
