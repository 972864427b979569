"""Locks that a unit holds until it ends, however it ends: the lease of a lane, and of the dispatcher.

PostgreSQL: advisory locks of the transaction, which the server takes back when the process dies. SQLite: a unit is
alone in writing, so that holding one is holding all.
"""

from collections.abc import Collection
from hashlib import sha256

from socle.kernel.db import Unit

_TRY = (
    "SELECT wanted.key FROM unnest(?1::bigint[]) AS wanted (key) WHERE pg_try_advisory_xact_lock(wanted.key)"
)
_TAKE = "SELECT pg_advisory_xact_lock(?1)"


def try_locks(unit: Unit, names: Collection[str]) -> set[str]:
    """Those of the names that this unit now holds; the others are held elsewhere. Never waits."""
    if unit.dialect.engine == "sqlite":
        return set(names)
    keys = {_key(name): name for name in names}
    return {keys[key] for (key,) in unit.fetch(_TRY, list(keys))}


def take_lock(unit: Unit, name: str) -> None:
    """Wait until this unit holds the name: acts of people, which must not be told to come back."""
    if unit.dialect.engine != "sqlite":
        unit.fetch(_TAKE, _key(name))


def lane_lock(listener: str, lane: str) -> str:
    return f"outbox:{listener}:{lane}"


def _key(name: str) -> int:
    """64 bits of the name: two names that share a key only wait for each other."""
    return int.from_bytes(sha256(f"socle:{name}".encode()).digest()[:8], "big", signed=True)
