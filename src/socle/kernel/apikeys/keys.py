"""API keys as they are read: listed for people, recognised for doors."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from socle.kernel.access import role
from socle.kernel.actors import Actor, ActorKind, Assurance
from socle.kernel.apikeys.faults import UNKNOWN_KEY
from socle.kernel.apikeys.incidents import Share, read_shares
from socle.kernel.clock import micros
from socle.kernel.db import Database, Row, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.manifest import DEMO_KEY
from socle.kernel.settings import settings

log = logging.getLogger("socle.apikeys")
SOFTWARE = role(
    "software",
    "Logiciel qui présente une clé d’API",
    "Software that presents an API key",
    assurance=Assurance.NONE,
)
DAY = 86_400 * 1_000_000
SOON_DAYS = 30
_SECONDS = 30.0
_REMEMBERED = 4_096
# Often enough to see that a key sleeps, seldom enough to cost nothing.
_LOOKED_AT = 600 * 1_000_000
_COLUMNS = "id, service, label, a_second, incidents, expires"
_KNOWN = (
    f"SELECT {_COLUMNS}, used FROM apikeys_key "
    "WHERE digest = ?1 AND service = ?2 AND ended IS NULL AND (expires IS NULL OR expires > ?3)"
)
_LISTED = f"SELECT {_COLUMNS}, owner, created, ended, used FROM apikeys_key"
_ORDERED = "ORDER BY ended IS NOT NULL, created DESC, id"
_IN_USE = "SELECT COUNT(*) FROM apikeys_key WHERE ended IS NULL AND (expires IS NULL OR expires > ?1)"
_EXPIRING = "SELECT COUNT(*) FROM apikeys_key WHERE ended IS NULL AND expires > ?1 AND expires <= ?2"
_USED = "UPDATE apikeys_key SET used = ?1 WHERE id = ?2 AND (used IS NULL OR used < ?1)"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is known: never the key itself. `a_second` is its own quota: None for that of the service, 0 for no
    bound; `expires` in microseconds since 1970."""

    id: str
    service: str
    label: str
    a_second: int | None = None
    incidents: tuple[Share, ...] = ()
    expires: int | None = None

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.SOFTWARE, self.id, roles=frozenset({SOFTWARE.code}))


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as people see it; moments are microseconds since 1970. `owner` is the account that made it for its own
    software, empty for the operator's."""

    key: ApiKey
    owner: str
    created: int
    ended: int | None
    used: int | None

    def is_open(self, now: int) -> bool:
        return self.ended is None and (self.key.expires is None or self.key.expires > now)


def digest_of(presented: str) -> bytes:
    return sha256(presented.encode()).digest()


def listed(session: Session, owner: str | None = None) -> list[Listed]:
    """Every key, or those of one owner: those in use first, then the newest."""
    if owner is None:
        return [_listed(row) for row in session.fetch(f"{_LISTED} {_ORDERED}")]
    return [_listed(row) for row in session.fetch(f"{_LISTED} WHERE owner = ?1 {_ORDERED}", owner)]


def one(session: Session, id: str) -> Listed:
    """Raises SocleError(UNKNOWN_KEY)."""
    row = session.fetch_one(f"{_LISTED} WHERE id = ?1", id)
    if row is None:
        raise SocleError(UNKNOWN_KEY, id=id[:40])
    return _listed(row)


def count_open(session: Session, owner: str, now: int) -> int:
    """How many keys of this owner are in use."""
    return int(session.fetch(f"{_IN_USE} AND owner = ?2", now, owner)[0][0])


def in_use(db: Database) -> int:
    """How many keys are in use."""
    with db.reading() as session:
        return int(session.fetch(_IN_USE, micros())[0][0])


def expiring(session: Session, now: int) -> int:
    """How many keys in use will not be any more within SOON_DAYS."""
    return int(session.fetch(_EXPIRING, now, now + SOON_DAYS * DAY)[0][0])


def _listed(row: Row) -> Listed:
    *known, owner, created, ended, used = row
    return Listed(_key(known), owner, created, ended, used)


def _key(columns: Iterable[object]) -> ApiKey:
    id, service, label, a_second, incidents, expires = columns
    shares = read_shares(str(incidents))
    return ApiKey(str(id), str(service), str(label), a_second, shares, expires)  # type: ignore[arg-type]


class KnownKeys:
    """The keys of one service, as a door asks for them: remembered for half a minute, so that a call costs one lookup.

    In a demonstration the key `socle-demo` is known without having been made.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._demo = ApiKey("demo", service, "Démonstration")
        self._found: dict[bytes, tuple[float, ApiKey | None]] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def find(self, db: Database, presented: bytes) -> ApiKey | None:
        """The key that these bytes of a header are, or None."""
        kept = self._found.get(presented)
        moment = monotonic()
        if kept is not None and moment < kept[0]:
            return kept[1]
        found = await self._ask(db, presented.decode("latin-1"))
        # Whoever tries keys at random must not fill the memory.
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[presented] = (moment + _SECONDS, found)
        return found

    async def _ask(self, db: Database, presented: str) -> ApiKey | None:
        if presented == DEMO_KEY:
            return None if settings().production else self._demo
        now = micros()
        rows = await db.fetch(_KNOWN, digest_of(presented), self._service, now)
        if not rows:
            return None
        *columns, used = rows[0]
        found = _key(columns)
        if used is None or used < now - _LOOKED_AT:
            # The call does not wait for this: a load may hold the database's writer.
            task = asyncio.create_task(_note_use(db, found.id, now))
            self._noting.add(task)
            task.add_done_callback(self._noting.discard)
        return found


async def _note_use(db: Database, id: str, now: int) -> None:
    try:
        await db.run(_write_use, id, now)
    except Exception:
        log.exception("the last use of a key was not written down")


def _write_use(unit: Unit, id: str, now: int) -> None:
    unit.execute(_USED, now, id)
