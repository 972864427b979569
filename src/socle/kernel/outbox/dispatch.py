"""The dispatcher: what is committed gets its number, enters the log, and is written down for each listener."""

from collections.abc import Iterable, Sequence

from socle.kernel.db import BulkTable, Column, Row, Unit
from socle.kernel.outbox.heard import Listening
from socle.kernel.outbox.locks import try_locks
from socle.kernel.outbox.plans import by_index
from socle.kernel.outbox.states import State

BATCH = 500
_LOCK = "outbox:dispatcher"
_INBOX = "SELECT seq, id, unit, kind, lane, at, document FROM outbox_inbox ORDER BY seq LIMIT ?1"
_NUMBERS = "UPDATE outbox_counter SET last = last + ?1 RETURNING last"
_EVENT = BulkTable(
    "outbox_event",
    (
        Column("sequence", "int8"),
        Column("id", "bytes"),
        Column("unit", "bytes"),
        Column("kind", "text"),
        Column("lane", "text"),
        Column("at", "int8"),
        Column("document", "bytes"),
    ),
)
_DELIVERY = BulkTable(
    "outbox_delivery",
    (
        Column("listener", "text"),
        Column("sequence", "int8"),
        Column("lane", "text"),
        Column("state", "text"),
        Column("tries", "int4"),
        Column("next_at", "int8"),
        Column("last_error", "text"),
    ),
)


def dispatch(unit: Unit, listeners: Iterable[Listening], limit: int = BATCH) -> tuple[int, set[str]]:
    """Move at most `limit` events from the inbox to the log; how many, and the names of the listeners that have
    something to hear.

    The whole is one transaction under one lock: numbers follow the order of the inbox, and who sees a number sees all
    smaller ones. Acts that follow each other on one subject have their rows in that order, because the second wrote
    after the first was committed.
    """
    if not try_locks(unit, [_LOCK]):
        return 0, set()
    by_index(unit)
    rows = unit.fetch(_INBOX, limit)
    if not rows:
        return 0, set()
    numbered = list(enumerate(rows, _first_number(unit, len(rows))))
    deliveries = _deliveries(numbered, listeners)
    unit.bulk(_EVENT, [(sequence, *row[1:]) for sequence, row in numbered])
    unit.bulk(_DELIVERY, deliveries)
    _forget(unit, [row[0] for row in rows])
    return len(rows), {row[0] for row in deliveries}


def _first_number(unit: Unit, count: int) -> int:
    row = unit.fetch_one(_NUMBERS, count)
    assert row is not None, "outbox_counter has its row from the start"
    return int(row[0]) - count + 1


def _deliveries(numbered: Sequence[tuple[int, Row]], listeners: Iterable[Listening]) -> list[Row]:
    return [
        (listener.name, sequence, row[4], State.READY.value, 0, 0, "")
        for listener in listeners
        for sequence, row in numbered
        if row[3] in listener.kinds
    ]


def _forget(unit: Unit, seqs: list[int]) -> None:
    """Exactly the rows that were read: a smaller number may have been committed in the meantime."""
    which = unit.dialect.among_ints("seq", 1)
    unit.execute(f"DELETE FROM outbox_inbox WHERE {which}", unit.dialect.listed(seqs))
