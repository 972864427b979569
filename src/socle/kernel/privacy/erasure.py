"""Erasing a person (GDPR art. 17): the key of their sealed details, the sealed bytes, and what services hold.

Entries of the trail stay: their facts name nobody, and the proof of everything else rests on their hashes.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import orjson
import psycopg

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.vouching import record_vouched
from socle.kernel.db import Database, Session, Unit
from socle.kernel.keyring.envelopes import forget_keys
from socle.kernel.keyring.keyfile import LOCK, forget_in_key_file
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.keyring.tombstones import Tombstone, bury
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.work import emit

log = logging.getLogger(__name__)
Eraser = Callable[[Unit, str], int]
# Before PostgreSQL 17 nobody but the owner may clear a table; since then, who was granted to maintain it.
_CLEARS = (
    "SELECT pg_has_role(relowner, 'USAGE') OR current_setting('server_version_num')::int >= 170000 AND EXISTS "
    "(SELECT 1 FROM aclexplode(relacl) granted WHERE granted.privilege_type = 'MAINTAIN') "
    "FROM pg_class WHERE oid = to_regclass('keyring_envelope')"
)
ERASED = action("privacy.erased", Kind.DELETE, "Personne effacée", "Person erased")
ERASED_EVENT = event_kind(
    "privacy.erased.1",
    "Une personne a été effacée",
    "A person was erased",
    subject="internal identifier of the person",
    reason="request, retention, replayed",
)
_SEALED_COLUMNS = ("subject", "actor")


class Reason(StrEnum):
    """Why a person is erased; `replayed` is an erasure that a restored backup had not seen."""

    REQUEST = "request"
    RETENTION = "retention"
    REPLAYED = "replayed"


def erase(
    db: Database, subject: str, reason: Reason, by: Acting = BY_SYSTEM, erasers: Sequence[Eraser] = ()
) -> Tombstone:
    """Erase a person everywhere: the database, what this process remembers, the key file of the backups.

    Raises SocleError: WORK_BUSY, and changes nothing, while a backup writes its key file; KEY_FILE_BEHIND when the
    database was changed and the key file could not be: the next erasure, or the job, changes it.
    """
    with db.exclusive(LOCK):
        with db.unit() as unit:
            stone = erase_subject(unit, subject, reason, by, erasers)
        let_go(db)
    return stone


def let_go(db: Database, *, erased: bool = True) -> None:
    """What follows the unit that erased, with the database's LOCK held: keys leave this process and the key file of the
    backups, bytes the engine. When nobody was `erased` now, the key file is still looked at: an earlier erasure may
    not have reached it. Raises SocleError(KEY_FILE_BEHIND)."""
    forget_keys()
    try:
        with db.reading() as session:
            erased = forget_in_key_file(keyring_settings().followed, session) > 0 or erased
    finally:
        # Afterwards: PostgreSQL may refuse it, and the keys are gone all the same.
        if erased:
            scrub(db)


def erase_subject(
    unit: Unit,
    subject: str,
    reason: Reason,
    by: Acting = BY_SYSTEM,
    erasers: Sequence[Eraser] = (),
    at: int | None = None,
) -> Tombstone:
    """What `erase` does in the database, in a unit of the caller's. `erasers` are those of the services (manifests);
    `at` is when an erasure that is replayed took place."""
    with overwriting(unit):
        stone = bury(unit, subject, at)
        details = sum(_clear_logged(unit, column, stone) for column in _SEALED_COLUMNS)
        details += _clear_waiting(unit, stone)
        rows = sum(eraser(unit, subject) for eraser in erasers)
    data = {"reason": reason.value, "details": details, "rows": rows}
    record_vouched(unit, Entry(ERASED, by, subject=subject, data=data))
    emit(unit, Event(ERASED_EVENT, subject, {"subject": subject, "reason": reason.value}))
    return stone


@contextmanager
def overwriting(unit: Unit) -> Iterator[None]:
    """On SQLite, what is deleted within the block is overwritten; PostgreSQL keeps dead rows until it clears them."""
    if unit.dialect.engine != "sqlite":
        yield
        return
    ((before,),) = unit.fetch("PRAGMA secure_delete")
    unit.fetch("PRAGMA secure_delete=ON")
    try:
        yield
    finally:
        unit.fetch(f"PRAGMA secure_delete={before}")


def _clear_logged(unit: Unit, column: str, stone: Tombstone) -> int:
    return unit.execute(
        f"UPDATE audit_entry SET {column}_sealed = NULL "
        f"WHERE {column} = ?1 AND at <= ?2 AND {column}_sealed IS NOT NULL",
        stone.subject,
        stone.at,
    )


def _clear_waiting(unit: Unit, stone: Tombstone) -> int:
    """Entries that the sequencer has not taken yet: a second's worth of them."""
    rows = unit.fetch(
        "SELECT seq, facts FROM audit_inbox WHERE subject_sealed IS NOT NULL OR actor_sealed IS NOT NULL"
    )
    cleared = 0
    for seq, facts in rows:
        document = orjson.loads(bytes(facts))
        for column in _SEALED_COLUMNS:
            if _named(document, column) == stone.subject:
                cleared += unit.execute(
                    f"UPDATE audit_inbox SET {column}_sealed = NULL WHERE seq = ?1 AND {column}_sealed IS NOT NULL",
                    seq,
                )
    return cleared


def _named(document: dict[str, Any], column: str) -> str:
    if column == "subject":
        return str(document.get("subject", ""))
    return f"{document['actor']['kind']}:{document['actor']['id']}"


def scrub_daily(db: Database) -> dict[str, int]:
    """The owner's job: what the worker that erases may not clear itself on this server."""
    return {"cleared": int(scrub(db))}


def clears_at_once(session: Session) -> bool:
    """Whether an erasure clears what it left behind, seen from any role; otherwise it waits for the owner's job."""
    if session.dialect.engine == "sqlite":
        return True
    row = session.fetch_one(_CLEARS)
    return row is None or bool(row[0])


def scrub(db: Database) -> bool:
    """Have the engine let go of the bytes that an erasure left behind, as far as it can be asked: SQLite empties its
    log of writes; PostgreSQL clears the dead envelopes (its own log and its free pages are the server's). Whether it
    did: before PostgreSQL 17 only the owner of the table may clear it, and anybody else is answered by a warning."""
    if db.engine == "sqlite":
        connection = sqlite3.connect(db.url.removeprefix("sqlite:///"), isolation_level=None)
        try:
            ((blocked, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
        return not blocked
    warned: list[str] = []
    with psycopg.connect(db.url, autocommit=True) as server:
        server.add_notice_handler(lambda notice: warned.append(str(notice.message_primary)))
        server.execute("VACUUM keyring_envelope")
    for message in warned:
        log.warning("VACUUM keyring_envelope: %s", message)
    return not warned
