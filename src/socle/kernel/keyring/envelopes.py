"""The envelope key of each subject: made at first use, wrapped under the master, read where a row says it exists.

On SQLite the row is read each time, which costs a few microseconds. On PostgreSQL that would be a round trip for each
entry of the trail: keys used for sealing are remembered for a minute. Reading always looks at the row, so that what is
erased is unreadable at once; what another process seals under a key erased less than a minute ago is lost.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from socle.kernel.clock import micros
from socle.kernel.db import Session, Unit
from socle.kernel.db.session import PostgresqlUnit
from socle.kernel.keys import current_master, master_named

WRAPPED_FOR = "envelope"
KEY_BYTES = 32
_ENTRIES, _SECONDS = 20_000, 60.0
_READ = "SELECT wrapped, master FROM keyring_envelope WHERE subject = ?1"
_MAKE = (
    "INSERT INTO keyring_envelope (subject, wrapped, master, created) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (subject) DO NOTHING"
)
K = TypeVar("K")


class ShortMemory(Generic[K]):
    """Keys in clear, few and for a short time; what is oldest goes first."""

    def __init__(self, entries: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._entries, self._seconds, self._clock = entries, seconds, clock
        self._held: OrderedDict[K, tuple[float, bytes]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, name: K) -> bytes | None:
        with self._guard:
            held = self._held.get(name)
            if held is None:
                return None
            if self._clock() >= held[0]:
                del self._held[name]
                return None
            return held[1]

    def put(self, name: K, key: bytes) -> None:
        with self._guard:
            self._held.pop(name, None)
            self._held[name] = (self._clock() + self._seconds, key)
            while len(self._held) > self._entries:
                self._held.popitem(last=False)

    def forget(self) -> None:
        with self._guard:
            self._held.clear()


_unwrapped: ShortMemory[tuple[str, bytes]] = ShortMemory(_ENTRIES, _SECONDS)
_sealing: ShortMemory[tuple[str, str, str, str]] = ShortMemory(_ENTRIES, _SECONDS)


class Made:
    """The keys made in one unit: they count once it is committed, and nobody else may use them before."""

    def __init__(self, unit: Unit) -> None:
        self.keys: dict[str, bytes] = {}

    def close(self) -> None:
        """Nothing is left to write: each row went in when its key was made."""


def key_to_read(session: Session, subject: str) -> bytes | None:
    """The subject's key; None when it was erased, or never made."""
    row = session.fetch_one(_READ, subject)
    if row is None:
        return None
    wrapped, master = bytes(row[0]), row[1]
    key = _unwrapped.get((subject, wrapped))
    if key is None:
        key = master_named(master).unwrap(WRAPPED_FOR, subject, wrapped)
        _unwrapped.put((subject, wrapped), key)
    return key


def key_to_seal(unit: Unit, subject: str) -> bytes:
    """The subject's key, made now when there is none. Two units that make it at once agree on the first one."""
    made = unit.attached(Made).keys
    if (fresh := made.get(subject)) is not None:
        return fresh
    place = _remembered_under(unit, subject)
    if place is not None and (key := _sealing.get(place)) is not None:
        return key
    found = key_to_read(unit, subject)
    if found is None:
        found = _make(unit, subject, made)
    elif place is not None:
        _sealing.put(place, found)
    return found


def destroy(unit: Unit, subject: str) -> None:
    """Take away the subject's key, if there is one: what was sealed under it stays closed for ever. A person is erased
    by `socle.kernel.keyring.tombstones.bury`, which backups remember."""
    unit.execute("DELETE FROM keyring_envelope WHERE subject = ?1", subject)


def _make(unit: Unit, subject: str, made: dict[str, bytes]) -> bytes:
    key, master = os.urandom(KEY_BYTES), current_master()
    if not unit.execute(_MAKE, subject, master.wrap(WRAPPED_FOR, subject, key), master.id, micros()):
        first = key_to_read(unit, subject)
        if first is not None:
            return first
        # Erased between the two statements: the next try makes a new one.
        return _make(unit, subject, made)
    made[subject] = key
    return key


def _remembered_under(unit: Unit, subject: str) -> tuple[str, str, str, str] | None:
    if not isinstance(unit, PostgresqlUnit):
        return None
    server = unit.connection.info
    return server.host, str(server.port), server.dbname, subject


def forget_keys() -> None:
    """Forget every key in clear of this process: after an erasure or a restore."""
    _unwrapped.forget()
    _sealing.forget()
