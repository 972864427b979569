"""Entries of committed units are logged once, in order, under signed heads; nothing else is."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine

from socle.kernel.audit.faults import TRAIL_BROKEN
from socle.kernel.audit.heads import last_head, read_note
from socle.kernel.audit.sequencer import sequence
from socle.kernel.audit.tiles import tile_tree
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.work import record
from socle.standards.merkle import leaf_hash, root
from socle.standards.signed_note import NoteKey, parse
from tests.support.trail import act, drain, entry


def facts(db: Database) -> list[bytes]:
    with db.reading() as session:
        return [bytes(row[0]) for row in session.fetch("SELECT facts FROM audit_entry ORDER BY position")]


def test_an_empty_inbox_gives_no_head(database: Database) -> None:
    assert sequence(database) == 0
    with database.reading() as session:
        assert last_head(session) is None


@pytest.mark.parametrize("limit", [7, 300, 5_000])
def test_the_head_covers_what_was_recorded(database: Database, limit: int) -> None:
    with database.unit() as unit:
        for number in range(600):
            record(unit, entry(number, actor_details=None))
    act(database, 1, entries=3)
    # The key's own introduction comes with the first head, and is logged after it.
    assert drain(database, limit) == 604
    logged = facts(database)
    told = [orjson.loads(one) for one in logged]
    assert [one["n"] for one in told if one["action"] == "test.read"] == [*range(600), 0, 1, 2]
    with database.reading() as session:
        head = last_head(session)
        assert head is not None
        assert head.size == 604
        assert head.root == root([leaf_hash(one) for one in logged])
        note = parse(head.checkpoint)
        assert NoteKey("socle.localhost/audit", head.signer).signs(note)
        assert read_note(head.checkpoint).root == tile_tree(session).frontier(604).root()
        positions = [row[0] for row in session.fetch("SELECT position FROM audit_entry ORDER BY position")]
        assert positions == list(range(604))
        assert session.fetch("SELECT seq FROM audit_inbox") == []


def test_each_head_names_the_one_before_it(database: Database) -> None:
    for number in range(5):
        act(database, number)
        drain(database)
    with database.reading() as session:
        rows = session.fetch("SELECT size, checkpoint FROM audit_head ORDER BY size")
    heads = [read_note(checkpoint) for _, checkpoint in rows]
    assert [head.size for head in heads] == [size for size, _ in rows]
    assert [head.previous for head in heads] == [0, *(head.size for head in heads[:-1])]


def test_a_unit_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    def interrupted() -> None:
        with database.unit() as unit:
            record(unit, entry(1))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert drain(database) == 0


def test_a_batch_that_fails_loses_nothing(database: Database) -> None:
    act(database, 1, entries=4)

    def no_key(unit: object) -> object:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sequence(database, no_key)  # type: ignore[arg-type]
    assert facts(database) == []
    assert drain(database) == 5
    assert [orjson.loads(one).get("n") for one in facts(database)][:4] == [0, 1, 2, 3]


def test_no_head_is_signed_over_a_damaged_tree(database: Database) -> None:
    act(database, 1, entries=4)
    drain(database)
    with database.unit() as unit:
        unit.execute("UPDATE audit_tile SET hashes = ?1", bytes(5 * 32))
    act(database, 2)
    with pytest.raises(SocleError) as refusal:
        sequence(database)
    assert refusal.value.kind is TRAIL_BROKEN
    with database.reading() as session:
        assert session.fetch_one("SELECT count(*) FROM audit_inbox") == (1,)


def test_an_inbox_row_that_is_no_document_does_not_stop_the_others(database: Database) -> None:
    act(database, 1)
    with database.unit() as unit:
        unit.execute("UPDATE audit_inbox SET facts = ?1", b"\xff")
    act(database, 2)
    assert drain(database) == 3


def test_a_clock_that_went_back_is_noted(database: Database) -> None:
    start = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        act(database, 1)
        drain(database)
    with time_machine.travel(start - timedelta(hours=1), tick=False):
        act(database, 2)
        drain(database)
    noted = [one for one in map(orjson.loads, facts(database)) if one["action"] == "clock.set-back"]
    assert [one["data"] for one in noted] == [
        {"before": "2026-01-05T12:00:00.000000Z", "after": "2026-01-05T11:00:00.000000Z"}
    ]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_full_disk_loses_nothing(database: Database) -> None:
    act(database, 1, entries=400)
    with database.unit() as unit:
        pages = unit.fetch("PRAGMA page_count")[0][0]
        unit.fetch(f"PRAGMA max_page_count={pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        sequence(database)
    with database.unit() as unit:
        unit.fetch("PRAGMA max_page_count=1000000")
    assert facts(database) == []
    assert drain(database) == 401
    assert verify(database).findings == []


def test_two_sequencers_at_once_log_each_entry_once(database: Database) -> None:
    """The loop lets one in at a time; the tables would not let two do harm either."""
    for number in range(30):
        act(database, number, entries=2)

    refused: list[str] = []

    def move(_: int) -> int:
        try:
            return drain(database, limit=7)
        except Exception as beaten:
            refused.append(str(beaten).lower())
            return 0

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(move, range(3)))
    assert all("unique" in said or "deadlock" in said for said in refused), refused
    drain(database)
    told = [orjson.loads(one) for one in facts(database)]
    assert [one["data"]["count"] for one in told if one["action"] == "test.read"] == [
        n // 2 for n in range(60)
    ]
    assert verify(database).findings == []
