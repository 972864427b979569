"""What is found is named rightly, in both languages, and told how far the rest vouches."""

import struct
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine

from socle.kernel.audit.verification import CATALOGUE, Effects, verify
from socle.kernel.db import Database
from tests.support import tree
from tests.support.trail import act, drain, lived_in


def codes(db: Database) -> set[str]:
    return {finding.kind.code for finding in verify(db).findings}


def test_a_trail_that_lived_is_sound_and_counted(database: Database) -> None:
    lived_in(database)
    report = verify(database)
    assert report.findings == []
    assert report.waiting.entries == 3
    assert report.vouched_to is None
    assert report.entries == report.size
    assert report.events == 7
    assert report.as_json()["sound"] is True


def test_an_empty_trail_is_sound(database: Database) -> None:
    report = verify(database)
    assert (report.findings, report.size, report.head) == ([], 0, "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE audit_entry SET subject = 'record:9' WHERE position = 5", "entry-column"),
        ("UPDATE audit_entry SET at = at * 1000 WHERE position = 5", "entry-column"),
        ("UPDATE audit_entry SET facts = CAST('[]' AS {bytes}) WHERE position = 5", "entry-changed"),
        ("DELETE FROM audit_entry WHERE position = 5", "entry-missing"),
        ("UPDATE audit_entry SET position = 5000 WHERE position = 5", "entry-beyond-head"),
        ("UPDATE audit_entry SET position = -5 WHERE position = 5", "entry-beyond-head"),
        ("UPDATE audit_unit SET entries = -1 WHERE entries = 1", "unit-incomplete"),
        ("UPDATE audit_head SET size = size + 1000000000000 WHERE size = 200", "head-changed"),
        ("DELETE FROM audit_head WHERE size = 200", "head-missing"),
        ("DELETE FROM audit_head", "head-missing"),
        ("DELETE FROM audit_tile WHERE level = 1", "tile-changed"),
        ("DELETE FROM outbox_event", "unit-events"),
        ("UPDATE outbox_inbox SET document = CAST('{{}}' AS {bytes})", "unit-events"),
        ("DELETE FROM audit_inbox WHERE number = 0", "unit-incomplete"),
        ("DELETE FROM audit_unit WHERE entries = 0", "unit-missing"),
        ("DELETE FROM audit_key", "key-changed"),
    ],
)
def test_each_change_has_its_name(database: Database, engine: str, change: str, code: str) -> None:
    lived_in(database)
    with database.unit() as unit:
        assert unit.execute(change.format(bytes="bytea" if engine == "postgresql" else "blob"))
    assert code in codes(database)


def test_a_clock_set_back_is_told_by_its_entry_alone(database: Database) -> None:
    start = datetime(2026, 1, 5, 12, tzinfo=UTC)
    for hours in (0, -1, 1):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            act(database, hours + 2)
            drain(database)
    assert verify(database).findings == []
    with database.unit() as unit:
        unit.execute("UPDATE audit_entry SET facts = ?1 WHERE action = 'clock.set-back'", b"{}")
    assert {"head-clock", "entry-unreadable", "entry-changed"} <= codes(database)


def test_what_acts_left_and_what_they_say_go_together(database: Database) -> None:
    """Logged or still waiting; what no act tells of, and what an act tells of and is not there, is found."""
    act(database, 1)
    drain(database)
    act(database, 2)
    left = [(unit, target) for unit, target in told_by_acts(database)]
    strange = (bytes(16), "Thing/9")

    def found(rows: list[tuple[bytes, str]]) -> list[tuple[str, str]]:
        report = verify(database, effects=[Effects("test.read", lambda session: rows)])
        return [(one.kind.code, one.place) for one in report.findings]

    assert found(left) == []
    assert found([*left, strange, (b"", "Thing/8")]) == [
        ("effect-untold", "Thing/9"),
        ("effect-untold", "Thing/8"),
    ]
    assert found(left[1:]) == [("effect-missing", f"unit {left[0][0].hex()}")]
    swapped = [(left[1][0], left[0][1]), left[1]]
    assert {code for code, _ in found(swapped)} == {"effect-untold", "effect-missing"}


def told_by_acts(db: Database) -> list[tuple[bytes, str]]:
    with db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_entry WHERE action = 'test.read' ORDER BY position")
        rows += session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    documents = [orjson.loads(bytes(facts)) for (facts,) in rows]
    return [
        (bytes.fromhex(one["unit"]), one.get("target", ""))
        for one in documents
        if one["action"] == "test.read"
    ]


def test_several_processes_find_what_one_finds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    lived_in(database)
    with database.unit() as unit:
        unit.execute("UPDATE audit_entry SET facts = ?1 WHERE position = 271", struct.pack(">q", 1))
    alone = verify(database, processes=1)
    monkeypatch.setattr("socle.kernel.audit.verification.run._WORTH_PROCESSES", 1)
    together = verify(database, processes=2)
    assert [one.as_json() for one in together.findings] == [one.as_json() for one in alone.findings]
    assert together.as_json() | {"waiting": 0} == alone.as_json() | {"waiting": 0}


def test_every_finding_says_both_languages_and_is_documented() -> None:
    page = (tree.ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    for code, kind in CATALOGUE.items():
        assert kind.fr != kind.en
        assert kind.means_fr != kind.means_en
        assert f"`{code}`" in page
