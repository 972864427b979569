"""Sessions: one table read by the pages (WSGI) and by the protocol doors (ASGI).

A session is an opaque 256-bit token in a cookie. What it may do is read at each request, never remembered: one that was
ended, or whose roles were taken back, is worth nothing from the next request on.
"""

import re
from dataclasses import dataclass

from socle.kernel.accounts.personal import subject_of
from socle.kernel.accounts.settings import accounts_settings
from socle.kernel.accounts.tokens import digest_of, new_token
from socle.kernel.actors import Actor, ActorKind, Assurance
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.db.session import Row
from socle.kernel.sealing import seal, unseal
from socle.kernel.settings import settings

_SECOND = 1_000_000
# Writing at every request would make a writer of each reader.
_SEEN_EVERY = 60 * _SECOND
_PROVEN_FOR = 15 * 60 * _SECOND
_TOKEN_LENGTH = 43
_AGENT = 200
_VERSIONS = re.compile(r"\d[\d._]*")
_COMPARED = 50
_EARLIER = (
    "SELECT digest, sealed FROM accounts_session WHERE account = ?1 AND second_factor IS NOT NULL "
    "ORDER BY created DESC LIMIT ?2"
)
# The roles held now come with the session, in one statement: `role`, or `role@structure`.
_HELD = (
    "SELECT s.account, s.assurance, s.structure, s.seen, s.second_factor, g.role, g.structure FROM accounts_session s "
    "JOIN accounts_account a ON a.id = s.account AND a.state = 'active' "
    "LEFT JOIN accounts_grant g ON g.account = s.account AND g.ended IS NULL AND g.begins <= ?2 "
    "AND (g.expires IS NULL OR g.expires > ?2) "
    "WHERE s.digest = ?1 AND s.ended IS NULL AND s.expires > ?2 AND s.seen > ?3"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A session that is open: who, when it was last seen, and when the second factor was given (microseconds; 0 when
    it was not)."""

    digest: bytes
    actor: Actor
    seen: int
    proven: int = 0

    @property
    def stale(self) -> bool:
        return micros() - self.seen > _SEEN_EVERY

    @property
    def fresh(self) -> bool:
        """Whether the second factor was given a moment ago, as what touches the account's security asks for."""
        return micros() - self.proven < _PROVEN_FOR


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its holder sees it: `name` is a public handle, 16 hexadecimal digits of the digest."""

    name: str
    created: int
    seen: int
    client: str
    agent: str


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host over TLS (RFC 6265bis §4.1.3.2); a demonstration has no TLS."""
    return "__Host-socle_session" if is_https() else "socle_session"


def is_https() -> bool:
    return settings().public_url.startswith("https:")


def held_by(session: Session, token: str) -> Held | None:
    """The open session of this cookie; None for a token that is forged, ended, or too old."""
    if len(token) != _TOKEN_LENGTH:
        return None
    digest = digest_of(token)
    return _held(digest, session.fetch(_HELD, digest, *_moments()))


async def held_by_async(db: Database, token: str) -> Held | None:
    """The same for the event loop."""
    if len(token) != _TOKEN_LENGTH:
        return None
    digest = digest_of(token)
    return _held(digest, await db.fetch(_HELD, digest, *_moments()))


def _moments() -> tuple[int, int]:
    """Now, and before when a session is idle."""
    moment = micros()
    return moment, moment - accounts_settings().idle_minutes * 60 * _SECOND


def _held(digest: bytes, rows: list[Row]) -> Held | None:
    if not rows:
        return None
    account, assurance, structure, seen, proven = rows[0][:5]
    roles = frozenset(role for *_, role, where in rows if role and where in ("", structure))
    level = Assurance(assurance)
    return Held(digest, Actor(ActorKind.AGENT, account, level, structure, roles), seen, proven or 0)


def open_session(
    unit: Unit, account: str, assurance: Assurance, *, client: str, agent: str, structure: str | None = None
) -> str:
    """A new session; its token, for the cookie. `agent` is what the browser says of itself."""
    token, moment = new_token(), micros()
    digest = digest_of(token)
    second = moment if assurance >= Assurance.SUBSTANTIAL else None
    expires = moment + accounts_settings().session_hours * 3600 * _SECOND
    machine = seal(
        unit, subject_of(account), _place(digest), {"client": client[:100], "agent": agent[:_AGENT]}
    )
    unit.execute(
        "INSERT INTO accounts_session (digest, account, created, seen, expires, assurance, second_factor, structure, "
        "sealed) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8)",
        *(digest, account, moment, expires, int(assurance), second),
        *(_first_structure(unit, account) if structure is None else structure, machine),
    )
    return token


def is_new_device(session: Session, account: str, agent: str) -> bool:
    """Whether no earlier session with both factors, of those still kept, was opened by such a browser. Versions do not
    count. False for the first one of all, which has nothing to differ from."""
    rows = session.fetch(_EARLIER, account, _COMPARED)
    known = [
        unseal(session, subject_of(account), _place(bytes(digest)), sealed)["agent"]
        for digest, sealed in rows
    ]
    return bool(known) and _family(agent[:_AGENT]) not in map(_family, known)


def _family(agent: str) -> str:
    return _VERSIONS.sub("", agent)


def _first_structure(session: Session, account: str) -> str:
    """The structure that somebody acts for to begin with: the one of their oldest role."""
    row = session.fetch_one(
        "SELECT structure FROM accounts_grant WHERE account = ?1 AND structure <> '' AND ended IS NULL "
        "AND (expires IS NULL OR expires > ?2) ORDER BY begins, id LIMIT 1",
        account,
        micros(),
    )
    return str(row[0]) if row else ""


def end(unit: Unit, digest: bytes) -> int:
    """How many sessions ended: 0 or 1."""
    return unit.execute(
        "UPDATE accounts_session SET ended = ?1 WHERE digest = ?2 AND ended IS NULL", micros(), digest
    )


def end_all(unit: Unit, account: str, *, but: bytes = b"") -> int:
    return unit.execute(
        "UPDATE accounts_session SET ended = ?1 WHERE account = ?2 AND digest <> ?3 AND ended IS NULL",
        *(micros(), account, but),
    )


def touch(unit: Unit, digest: bytes) -> None:
    unit.execute("UPDATE accounts_session SET seen = ?1 WHERE digest = ?2", micros(), digest)


def choose_structure(unit: Unit, digest: bytes, structure: str) -> None:
    unit.execute("UPDATE accounts_session SET structure = ?1 WHERE digest = ?2", structure, digest)


def listed(session: Session, account: str) -> list[tuple[bytes, Listed]]:
    """The open sessions of an account, the last seen first, by digest."""
    rows = session.fetch(
        "SELECT digest, created, seen, sealed FROM accounts_session "
        "WHERE account = ?1 AND ended IS NULL AND expires > ?2 AND seen > ?3 ORDER BY seen DESC",
        *(account, *_moments()),
    )
    found = []
    for digest, created, seen, sealed in rows:
        known = unseal(session, subject_of(account), _place(bytes(digest)), sealed)
        told = Listed(bytes(digest).hex()[:16], created, seen, known["client"], known["agent"])
        found.append((bytes(digest), told))
    return found


def put_challenge(unit: Unit, digest: bytes, challenge: bytes | None) -> None:
    unit.execute("UPDATE accounts_session SET challenge = ?1 WHERE digest = ?2", challenge, digest)


def take_challenge(unit: Unit, digest: bytes) -> bytes:
    """What the passkey was asked to sign, once; empty when nothing was asked."""
    row = unit.fetch_one("SELECT challenge FROM accounts_session WHERE digest = ?1", digest)
    put_challenge(unit, digest, None)
    return bytes(row[0]) if row and row[0] else b""


def put_pending(unit: Unit, digest: bytes, account: str, document: dict[str, str] | None) -> None:
    """Keep the secret of a factor that is being enrolled, sealed, until its first code was seen."""
    sealed = None if document is None else seal(unit, subject_of(account), _pending_place(digest), document)
    unit.execute("UPDATE accounts_session SET pending = ?1 WHERE digest = ?2", sealed, digest)


def pending(session: Session, digest: bytes, account: str) -> dict[str, str] | None:
    row = session.fetch_one("SELECT pending FROM accounts_session WHERE digest = ?1", digest)
    if row is None or row[0] is None:
        return None
    found: dict[str, str] = unseal(session, subject_of(account), _pending_place(digest), row[0])
    return found


def _place(digest: bytes) -> str:
    return f"accounts_session:{digest.hex()}"


def _pending_place(digest: bytes) -> str:
    return f"accounts_session.pending:{digest.hex()}"
