"""The sequencer killed again and again while acts go on: each entry is logged once, in order, the trail is sound."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import orjson
import pytest

from socle.kernel.audit.heads import last_head
from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from socle.kernel.settings import settings
from tests.support.command_line import begun
from tests.support.rounds import rounds
from tests.support.trail import act, drain

pytestmark = pytest.mark.soak
_SECONDS = 60


def size(db: Database) -> int:
    with db.reading() as session:
        head = last_head(session)
    return head.size if head else 0


def test_a_killed_sequencer_loses_and_repeats_nothing(
    database: Database, database_url: str, tmp_path: Path, record_property: Callable[[str, Any], None]
) -> None:
    chance, acts, kills, began = Random(11), 0, 0, monotonic()
    for number in range(rounds()):
        printed, before = tmp_path / f"printed-{number}", size(database)
        variables = {"SOCLE_DATABASE": database_url}
        with begun("audit", "sequence", home=settings().home, printed=printed, **variables) as process:
            deadline = monotonic() + _SECONDS
            while size(database) == before and monotonic() < deadline and process.poll() is None:
                act(database, acts, entries=2)
                acts += 1
            assert size(database) > before, printed.read_text(encoding="utf-8")
            for _ in range(chance.randrange(40)):
                act(database, acts, entries=2)
                acts += 1
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
    drain(database)
    with database.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_entry WHERE action = 'test.read' ORDER BY position")
    told = [orjson.loads(bytes(facts)) for (facts,) in rows]
    assert [(one["data"]["count"], one["n"]) for one in told] == [
        (n, part) for n in range(acts) for part in (0, 1)
    ]
    report = verify(database)
    assert report.findings == []
    record_property(
        "did", f"{kills} kills, {acts} acts, {report.heads} heads, {monotonic() - began:.0f} s of work"
    )
