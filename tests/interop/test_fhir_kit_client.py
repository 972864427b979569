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
from socle.kernel.db import Database
from socle.standards.fhir.types import TYPE_NUMBER
from tests.support.command_line import socle
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


@dataclass(frozen=True)
class Published:
    """A transaction as the store keeps it: when it was written (milliseconds), and the roles that hold since."""

    began: int
    ended: int
    roles: list[str]


def published(url: str) -> list[Published]:
    """The store's published states, straight from its tables, in order: `id/versionId` in the order of pages."""
    db = Database(url)
    try:
        with db.reading() as session:
            transactions = session.fetch(
                "SELECT t.store, t.number, t.started, t.published FROM fhirstore_transaction t "
                "JOIN fhirstore_store s ON s.id = t.store WHERE s.name = ?1 AND t.state = 'published' "
                "ORDER BY t.number",
                PUBLIC.name,
            )
            return [
                Published(
                    started // 1000,
                    ended // 1000,
                    [
                        f"{fid}/{version}"
                        for fid, version in session.fetch(
                            "SELECT i.fid, v.number FROM fhirstore_version v JOIN fhirstore_identity i "
                            "ON i.store = v.store AND i.rid = v.rid WHERE v.store = ?1 AND v.type = ?2 "
                            "AND v.deleted = 0 AND v.valid_from <= ?3 AND v.valid_to > ?3 ORDER BY v.rid",
                            store,
                            TYPE_NUMBER["PractitionerRole"],
                            number,
                        )
                    ],
                )
                for store, number, started, ended in transactions
            ]
    finally:
        db.close()


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
    before, after = published(url)
    check_walks([json.loads(line) for line in results.read_text().splitlines()], before, after)


def check_walks(walks: list[dict[str, Any]], before: Published, after: Published) -> None:
    ours, theirs = set(before.roles), set(after.roles)
    assert ours - theirs, "the delta withdraws or changes roles"
    assert theirs - ours, "the delta brings or changes roles"
    for walk in walks:
        assert len(walk["forward"]) == len(set(walk["forward"])) == walk["total"]
        assert walk["forward"] == walk["backward"]
        assert walk["forward"] in (before.roles, after.roles)
        assert walk["pages"] == -(-walk["total"] // PAGE)
    named = {walk["name"]: walk["forward"] for walk in walks}
    assert named["before"] == named["kept"] == before.roles
    assert named["after"] == after.roles
    during = [walk for walk in walks if walk["began"] < after.ended and walk["ended"] > after.began]
    assert during, "no walk overlaps the writing of the delta"
