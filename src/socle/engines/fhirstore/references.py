"""Reading literal references (R4 references.html#literal): which resource of the store one means, if any.

Relative literals, and absolute ones under the store's own base address, mean a resource of ours. Any other absolute URL
is a resource of another server, whatever its last two segments look like: it is found by that URL only.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from socle.engines.fhirstore.hashing import hash64

_LOCAL: Final = re.compile(r"([A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?")
_ABSOLUTE: Final = "://"


def nowhere() -> str:
    """The base address of a store that has none: no absolute URL is its own."""
    return ""


def reference_key(literal: str, *bases: Callable[[], str]) -> str | None:
    """`Type/id`, without version, of a resource of ours; the URL as it stands of one of another server; None for what
    no search by reference finds (fragment, URN, malformed literal). `bases` are our addresses, asked for only when the
    literal is absolute."""
    if _ABSOLUTE in literal:
        own = next((base for find in bases if (base := find()) and literal.startswith(f"{base}/")), None)
        if own is None:
            return literal
        literal = literal[len(own) + 1 :]
    return _local_key(literal)


@lru_cache(maxsize=20_000)
def _local_key(literal: str) -> str | None:
    """Organizations come back all the time."""
    found = _LOCAL.fullmatch(literal)
    return found[1] if found else None


def foreign_target(key: str) -> int | None:
    """The number under which a URL of another server is indexed: a hash, always negative, where our own resources have
    positive numbers; None for a key of ours."""
    if _ABSOLUTE not in key:
        return None
    value = hash64(key)
    return value if value < 0 else ~value
