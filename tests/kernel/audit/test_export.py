"""The verifier of the documentation, run alone on an export, agrees with `socle audit verify`."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.kernel.audit.export import export_lines
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.retention import purge
from socle.kernel.audit.sequencer import sequence
from socle.kernel.audit.verification import verify
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.privacy.erasure import Reason, erase
from tests.support import tree
from tests.support.trail import act, drain, lived_in

VERIFIER = tree.ROOT / "docs" / "verify_trail.py"


def checked(export: Path, head: Path | None = None) -> tuple[int, str]:
    """Exit code and output of the verifier, in a process that knows nothing of the product."""
    command = [sys.executable, "-I", str(VERIFIER), str(export), *(["--head", str(head)] if head else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def written(db: Database, file: Path) -> Path:
    with db.snapshot() as session:
        file.write_bytes(b"".join(export_lines(session)))
    return file


@pytest.fixture
def export(database: Database, tmp_path: Path) -> Path:
    lived_in(database)
    drain(database)
    return written(database, tmp_path / "trail.jsonl")


def test_a_sound_trail_is_sound_for_both(database: Database, export: Path, tmp_path: Path) -> None:
    with database.reading() as session:
        head = last_head(session)
    assert head is not None
    kept = tmp_path / "head"
    kept.write_text(head.checkpoint, encoding="utf-8")
    assert verify(database, foreign=head.checkpoint).findings == []
    code, said = checked(export, kept)
    report = verify(database)
    told = f"OK     {report.size} entries, {report.heads} heads, root {head.root.hex()}"
    assert (code, said.splitlines()[0]) == (0, told), said


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET facts = ?1 WHERE position = 30",
        "UPDATE audit_head SET root = ?1, checkpoint = replace(checkpoint, 'after', 'aftre') WHERE size = 200",
        "UPDATE audit_head SET signer = ?1 WHERE size = 200",
        "DELETE FROM audit_head WHERE size = 200 AND ?1 = ?1",
        "DELETE FROM audit_entry WHERE position = 271 AND ?1 = ?1",
        "UPDATE audit_key SET public = ?1 WHERE position = (SELECT min(position) FROM audit_key)",
    ],
)
def test_what_one_finds_the_other_finds(
    database: Database, export: Path, tmp_path: Path, change: str
) -> None:
    assert export.exists()
    with database.unit() as unit:
        assert unit.execute(change, bytes(32)) == 1
    assert verify(database).findings
    code, said = checked(written(database, tmp_path / "changed.jsonl"))
    assert code == 1, said


def test_a_changed_export_is_found(database: Database, tmp_path: Path) -> None:
    act(database, 1, entries=2)
    drain(database)
    act(database, 2)
    drain(database)
    export = written(database, tmp_path / "trail.jsonl")
    assert checked(export)[0] == 0
    sound = export.read_bytes()

    @settings(max_examples=40)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        at, bit = data.draw(st.integers(0, len(sound) - 1)), data.draw(st.integers(0, 6))
        changed = sound[:at] + bytes([sound[at] ^ 1 << bit]) + sound[at + 1 :]
        if meaning(changed) == meaning(sound):
            return
        export.write_bytes(changed)
        code, said = checked(export)
        assert code == 1, (sound[max(0, at - 20) : at + 20], said)

    check()


def meaning(export: bytes) -> Any:
    """What the lines say; None when they are not lines of JSON."""
    try:
        return [json.loads(line) for line in export.split(b"\n") if line]
    except ValueError:
        return None


def test_a_purged_trail_is_sound_for_both(database: Database, tmp_path: Path) -> None:
    act(database, 1, entries=300)
    drain(database)
    before = micros()
    act(database, 2, entries=3)
    drain(database)
    with database.unit() as unit:
        assert purge(unit, before) == 301
    drain(database)
    assert verify(database).findings == []
    export = written(database, tmp_path / "trail.jsonl")
    assert checked(export)[0] == 0, checked(export)[1]
    shortened = b"\n".join(line for line in export.read_bytes().split(b"\n") if b"audit.purged" not in line)
    export.write_bytes(shortened)
    assert checked(export)[0] == 1


@pytest.mark.parametrize("sequenced", [False, True])
def test_a_purge_is_believed_by_both_before_its_head(
    database: Database, tmp_path: Path, sequenced: bool
) -> None:
    """Also the clock that was set back, which waits for the next head whenever it is told."""
    act(database, 1, entries=30)
    drain(database)
    before = micros()
    act(database, 2, entries=3)
    drain(database)
    with database.unit() as unit:
        purge(unit, before)
    erase(database, "record:2", Reason.REQUEST)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        act(database, 3)
        if sequenced:
            drain(database)
        else:
            assert sequence(database)
    report = verify(database)
    assert report.findings == []
    assert bool(report.waiting.entries) is not sequenced
    code, said = checked(written(database, tmp_path / "trail.jsonl"))
    assert code == 0, said
    assert "entries before 31, older than" in said
    assert "record:2 erased at" in said
    assert ("wait for their head" in said) is not sequenced
    with database.unit() as unit:
        assert unit.execute("DELETE FROM audit_entry WHERE position < 33") == 2
    assert verify(database).findings
    assert checked(written(database, tmp_path / "trail.jsonl"))[0] == 1


def test_a_purge_that_waits_is_believed_by_both(database: Database, tmp_path: Path) -> None:
    act(database, 1, entries=30)
    drain(database)
    act(database, 2)
    drain(database)
    with database.unit() as unit:
        assert purge(unit, micros())
    report = verify(database)
    assert (report.findings, report.waiting.entries) == ([], 1)
    code, said = checked(written(database, tmp_path / "trail.jsonl"))
    assert code == 0, said
    assert "1 entries wait for their head" in said
