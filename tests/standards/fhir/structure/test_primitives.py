"""Primitive values: the published formats, and what they leave unsaid."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.standards.fhir.dates import interval
from socle.standards.fhir.json import Decimal
from socle.standards.fhir.structure.definitions import primitive_patterns
from socle.standards.fhir.structure.primitives import primitive, remedy_for

ACCEPTED: dict[str, list[object]] = {
    "base64Binary": ["QQ==", "QUI=", "QUJD", "QUJD\n QUJD"],
    "boolean": [True, False],
    "canonical": ["http://hl7.org/fhir/StructureDefinition/Patient|4.0.1"],
    "code": ["fr", "a b", "é"],
    "date": ["2025", "2025-09", "2025-09-27", "2024-02-29", "0001"],
    "dateTime": ["2025", "2025-09-27", "2025-09-27T10:00:00Z", "2025-09-27T10:00:00.123456789+02:00"],
    "decimal": [0, -1, 2**63 - 1, Decimal("1.10"), Decimal("1e2")],
    "id": ["a", "003-3014698-3057235", "A.b-9", "x" * 64],
    "instant": ["2019-09-02T01:00:00.000+01:00", "2015-02-07T13:28:17Z"],
    "integer": [0, -(2**31), 2**31 - 1],
    "markdown": ["# titre\n\ntexte"],
    "oid": ["urn:oid:1.2.250.1.71.4.2.1"],
    "positiveInt": [1, 2**31 - 1],
    "string": ["é", " ", "a\tb\r\nc", "x" * 1024 * 1024, "\u00a0", "😀"],
    "time": ["00:00:00", "23:59:59.5"],
    "unsignedInt": [0, 2**31 - 1],
    "uri": ["urn:oid:1.2.3", "https://rpps.esante.gouv.fr", "é"],
    "url": ["mailto:a@b"],
    "uuid": ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
    "xhtml": ["<div xmlns='http://www.w3.org/1999/xhtml'>" + "x" * 2_000_000 + "</div>"],
}
REFUSED: dict[str, list[object]] = {
    "base64Binary": ["", "Q", "QQ=", "Q=Q=", "QUJD!", "=QUI", "    ", 1, "A" * 200_000 + "!"],
    "boolean": ["true", 1, 0, None],
    "canonical": ["", "a b"],
    "code": ["", " a", "a ", "a  b", "a\tb", "a\u0000", 1],
    "date": ["", "25", "2025-9", "2025-02-29", "2025-04-31", "2025-09-27T10:00:00Z", "0000", 2025],
    "dateTime": [
        "2025-09-27T10:00Z",
        "2025-09-27T10:00:00",
        "2025-09-27T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "hier",
    ],
    "decimal": ["1.5", True, 1.5, None],
    "id": ["", "a_b", "é", "x" * 65, "a\n", 12],
    "instant": ["2019-09-02", "2019-09-02T01:00:00", "2023-02-29T01:00:00Z"],
    "integer": [2**31, -(2**31) - 1, True, Decimal("1.0"), "1"],
    "markdown": ["", "\u0000"],
    "oid": ["1.2.250", "urn:oid:3.1", "urn:oid:1.02", "urn:oid:1"],
    "positiveInt": [0, -1, True, 2**31],
    "string": ["", "a\u0000", "a\u000b", "\u001b[31m", "x" * (1024 * 1024 + 1), 1, None, ["a"]],
    "time": ["24:00:00", "10:00", "10:00:00Z"],
    "unsignedInt": [-1, False, 2**31],
    "uri": ["", " ", "a b", "a\n", "a\u0000", 1],
    "url": ["http://a b"],
    "uuid": ["c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"],
    "xhtml": ["", "\u0000", 1],
}


def pairs(table: dict[str, list[object]]) -> list[tuple[str, object]]:
    return [(type_name, value) for type_name, values in table.items() for value in values]


def test_the_tables_cover_every_primitive_type() -> None:
    assert set(ACCEPTED) == set(REFUSED) == set(primitive_patterns())


@pytest.mark.parametrize(("type_name", "value"), pairs(ACCEPTED))
def test_accepted(type_name: str, value: object) -> None:
    assert primitive(type_name).accepts(value)


@pytest.mark.parametrize(("type_name", "value"), pairs(REFUSED))
def test_refused_with_what_would_pass(type_name: str, value: object) -> None:
    assert not primitive(type_name).accepts(value)
    remedy = remedy_for(type_name, value)
    assert remedy.fr != remedy.en


TEXTS = st.text(st.sampled_from("aZ09+/=- \t\n\r\u000b\u0000.é:|"), max_size=12)


@given(st.sampled_from(["string", "markdown", "uri", "url", "canonical", "code", "base64Binary"]), TEXTS)
@settings(max_examples=500)
def test_checks_of_our_own_accept_nothing_that_the_published_expression_refuses(
    type_name: str, value: str
) -> None:
    if primitive(type_name).accepts(value):
        assert re.fullmatch(primitive_patterns()[type_name], value, re.ASCII)


@given(st.sampled_from(["date", "dateTime", "instant"]), st.data())
def test_an_accepted_date_can_be_placed_in_time(type_name: str, data: st.DataObject) -> None:
    value = data.draw(st.from_regex(re.compile(primitive_patterns()[type_name], re.ASCII), fullmatch=True))
    if primitive(type_name).accepts(value):
        assert interval(value).low < interval(value).high
    else:
        assert value[8:10] > "28" or ":60" in value
