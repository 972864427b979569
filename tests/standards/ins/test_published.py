"""Published numbers, datamatrix strings, test identities and documents get the verdicts that docs/ins.md announces."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from socle.standards.ins import cda
from socle.standards.ins.authorities import NIR, NUMBERS, TEST
from socle.standards.ins.datamatrix import Label, decode, encode
from socle.standards.ins.faults import Fault
from socle.standards.ins.matricule import Ins, KeyRule, key_of, parse
from socle.standards.ins.statuses import Status
from socle.standards.ins.traits import Sex, Traits, check_sendable
from socle.standards.ins.transitions import Created, DocumentChecked, InsiAccepted, State, apply
from socle.standards.xml import parse as parse_xml
from tests.conftest import CONFORMANCE
from tests.standards.ins.people import attempted

PAGE = Path(__file__).parents[3] / "docs/ins.md"
ROW = re.compile(r"^\| (\S+\.xml) \| (\d{15}) \| (\d{2}) \|$", re.MULTILINE)

pytestmark = pytest.mark.conformance


@pytest.fixture
def data() -> Path:
    folder = os.environ.get(CONFORMANCE)
    if not folder:
        pytest.skip(f"{CONFORMANCE} names no folder of reference data")
    return Path(folder)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_key_vectors_are_as_they_are_marked(data: Path) -> None:
    with (data / "directory/ins/nir-key-vectors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["key_valid"] for row in rows) == {"true": 8, "false": 4}
    for row in rows:
        body, key = row["matricule13"], row["key_as_published"]
        assert key_of(body) == f"{int(row['computed_key']):02d}"
        # As a fictive patient's, each is kept, the wrong keys with a warning; as a real person's those are refused.
        warned = {found.code for found in parse(body + key, TEST.oid, accepted=NUMBERS).warnings}
        assert ("ins-matricule-key" in warned) is (row["key_valid"] == "false")
        assert isinstance(attempted(parse, body + key, NIR.oid), Fault) is (row["key_valid"] == "false")


def test_datamatrix_vectors_are_read_and_written_to_the_letter(data: Path) -> None:
    vectors = read_json(data / "directory/ins/datamatrix-vectors.json")
    assert len(vectors) == 2
    for vector in vectors:
        fields = vector["fields"]
        day, month, year = map(int, fields["S6"].split("-"))
        number = parse(fields["S1"], fields["S2"]).ins
        label = Label(
            number,
            fields["S3"],
            fields["S4"],
            Sex(fields["S5"]),
            date(year, month, day),
            fields.get("S7", ""),
        )
        assert encode(label) == vector["payload"]
        assert decode(vector["payload"]) == (label, ())


def test_published_test_identities_are_recovered_and_qualified(data: Path) -> None:
    people = read_json(data / "directory/ins/insi-test-identities.json")
    assert len(people) == 3
    for person in people:
        given = person["birthGivenNames"]
        born = date.fromisoformat(person["birthDate"])
        traits = Traits(
            person["birthFamilyName"],
            given.split()[0],
            born,
            Sex(person["sex"]),
            person["birthPlaceInsee"],
            given,
        )
        assert check_sendable(traits) == ()
        former = tuple(number_of(one) for one in person["history"])
        state: State | None = None
        for event in (
            Created(traits, searched=True),
            InsiAccepted(number_of(person), traits, born, former),
            DocumentChecked("PA", born),
        ):
            after = apply(state, event)
            assert isinstance(after, State)
            state = after
        assert state is not None
        assert (state.status, state.former) == (Status.QUALIFIED, former)


def number_of(person: dict[str, Any]) -> Ins:
    """Some of the published numbers are 13 characters long, others have their key."""
    return parse(person["matricule"][:13] + person["key"], person["oid"]).ins


def test_the_headers_of_published_documents_are_read_and_written_back_equal(data: Path) -> None:
    files = sorted((data / "record/cda").glob("*.xml"))
    assert len(files) == 62
    doubted = [(path.name, *doubt) for path in files for doubt in header_doubts(path)]
    assert doubted == ROW.findall(PAGE.read_text(encoding="utf-8"))


def header_doubts(path: Path) -> list[tuple[str, str]]:
    """The number and the key it should have, where a header's does not verify; the identity comes back equal."""
    root = parse_xml(path.read_bytes())
    # One document presents itself: it stands inside a style sheet.
    document = next(root.iter(f"{{{cda.NAMESPACE}}}ClinicalDocument"))
    received = cda.read(document, accepted=NUMBERS, key_rule=KeyRule.WARN)
    again = parse_xml(cda.document_part(cda.write(received.identity)))
    assert cda.read(again, accepted=NUMBERS, key_rule=KeyRule.WARN).identity == received.identity
    number = received.identity.ins
    assert number is not None
    assert {found.code for found in received.warnings} <= {"ins-matricule-key"}
    return [(number.number, found.data["expected"]) for found in received.warnings]
