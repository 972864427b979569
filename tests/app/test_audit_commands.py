"""`socle audit` as a person runs it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import time_machine

from socle.kernel.db import Database
from tests.support.command_line import socle
from tests.support.trail import act, drain, lived_in


@pytest.fixture
def url(database: Database, database_url: str) -> str:
    lived_in(database)
    return database_url


def test_a_sound_trail_is_told_with_how_far_it_vouches(url: str, tmp_path: Path) -> None:
    alone = socle("audit", "verify", home=tmp_path, SOCLE_DATABASE=url)
    assert alone.returncode == 0, alone.stderr
    assert "rien n’a changé" in alone.stdout
    assert "Without a head kept elsewhere" in alone.stdout
    head = tmp_path / "head"
    head.write_text(socle("audit", "head", home=tmp_path, SOCLE_DATABASE=url).stdout, encoding="utf-8")
    held = socle("audit", "verify", "--head", head, home=tmp_path, SOCLE_DATABASE=url)
    assert held.returncode == 0, held.stdout
    assert "proven by the head kept elsewhere" in held.stdout


def test_what_is_wrong_is_told_and_fails(url: str, database: Database, tmp_path: Path) -> None:
    with database.unit() as unit:
        unit.execute("UPDATE audit_entry SET subject = 'record:9' WHERE position = 5")
    told = socle("audit", "verify", home=tmp_path, SOCLE_DATABASE=url)
    assert told.returncode == 1
    assert "entry 5" in told.stdout
    assert "(entry-column)" in told.stdout
    as_json = json.loads(socle("audit", "verify", "--json", home=tmp_path, SOCLE_DATABASE=url).stdout)
    assert as_json["sound"] is False
    assert [finding["code"] for finding in as_json["findings"]] == ["entry-column"]


def test_proofs_and_exports_are_given(url: str, tmp_path: Path) -> None:
    proof = json.loads(socle("audit", "prove", "7", home=tmp_path, SOCLE_DATABASE=url).stdout)
    assert (proof["position"], len(proof["leaf"])) == (7, 64)
    unit = json.loads(proof["facts"])["unit"]
    whole = json.loads(socle("audit", "prove", "--unit", unit, home=tmp_path, SOCLE_DATABASE=url).stdout)
    assert len(whole) == 270
    file = tmp_path / "trail.jsonl"
    assert socle("audit", "export", file, home=tmp_path, SOCLE_DATABASE=url).returncode == 0
    assert len(file.read_text(encoding="utf-8").splitlines()) > 280


def test_a_trail_that_was_cut_is_told_to_who_holds_a_head(
    url: str, database: Database, tmp_path: Path
) -> None:
    drain(database)
    head = tmp_path / "head"
    head.write_text(socle("audit", "head", home=tmp_path, SOCLE_DATABASE=url).stdout, encoding="utf-8")
    act(database, 3)
    drain(database)
    since = json.loads(socle("audit", "prove", "--since", head, home=tmp_path, SOCLE_DATABASE=url).stdout)
    assert since["size"] == since["since"] + 1
    later = tmp_path / "later"
    later.write_text(since["checkpoint"].replace("after", "áfter"), encoding="utf-8")
    refused = socle("audit", "verify", "--head", later, home=tmp_path, SOCLE_DATABASE=url)
    assert refused.returncode == 2
    assert "not-a-head" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prove",), "--unit"),
        (("prove", "1", "--unit", "00"), "--unit"),
        (("purge", "--before", "2026-13-01"), "AAAA-MM-JJ"),
        (("prove", "99999"), "trail-entry-unknown"),
    ],
)
def test_what_cannot_be_done_says_why(
    url: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = socle("audit", *arguments, home=tmp_path, SOCLE_DATABASE=url)
    assert done.returncode == 2
    assert said in done.stderr


def test_old_entries_are_purged_once_that_is_confirmed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    today = datetime.now(UTC)
    with time_machine.travel(today - timedelta(days=400)):
        lived_in(database)
        drain(database)
    act(database, 20, entries=3)
    drain(database)
    with database.reading() as session:
        ((held,),) = session.fetch("SELECT count(*) FROM audit_entry")

    def purge(day: datetime, *more: str, **chosen: str) -> "CompletedProcess[str]":
        command = ("audit", "purge", "--before", f"{day:%Y-%m-%d}", *more)
        return socle(*command, home=tmp_path, SOCLE_DATABASE=database_url, **chosen)

    refused = purge(today + timedelta(days=2), "--confirm")
    assert (refused.returncode, "trail-purge-ahead" in refused.stderr) == (2, True), refused.stderr
    assert "Nothing to remove" in purge(today - timedelta(days=500)).stdout
    shown = purge(today)
    assert shown.returncode == 2
    assert f"Would be removed: {held - 3} entries, 0 to {held - 4}, from before" in shown.stdout
    assert "garde / keeps: tout / everything" in shown.stdout
    old = purge(today - timedelta(days=365), SOCLE_AUDIT_KEEP_MONTHS="6")
    assert ("Would be removed" in old.stdout, "garde / keeps" in old.stdout) == (True, False)
    assert purge(today, "--confirm").stdout.startswith(f"{held - 3} entrées retirées.")
    drain(database)
    told = socle("audit", "verify", home=tmp_path, SOCLE_DATABASE=database_url)
    assert told.returncode == 0, told.stdout
    assert f"Taken out by a purge: entries 0 to {held - 4}, from before" in told.stdout
    assert f"4 present of {held + 1}." in told.stdout
