"""Loads from the command line: alone, by a running server, interrupted, refused, one at a time."""

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from socle.app.jobs import Job
from socle.foundations.directory.demo import (
    TOWN,
    VILLAGE,
    Written,
    WrittenDelta,
    write_delta,
    write_territory,
)
from socle.foundations.directory.loading.load import load_files
from socle.kernel.db import Database
from tests.support.command_line import begun, socle
from tests.support.directory import everything_at
from tests.support.processes import run_python
from tests.support.served import Served, up

Event = dict[str, Any]


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_territory(tmp_path_factory.mktemp("village"), VILLAGE)


@pytest.fixture(scope="module")
def next_day(tmp_path_factory: pytest.TempPathFactory) -> WrittenDelta:
    return write_delta(tmp_path_factory.mktemp("next"), VILLAGE, changes=30)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Enough people for a load to be interrupted on its way."""
    return write_territory(tmp_path_factory.mktemp("town"), TOWN)


@pytest.fixture(scope="module")
def served(village: Written, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that holds its data folder, with the village in it."""
    home = tmp_path_factory.mktemp("served")
    assert socle("load", "directory", *village.files, home=home).returncode == 0
    with up(home) as opened:
        yield opened


def counts(said: str) -> dict[str, int]:
    """What the last line of a report says."""
    found = re.search(r"\+(\d+) ~(\d+) \(.*: (\d+)\) =(\d+) · [\d.]+ s · transaction (\d+)$", said.strip())
    assert found, said
    names = ("created", "updated", "deactivated", "unchanged", "transaction")
    return dict(zip(names, map(int, found.groups()), strict=True))


# -- Alone


def test_a_load_says_what_it_did_and_the_next_one_finds_nothing_to_do(
    village: Written, tmp_path: Path
) -> None:
    first = socle("load", "directory", *village.files, home=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert counts(first.stdout)["created"] > VILLAGE.persons
    assert counts(first.stdout)["transaction"] == 1
    for path in village.files:
        lines = len(path.read_text(encoding="utf-8").splitlines()) - 1
        assert re.search(rf"^{re.escape(path.name)} +{lines} +0 ", first.stdout, re.MULTILINE)
    again = counts(socle("load", "directory", *village.files, home=tmp_path).stdout)
    assert again["created"] + again["updated"] + again["deactivated"] == 0


def test_a_file_that_is_refused_is_told_and_loads_nothing(village: Written, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    text = village.files[0].read_text(encoding="utf-8")
    wrong.write_text(text.replace("Nom d'exercice", "Nom de jeune fille", 1), encoding="utf-8")
    told = socle("load", "directory", wrong, home=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    french, english, rule = told.stderr.splitlines()
    for sentence in (french, english):
        assert "wrong.txt" in sentence
        assert "Nom de jeune fille" in sentence
        assert "Nom d'exercice" in sentence
    assert rule.startswith("(directory-unknown-header · ")
    told = socle("read", "directory-public", "Practitioner/1", home=tmp_path)
    assert "fhir-not-found" in told.stderr


def test_rejected_lines_are_told_with_the_file_to_mend(village: Written, tmp_path: Path) -> None:
    activity = tmp_path / village.files[0].name
    header, first, *others = village.files[0].read_text(encoding="utf-8").splitlines()
    activity.write_text("\n".join([header, first.rpartition("|")[0], *others]) + "\n", encoding="utf-8")
    told = socle("load", "directory", activity, home=tmp_path)
    assert told.returncode == 0
    assert re.search(rf"^{re.escape(activity.name)} .*truncated 1", told.stdout, re.MULTILINE)
    (rejects,) = (path for path in (tmp_path / "rejects").iterdir() if path.suffix == ".txt")
    assert str(rejects) in told.stderr
    assert "--delta" in told.stderr
    mended = rejects.read_text(encoding="utf-8").replace(first.rpartition("|")[0] + "\n", first + "\n")
    rejects.write_text(mended, encoding="utf-8")
    mended_load = socle("load", "directory", "--delta", rejects, home=tmp_path)
    assert (mended_load.returncode, mended_load.stderr) == (0, "")
    assert counts(mended_load.stdout)["created"] > 0


# -- By the server that holds the folder


def asked(home: Path, line: bytes) -> list[Event]:
    """What the server's socket answers to one line."""
    with socket.socket(socket.AF_UNIX) as channel:
        channel.settimeout(60)
        channel.connect(os.path.relpath(home / "socle.sock"))
        channel.sendall(line)
        return [json.loads(told) for told in channel.makefile("rb")]


def test_the_server_is_handed_the_load_and_shows_it_at_once(served: Served, next_day: WrittenDelta) -> None:
    before = served.client.get("/fhir/v2/Practitioner?_count=0&_total=accurate").json()["total"]
    told = socle("load", "directory", "--delta", *next_day.delta, home=served.home)
    assert (told.returncode, told.stderr) == (0, "")
    done = counts(told.stdout)
    assert done["created"] > 0
    assert done["updated"] > 0
    after = served.client.get("/fhir/v2/Practitioner?_count=0&_total=accurate").json()["total"]
    assert after > before
    newest = served.client.get("/fhir/v2/PractitionerRole?_lastUpdated=gt2000&_count=2500&_total=none").json()
    versions = {entry["resource"]["meta"]["versionId"] for entry in newest["entry"]}
    assert versions == {"1", "2"}


def test_its_events_tell_how_far_each_stage_is_and_end_with_the_report(
    served: Served, village: Written
) -> None:
    job = Job(kind="directory", files=list(village.files), accept_deactivations=0)
    *stages, last = asked(served.home, job.model_dump_json().encode() + b"\n")
    assert {path.name for path in village.files} <= {event["stage"] for event in stages}
    reached: dict[str, int] = {}
    for event in stages:
        assert event.keys() == {"stage", "done", "total"}
        assert reached.get(event["stage"], 0) <= event["done"] <= event["total"]
        reached[event["stage"]] = event["done"]
    assert {stage: event["total"] for event in stages if (stage := event["stage"])} == reached
    assert last.keys() == {"report"}
    assert last["report"]["mode"] == "full"
    assert last["report"]["files"][0]["lines"] == village.lines


def test_a_refusal_comes_back_from_the_server_too(served: Served, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    told = socle("load", "directory", empty, home=served.home)
    assert told.returncode == 2
    assert "(directory-empty-file · " in told.stderr


@pytest.mark.parametrize(
    "line", [b"\n", b"{}\n", b"nonsense\n", b'{"kind": "shell", "files": []}\n', b"\xff\n"]
)
def test_what_is_not_a_job_is_not_answered(served: Served, line: bytes) -> None:
    assert asked(served.home, line) == []
    assert served.client.get("/healthz").status_code == 200


def test_a_folder_of_many_resources_is_one_job(served: Served, tmp_path: Path) -> None:
    """Their names alone are longer than what a stream keeps by default (64 KiB)."""
    folder = tmp_path / "resources-of-a-hospital-that-has-many-of-them"
    folder.mkdir()
    for number in range(900):
        resource = {"resourceType": "Device", "id": f"many-{number}", "status": "active"}
        (folder / f"{number:04}.json").write_text(json.dumps(resource), encoding="utf-8")
    files = sorted(folder.iterdir())
    told = socle("load", "fhir", "--store", "directory-public", *files, home=served.home)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.count(" → directory-public\n") == len(files)
    found = served.client.get("/fhir/v2/Device?status=active&_total=accurate&_count=0").json()
    assert found["total"] == len(files)


def test_a_server_that_only_answers_holds_no_columns() -> None:
    """Polars costs half a second of start and tens of megabytes; loads have it in a process of their own."""
    program = (
        "import os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'socle.app.django_settings'\n"
        "import socle.app.cli, socle.app.up\n"
        "from socle.app.gateway import build\n"
        "build()\n"
        "sys.exit('polars' in sys.modules)\n"
    )
    told = run_python(program)
    assert told.returncode == 0, told.stderr or "polars is imported"


# -- Interrupted


def writing(url: str) -> bool:
    """Whether a transaction is under way."""
    db = Database(url)
    try:
        with db.reading() as session:
            row = session.fetch_one("SELECT COUNT(*) FROM fhirstore_transaction WHERE state = 'writing'")
        return bool(row and row[0])
    finally:
        db.close()


def wait(told: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Until it is so, while the process lives, for half a minute at most."""
    for _ in range(600):
        if told():
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    assert told()


@pytest.fixture
def filled(database_url: str, village: Written, tmp_path: Path) -> dict[str, Any]:
    """What readers see of the village, loaded into the test's own database."""
    db = Database(database_url)
    try:
        load_files(db, village.files, rejects=tmp_path / "rejects")
    finally:
        db.close()
    return everything_at(database_url)


@contextmanager
def held(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Keeps a load in the middle of its work for as long as another one asks, however fast it would be."""
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_an_interrupted_load_leaves_the_previous_state_whole(
    by: signal.Signals,
    code: int,
    database_url: str,
    filled: dict[str, Any],
    town: Written,
    next_day: WrittenDelta,
    tmp_path: Path,
) -> None:
    printed = tmp_path / "printed.txt"
    arguments = ("load", "directory", "--delta", *map(str, town.files))
    with begun(*arguments, home=tmp_path, printed=printed, SOCLE_DATABASE=database_url) as load:
        wait(lambda: writing(database_url), load)
        os.killpg(load.pid, by)
        assert load.wait(timeout=30) == code
    assert everything_at(database_url) == filled
    if by is signal.SIGINT:
        assert printed.read_text(encoding="utf-8").startswith("Interrompu ; l’état publié n’a pas changé.")
        assert not writing(database_url)
    again = socle(
        *("load", "directory", "--delta", *map(str, next_day.delta)),
        home=tmp_path,
        SOCLE_DATABASE=database_url,
    )
    assert again.returncode == 0, again.stderr
    assert not writing(database_url)
    assert counts(again.stdout)["updated"] > 0


def test_one_load_at_a_time(
    database_url: str, filled: dict[str, Any], town: Written, next_day: WrittenDelta, tmp_path: Path
) -> None:
    load_delta = ("load", "directory", "--delta")
    printed = tmp_path / "printed.txt"
    with begun(*load_delta, *town.files, home=tmp_path, printed=printed, SOCLE_DATABASE=database_url) as load:
        wait(lambda: writing(database_url), load)
        with held(load):
            other = socle(*load_delta, *next_day.delta, home=tmp_path, SOCLE_DATABASE=database_url)
        assert (other.returncode, other.stdout) == (2, "")
        assert "(work-busy · " in other.stderr
        assert load.wait(timeout=120) == 0
    assert len(everything_at(database_url)["resources"]) > len(filled["resources"])


def test_ctrl_c_takes_the_server_s_job_with_it(town: Written, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'socle.sqlite3'}"
    with up(tmp_path, SOCLE_DEMO_SIZE="village") as server:
        before = everything_at(url)
        printed = tmp_path / "load.txt"
        with begun("load", "directory", "--delta", *town.files, home=tmp_path, printed=printed) as load:
            wait(lambda: writing(url), load)
            os.killpg(load.pid, signal.SIGINT)
            assert load.wait(timeout=30) == 130
        wait(lambda: not writing(url), server.process)
        assert everything_at(url) == before
        assert server.client.get("/fhir/v2/Practitioner?_count=1").status_code == 200
        again = socle("load", "directory", *town.files[1:2], "--delta", home=tmp_path)
        assert again.returncode == 0, again.stderr
