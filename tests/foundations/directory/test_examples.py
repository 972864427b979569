"""Published examples, loaded by `socle load fhir` into an empty installation, read back equal or refused for the
reason that docs/directory-examples.md announces."""

import json
import os
import re
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.running import running
from tests.conftest import CONFORMANCE
from tests.standards.fhir.test_examples import ROWS, Row
from tests.support.command_line import socle
from tests.support.served import KEYED

pytestmark = pytest.mark.conformance

# The section of the standard that each way of not being JSON breaks (RFC 8259).
SECTIONS = {
    "mismatch": "RFC 8259 §4-5",
    "name-expected": "RFC 8259 §4",
    "trailing-comma": "RFC 8259 §4-5",
    "unclosed": "RFC 8259 §4-5",
}
TAKEN = re.compile(r"^(?P<file>\S+): (?P<resource>\w+/\S+) → (?P<store>[\w-]+)$", re.MULTILINE)
MALFORMED = re.compile(r"(?P<kind>[a-z-]+) (?P<line>\d+):(?P<column>\d+)")


def rows(verdict: str) -> list[Row]:
    return [row for row in ROWS if row.verdict == verdict]


@pytest.fixture
def examples() -> Path:
    folder = os.environ.get(CONFORMANCE)
    if not folder:
        pytest.skip(f"{CONFORMANCE} names no folder of reference data")
    return Path(folder) / "directory/fhir-examples"


def read_exactly(data: bytes | str) -> Any:
    """By another reader than ours: numbers keep their precision, and a repeated name is an error."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    return json.loads(data, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=members)


def without_server_part(resource: dict[str, Any]) -> dict[str, Any]:
    server = ("versionId", "lastUpdated")
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in server}
    return {**resource, "meta": meta}


def stored(home: Path) -> int:
    """Versions in the database file of the installation."""
    with sqlite3.connect(home / "socle.sqlite3") as connection:
        return int(connection.execute("SELECT COUNT(*) FROM fhirstore_version").fetchone()[0])


def read_back(store: str, resource: str, home: Path) -> dict[str, Any]:
    """Public resources by their FHIR address, restricted ones, which no door serves, by the command."""
    if store == "directory-restricted":
        told = socle("read", store, resource, home=home)
        assert told.returncode == 0, told.stderr
        found: dict[str, Any] = read_exactly(told.stdout)
        return found
    with running(home) as base:
        answer = httpx.get(f"{base}/fhir/v2/{resource}", headers=KEYED, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == 'W/"1"'
    found = read_exactly(answer.content)
    return found


@pytest.mark.parametrize("row", rows("accepted"), ids=lambda row: row.file)
def test_an_accepted_example_is_loaded_and_read_back_equal(row: Row, examples: Path, tmp_path: Path) -> None:
    given = read_exactly((examples / row.file).read_bytes())
    told = socle("load", "fhir", examples / row.file, home=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    store = "directory-public" if "/DP/" in row.file else "directory-restricted"
    resource = f"{given['resourceType']}/{given['id']}"
    taken = [found.groupdict() for found in TAKEN.finditer(told.stdout)]
    assert taken == [{"file": Path(row.file).name, "resource": resource, "store": store}]
    found = read_back(store, resource, tmp_path)
    assert without_server_part(found) == without_server_part(given)
    assert found["meta"]["versionId"] == "1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["meta"]["lastUpdated"])


def test_restricted_examples_are_on_no_public_address(examples: Path, tmp_path: Path) -> None:
    files = [examples / row.file for row in rows("accepted") if "/DR/" in row.file]
    assert socle("load", "fhir", *files, home=tmp_path).returncode == 0
    assert stored(tmp_path) == len(files)
    with (
        running(tmp_path) as base,
        httpx.Client(base_url=f"{base}/fhir/v2", headers=KEYED, timeout=60) as client,
    ):
        for file in files:
            given = read_exactly(file.read_bytes())
            assert client.get(f"/{given['resourceType']}/{given['id']}").status_code == 404
        for resource_type in ("Practitioner", "PractitionerRole", "Organization"):
            assert client.get(f"/{resource_type}").json()["total"] == 0


@pytest.mark.parametrize("row", rows("refused"), ids=lambda row: row.file)
def test_a_refused_example_is_told_with_its_place_and_rule(row: Row, examples: Path, tmp_path: Path) -> None:
    told = socle("load", "fhir", examples / row.file, home=tmp_path)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(f"{Path(row.file).name}: refusé / refused\n")
    if malformed := MALFORMED.fullmatch(row.rule):
        place = f"    ligne/line {malformed['line']}, colonne/column {malformed['column']}: "
        assert place in told.stderr
        assert f" — {SECTIONS[malformed['kind']]}\n" in told.stderr
    else:
        for rule in row.rule.split(", "):
            assert re.search(rf"^    /?[\w/.\[\]()]+: .+ — {re.escape(rule)}\b", told.stderr, re.MULTILINE)
    assert stored(tmp_path) == 0


def test_a_refused_file_does_not_keep_the_others_out(examples: Path, tmp_path: Path) -> None:
    accepted, refused = rows("accepted"), rows("refused")
    told = socle("load", "fhir", *(examples / row.file for row in (*refused, *accepted)), home=tmp_path)
    assert told.returncode == 1
    assert told.stderr.count(": refusé / refused\n") == len(refused)
    assert len(TAKEN.findall(told.stdout)) == len(accepted) == stored(tmp_path)


@pytest.mark.postgresql
def test_the_examples_are_read_back_equal_from_postgresql(
    examples: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgresql_server")
    url = server.create("examples")
    files = [examples / row.file for row in rows("accepted")]
    assert socle("load", "fhir", *files, home=tmp_path, SOCLE_DATABASE=url).returncode == 0
    with (
        running(tmp_path, SOCLE_DATABASE=url) as base,
        httpx.Client(base_url=base, headers=KEYED, timeout=60) as client,
    ):
        for file in files:
            given = read_exactly(file.read_bytes())
            resource = f"{given['resourceType']}/{given['id']}"
            if file.parent.name == "DP":
                said = client.get(f"/fhir/v2/{resource}").content
            else:
                told = socle("read", "directory-restricted", resource, home=tmp_path, SOCLE_DATABASE=url)
                said = told.stdout.encode()
            assert without_server_part(read_exactly(said)) == without_server_part(given)
    server.drop("examples")
