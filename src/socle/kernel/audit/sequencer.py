"""The sequencer: committed entries get their position, their leaf in the tree, and a signed head.

One batch is one transaction: whatever happens in the middle of it, the entries are still in the inbox. What it needs to
go on is read from the database each time, so that it may die at any point and be replaced.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry, micros_of, stamp
from socle.kernel.audit.faults import TRAIL_BROKEN
from socle.kernel.audit.heads import FindKey, Head, HeadRow, last_head, sign_head
from socle.kernel.audit.introductions import HEAD_PURPOSE, INTRODUCING, introduced_key
from socle.kernel.audit.settings import audit_settings
from socle.kernel.audit.tiles import append_to_tiles, tile_tree
from socle.kernel.audit.wanted import CLOCK_SUBJECT
from socle.kernel.clock import micros
from socle.kernel.db import BulkTable, Column, Database, Row, Unit
from socle.kernel.errors import WORK_BUSY, SocleError
from socle.kernel.keyring.signing import signing_key
from socle.kernel.work import record
from socle.standards.merkle import Frontier, TileMissing, leaf_hash

BATCH = 5_000
NAME = "audit-sequencer"
_IDLE_SECONDS, _TROUBLED_SECONDS = 0.2, 2.0
_STOP_SECONDS = 10
CLOCK_SET_BACK = action("clock.set-back", Kind.EXECUTE, "Horloge reculée", "Clock set back")
_ANY = "SELECT 1 FROM audit_inbox LIMIT 1"
# Read and taken by one statement: a smaller number may be committed meanwhile, and must stay for the next batch.
_TAKE = (
    "DELETE FROM audit_inbox WHERE seq IN (SELECT seq FROM audit_inbox ORDER BY seq LIMIT ?1) "
    "RETURNING seq, unit, facts, subject_sealed, actor_sealed"
)
_INTRODUCE = "INSERT INTO audit_key (public, position) VALUES (?1, ?2) ON CONFLICT (public) DO NOTHING"
_ENTRY = BulkTable(
    "audit_entry",
    (
        Column("position", "int8"),
        Column("at", "int8"),
        Column("unit", "bytes"),
        Column("action", "text"),
        Column("actor", "text"),
        Column("subject", "text"),
        Column("facts", "bytes"),
        Column("subject_sealed", "bytes"),
        Column("actor_sealed", "bytes"),
    ),
)
log = logging.getLogger("socle.audit")


def head_key(unit: Unit) -> Any:
    """The keyring's key for signing heads, made at first use."""
    return signing_key(unit, HEAD_PURPOSE)


def sequence(db: Database, find_key: FindKey = head_key, limit: int = BATCH) -> int:
    """Move at most `limit` committed entries from the inbox to the log, and sign the head over them; how many.

    Raises SocleError(TRAIL_BROKEN) rather than sign over a tree that is not the one of the last head.
    """
    with db.reading() as session:
        if session.fetch_one(_ANY) is None:
            return 0
    with db.unit() as unit:
        taken = sorted(unit.fetch(_TAKE, limit))
        if taken:
            _append(unit, taken, find_key)
        return len(taken)


def _append(unit: Unit, taken: Sequence[Row], find_key: FindKey) -> None:
    previous, moment = last_head(unit), micros()
    frontier = _right_edge(unit, previous)
    first = frontier.size
    made = frontier.extend([leaf_hash(row[2]) for row in taken])
    append_to_tiles(unit, first, made)
    _log(unit, first, taken)
    if previous is not None and moment < previous.at:
        moved = {"before": stamp(previous.at), "after": stamp(moment)}
        record(unit, Entry(CLOCK_SET_BACK, BY_SYSTEM, subject=CLOCK_SUBJECT, data=moved))
    origin = audit_settings().origin
    head = Head(origin, frontier.size, frontier.root(), moment, previous.size if previous else 0)
    sign_head(unit, head, find_key(unit))


def _right_edge(unit: Unit, previous: HeadRow | None) -> Frontier:
    if previous is None:
        return Frontier()
    try:
        frontier = tile_tree(unit).frontier(previous.size)
    except TileMissing:
        raise SocleError(TRAIL_BROKEN, size=previous.size) from None
    if frontier.root() != previous.root:
        raise SocleError(TRAIL_BROKEN, size=previous.size)
    return frontier


def _log(unit: Unit, first: int, taken: Sequence[Row]) -> None:
    rows = []
    for position, (_, number, facts, subject_sealed, actor_sealed) in enumerate(taken, first):
        at, action_code, actor, subject, document = _columns(facts)
        rows.append((position, at, number, action_code, actor, subject, facts, subject_sealed, actor_sealed))
        if action_code in INTRODUCING and (key := introduced_key(document)) is not None:
            unit.execute(_INTRODUCE, key, position)
    unit.bulk(_ENTRY, rows)


def _columns(facts: bytes) -> tuple[int, str, str, str, dict[str, Any]]:
    """What the columns say of an entry. A document that is not one of ours is logged all the same: it was committed,
    and verification names it."""
    try:
        document = orjson.loads(facts)
        actor = document["actor"]
        named = f"{actor['kind']}:{actor['id']}"
        return micros_of(document["at"]), document["action"], named, document.get("subject", ""), document
    except (ValueError, KeyError, TypeError, AttributeError):
        return 0, "", "", "", {}


class Sequencer:
    """The loop around `sequence`, on a thread of its own: one at a time over the installation, wherever it runs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._stop = threading.Event()

    def run(self) -> None:
        """Until `stop`; trouble is logged and tried again, and another sequencer is waited for."""
        while not self._stop.is_set():
            try:
                with self._db.exclusive(NAME):
                    self._work()
            except Exception as trouble:
                if not (isinstance(trouble, SocleError) and trouble.kind is WORK_BUSY):
                    log.exception("the sequencer of the audit trail stopped; it starts again")
                self._stop.wait(_TROUBLED_SECONDS)

    def _work(self) -> None:
        while not self._stop.is_set():
            if sequence(self._db) < BATCH:
                self._stop.wait(_IDLE_SECONDS)

    def stop(self) -> None:
        """Ask it to end after its batch. Safe in a signal handler."""
        self._stop.set()


class BesideServer:
    """The sequencer for as long as a server runs, in its process."""

    def __init__(self, open_db: Callable[[], Database]) -> None:
        self._open_db = open_db
        self._sequencer: Sequencer | None = None
        self._thread: threading.Thread | None = None

    async def open(self) -> None:
        self._sequencer = Sequencer(self._open_db())
        self._thread = threading.Thread(target=self._sequencer.run, name="sequencer", daemon=True)
        self._thread.start()

    async def aclose(self) -> None:
        if self._sequencer is not None and self._thread is not None:
            self._sequencer.stop()
            await asyncio.to_thread(self._thread.join, _STOP_SECONDS)
