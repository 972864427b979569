"""Published directory examples get the verdicts of docs/directory-examples.md, and for those reasons."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from socle.standards.fhir.bundle import unwrap
from socle.standards.fhir.json import JsonFault, dump, parse
from socle.standards.fhir.structure import check

TABLE = Path(__file__).parents[3] / "docs/directory-examples.md"
ROW = re.compile(
    r"^\| (?P<file>\S+\.\w+) \| (?P<verdict>[a-z ]+) \| (?P<rule>[^|]+) \| [^|]+ \|$", re.MULTILINE
)


class Row(NamedTuple):
    file: str
    verdict: str
    rule: str


ROWS = [
    Row(row["file"], row["verdict"], row["rule"]) for row in ROW.finditer(TABLE.read_text(encoding="utf-8"))
]

pytestmark = pytest.mark.conformance


@pytest.fixture
def examples() -> Path:
    folder = os.environ.get("SOCLE_CONFORMANCE_DATA")
    if not folder:
        pytest.skip("SOCLE_CONFORMANCE_DATA names no folder of reference data")
    return Path(folder) / "directory/fhir-examples"


def malformed(data: bytes) -> JsonFault | None:
    try:
        parse(data)
    except JsonFault as fault:
        return fault
    return None


def reason(data: bytes) -> str:
    """`-` when accepted; where JSON stops being JSON; or what the faults cite, most cited first."""
    fault = malformed(data)
    if fault is not None:
        return f"{fault.kind} {fault.line}:{fault.column}"
    faults = [fault for found in unwrap(parse(data)) for fault in check(found.resource)]
    cited = [" ".join(re.split(r"[ ;]+", fault.rule)[:2]) for fault in faults]
    return ", ".join(sorted(set(cited), key=lambda rule: (-cited.count(rule), rule))) or "-"


@pytest.mark.parametrize("row", ROWS, ids=[row.file for row in ROWS])
def test_an_example_gets_its_announced_verdict(row: Row, examples: Path) -> None:
    data = (examples / row.file).read_bytes()
    if row.file.endswith(".json"):
        assert row.verdict == ("accepted" if row.rule == "-" else "refused")
        assert reason(data) == row.rule
    else:
        assert (row.verdict, row.rule) == ("not loaded", "-")
        assert malformed(data) is not None


@pytest.mark.parametrize("row", [row for row in ROWS if row.verdict == "accepted"], ids=lambda row: row.file)
def test_an_accepted_example_is_written_back_equal(row: Row, examples: Path) -> None:
    value = parse((examples / row.file).read_bytes())
    assert parse(dump(value)) == value


def test_every_example_has_a_row(examples: Path) -> None:
    files = {path.relative_to(examples).as_posix() for path in examples.rglob("*") if path.is_file()}
    assert files == {row.file for row in ROWS}
