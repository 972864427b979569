"""Making, ending and recognising API keys."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from socle.kernel.access import role
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.apikeys.faults import BAD_LABEL, UNKNOWN_KEY
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.manifest import DEMO_KEY
from socle.kernel.settings import settings
from socle.kernel.work import record

ISSUED = action("apikey.issued", Kind.CREATE, "Clé d’API créée", "API key made")
ENDED = action("apikey.ended", Kind.UPDATE, "Clé d’API fermée", "API key ended")
SOFTWARE = role(
    "software",
    "Logiciel qui présente une clé d’API",
    "Software that presents an API key",
    assurance=Assurance.NONE,
)
LABEL_LIMIT = 120
_PREFIX = "sk_"
_SECONDS = 30.0
_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is known: never the key itself."""

    id: str
    service: str
    label: str

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.SOFTWARE, self.id, roles=frozenset({SOFTWARE.code}))


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as an operator sees it; moments are microseconds since 1970."""

    key: ApiKey
    created: int
    ended: int | None


def issue(unit: Unit, by: Acting, *, service: str, label: str) -> tuple[ApiKey, str]:
    """Make a key for an application. The second value is what the application presents; it is not kept.

    Raises SocleError(BAD_LABEL).
    """
    label = label.strip()
    if not 0 < len(label) <= LABEL_LIMIT or not label.isprintable():
        raise SocleError(BAD_LABEL, limit=LABEL_LIMIT, received=ascii(label[:LABEL_LIMIT]))
    presented = _PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(secrets.token_hex(8), service, label)
    unit.execute(
        "INSERT INTO apikeys_key (id, digest, service, label, created) VALUES (?1, ?2, ?3, ?4, ?5)",
        key.id,
        _digest(presented),
        service,
        label,
        micros(),
    )
    record(unit, Entry(ISSUED, by, target=f"ApiKey/{key.id}", data={"service": service}))
    return key, presented


def end(unit: Unit, by: Acting, id: str) -> None:
    """Close a key: it is refused within half a minute everywhere. Raises SocleError(UNKNOWN_KEY)."""
    touched = unit.execute("UPDATE apikeys_key SET ended = ?1 WHERE id = ?2 AND ended IS NULL", micros(), id)
    if not touched:
        raise SocleError(UNKNOWN_KEY, id=id[:40])
    record(unit, Entry(ENDED, by, target=f"ApiKey/{id}"))


def listed(session: Session) -> list[Listed]:
    """Every key, those in use first, then the newest."""
    rows = session.fetch(
        "SELECT id, service, label, created, ended FROM apikeys_key ORDER BY ended IS NOT NULL, created DESC, id"
    )
    return [Listed(ApiKey(id, service, label), created, ended) for id, service, label, created, ended in rows]


def _digest(presented: str) -> bytes:
    return sha256(presented.encode()).digest()


class KnownKeys:
    """The keys of one service, as a door asks for them: remembered for half a minute, so that a call costs one lookup.

    In a demonstration the key `socle-demo` is known without having been made.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._demo = ApiKey("demo", service, "Démonstration")
        self._found: dict[bytes, tuple[float, ApiKey | None]] = {}

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
        rows = await db.fetch(
            "SELECT id, label FROM apikeys_key WHERE digest = ?1 AND service = ?2 AND ended IS NULL",
            _digest(presented),
            self._service,
        )
        return ApiKey(rows[0][0], self._service, rows[0][1]) if rows else None
