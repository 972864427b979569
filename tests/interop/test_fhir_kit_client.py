"""The npm client `fhir-kit-client` pages through every PractitionerRole, both ways, while a delta loads."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from socle.foundations.directory.demo import TOWN, write_delta, write_territory
from socle.foundations.directory.stores import PUBLIC
from tests.support.command_line import socle
from tests.support.published import Published, published_states
from tests.support.served import up

pytestmark = pytest.mark.interop

CLIENT = Path(__file__).parent / "fhir-kit-client"
CHANGES = 400
PAGE = 100
SECONDS = 120


@pytest.fixture(scope="module")
def node() -> str:
    """The Node.js program, once the client is installed beside its lock file."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        pytest.skip("needs node and npm; on Debian: apt install nodejs npm")
    installed, lock = CLIENT / "node_modules/.package-lock.json", CLIENT / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--loglevel", "error"]
        told = subprocess.run(
            command, cwd=CLIENT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        if told.returncode:
            pytest.skip(f"npm could not fetch the client: {told.stderr.strip()[-300:]}")
    return found


@dataclass(frozen=True)
class Files:
    """The town's files: the whole of one day, then what changes the next."""

    full: tuple[Path, ...]
    delta: tuple[Path, ...]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("town")
    return Files(write_territory(folder, TOWN).files, write_delta(folder, TOWN, changes=CHANGES).delta)


@contextmanager
def walking(node: str, base: str, results: Path) -> Iterator["subprocess.Popen[str]"]:
    """The client, which walks until it is told that the load has ended; it has walked once when the block begins."""
    command = [node, str(CLIENT / "walk.mjs"), f"{base}/fhir/v2", str(PAGE), str(results)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "localhost"},
    )
    assert process.stdout is not None
    try:
        if process.stdout.readline() != "ready\n":
            pytest.fail(f"the client cannot walk: {process.communicate(timeout=SECONDS)}")
        yield process
    finally:
        process.kill()
        process.communicate()


def test_every_role_is_met_once_both_ways_while_a_delta_loads(
    node: str, town: Files, tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    chosen: dict[str, str] = {}
    url = f"sqlite:///{tmp_path / 'socle.sqlite3'}"
    if engine == "postgresql":
        url = chosen["SOCLE_DATABASE"] = request.getfixturevalue("postgresql_server").create("interop")
    assert socle("load", "directory", *town.full, home=tmp_path, **chosen).returncode == 0
    results = tmp_path / "walks.jsonl"
    with up(tmp_path, **chosen) as served, walking(node, served.base, results) as client:
        loaded = socle("load", "directory", "--delta", *town.delta, home=tmp_path, **chosen)
        assert loaded.returncode == 0, loaded.stderr
        _, said = client.communicate("loaded\n", timeout=SECONDS)
        assert client.returncode == 0, said
    before, after = published_states(url, PUBLIC, "PractitionerRole")
    check_walks([json.loads(line) for line in results.read_text().splitlines()], before, after)


def check_walks(walks: list[dict[str, Any]], before: Published, after: Published) -> None:
    ours, theirs = set(before.held), set(after.held)
    assert ours - theirs, "the delta withdraws or changes roles"
    assert theirs - ours, "the delta brings or changes roles"
    for walk in walks:
        assert len(walk["forward"]) == len(set(walk["forward"])) == walk["total"]
        assert walk["forward"] == walk["backward"]
        assert walk["forward"] in (before.held, after.held)
        assert walk["pages"] == -(-walk["total"] // PAGE)
    named = {walk["name"]: walk["forward"] for walk in walks}
    assert named["before"] == named["kept"] == before.held
    assert named["after"] == after.held
    during = [walk for walk in walks if walk["began"] < after.ended and walk["ended"] > after.began]
    assert during, "no walk overlaps the writing of the delta"
