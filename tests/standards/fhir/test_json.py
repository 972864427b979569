"""Strict JSON: what is refused and where, what is kept exactly."""

from __future__ import annotations

import json as stdlib_json

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socle.standards.fhir.json import MAX_DEPTH, Decimal, Json, JsonFault, dump, parse
from socle.standards.fhir.json_faults import locate

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
DECIMAL = r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,8}([eE][+-]?[0-9]{1,3})?|[eE][+-]?[0-9]{1,3})"
DECIMALS = st.from_regex(DECIMAL, fullmatch=True).map(Decimal)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
BIG = (st.integers(2**63, 10**60) | st.integers(-(10**60), -(2**63) - 1)).map(str).map(Decimal)
SCALARS = st.none() | st.booleans() | INTEGERS | BIG | DECIMALS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)


def refusal(data: bytes, **limits: int) -> JsonFault:
    with pytest.raises(JsonFault) as caught:
        parse(data, **limits)
    return caught.value


def attempt(data: bytes) -> JsonFault | None:
    try:
        parse(data)
    except JsonFault as fault:
        return fault
    return None


@given(VALUES)
def test_what_is_written_is_read_back_equal(value: Json) -> None:
    assert parse(dump(value)) == value


@given(VALUES)
def test_writing_what_was_read_gives_the_same_bytes(value: Json) -> None:
    data = dump(value)
    assert dump(parse(data)) == data


@pytest.mark.parametrize("lexeme", ["1.10", "1e2", "0.1000", "1E+05", "-0.0", "-0", str(2**63), "9" * 5000])
def test_numbers_keep_their_digits(lexeme: str) -> None:
    data = f'{{"value":{lexeme}}}'.encode()
    assert parse(data) == {"value": Decimal(lexeme)}
    assert dump(parse(data)) == data


@pytest.mark.parametrize("number", [0, 7, -7, 2**63 - 1, -(2**63), 10**18])
def test_integers_of_64_bits_are_int(number: int) -> None:
    value = parse(str(number).encode())
    assert value == number
    assert type(value) is int


def test_decimals_written_differently_differ() -> None:
    assert Decimal("1.0") != Decimal("1.00")
    assert len({Decimal("1.0"), Decimal("1.0"), Decimal("1.00")}) == 2
    assert Decimal("1") != 1


@pytest.mark.parametrize("text", ["", "1.", ".5", "01", "+1", "NaN", "1 ", "1,5", "1]"])
def test_a_decimal_is_a_json_number(text: str) -> None:
    with pytest.raises(ValueError, match="RFC 8259"):
        Decimal(text)


def test_a_byte_order_mark_is_accepted() -> None:
    assert parse(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


@pytest.mark.parametrize(
    ("data", "kind", "line", "column"),
    [
        (b"", "empty", 1, 1),
        (b" \n ", "empty", 2, 2),
        (b'{"a":1,}', "trailing-comma", 1, 7),
        (b'{\n "a": [1,\n 2,\n ]}', "trailing-comma", 3, 3),
        (b'{"a":1 "b":2}', "comma-expected", 1, 8),
        (b'{"a":[1 2]}', "comma-expected", 1, 9),
        (b'{"a":1', "unclosed", 1, 7),
        (b'{"a', "unclosed", 1, 2),
        (b'{"a":', "unclosed", 1, 6),
        (b"[", "unclosed", 1, 2),
        (b'{"a":1]', "mismatch", 1, 7),
        (b"{'a':1}", "name-expected", 1, 2),
        (b'{"a" 1}', "colon-expected", 1, 6),
        (b'{"a":[...]}', "value-expected", 1, 7),
        (b'{"a":True}', "value-expected", 1, 6),
        (b'{"a":01}', "number", 1, 6),
        (b'{"a":1.}', "number", 1, 6),
        (b'{"a":+1}', "number", 1, 6),
        (b'{"a":NaN}', "not-finite", 1, 6),
        (b'{"a":-Infinity}', "not-finite", 1, 6),
        (b'{"a":"x\ny"}', "control-character", 1, 8),
        (b'{"a":"\\x41"}', "escape", 1, 7),
        (b'{"a":"\\u12"}', "escape", 1, 7),
        (b'{"a":1} {"b":2}', "trailing-data", 1, 9),
        (b'{"a":1,"b":{"c":1},\n "a":2}', "duplicate-name", 2, 2),
        (b'{"a":1,"\\u0061":2}', "duplicate-name", 1, 8),
        (b'{"a":"\\ud83d"}', "lone-surrogate", 1, 7),
        (b'{"a":"\\ude00\\ud83d"}', "lone-surrogate", 1, 7),
        ('{"é":\n "ô" 1}'.encode(), "comma-expected", 2, 6),
        (b'{"a":"\xe9"}', "encoding", 1, 7),
        ('{"a":1}'.encode("utf-16"), "encoding", 1, 1),
    ],
)
def test_a_refusal_says_which_rule_and_where(data: bytes, kind: str, line: int, column: int) -> None:
    fault = refusal(data)
    assert (fault.kind, fault.line, fault.column) == (kind, line, column)
    assert fault.rule.startswith("RFC ")
    assert fault.remedy.fr != fault.remedy.en


def test_a_refusal_names_the_place_in_the_resource() -> None:
    fault = refusal(b'{"resourceType":"Organization","name":[{"text":"a"},{"text":"b","text":"c"}]}')
    assert fault.path == "Organization.name[1].text"
    assert fault.received.startswith('"text":"c"')
    assert str(fault).startswith("Line 1, column 65. Received: ")
    assert fault.fault.sentence("fr").startswith("Ligne 1, colonne 65. Reçu : ")


def test_an_escaped_pair_and_an_escaped_backslash_are_not_half_surrogates() -> None:
    assert parse(b'["\\ud83d\\ude00","\\\\ud800"]') == ["\U0001f600", "\\ud800"]


def nested(levels: int, around: tuple[str, str]) -> bytes:
    return (around[0] * levels + "1" + around[1] * levels).encode()


BRACES = ('{"a":', "}")
BRACKETS = ("[", "]")
MISLEADING = ('["]",', ',"["]')


@pytest.mark.parametrize("around", [BRACES, BRACKETS, MISLEADING, ('["\\\\]",', ',"\\"["]')])
def test_nesting_is_allowed_to_the_limit_and_not_beyond(around: tuple[str, str]) -> None:
    assert parse(nested(MAX_DEPTH, around)) is not None
    assert refusal(nested(MAX_DEPTH + 1, around)).kind == "too-deep"


@pytest.mark.parametrize("around", [BRACES, BRACKETS, MISLEADING])
def test_absurd_nesting_is_refused_like_any_other(around: tuple[str, str]) -> None:
    assert refusal(nested(100_000, around)).kind == "too-deep"
    assert refusal(around[0].encode() * 100_000).kind == "too-deep"


def test_size_is_bounded() -> None:
    assert parse(b"[1]", max_bytes=3) == [1]
    fault = refusal(b"[1] ", max_bytes=3)
    assert (fault.kind, fault.code, fault.received) == ("too-large", "too-long", "4 > 3")


# A soup of the characters that matter finds more than random bytes would.
SOUP = st.lists(
    st.sampled_from(
        [*'{}[]:,"\\ \n01-+.eE', "true", "null", "NaN", '"a"', '"b":', "\\u0041", "\\ud800", "\x01", "é", "'"]
    ),
    max_size=14,
).map("".join)


@given(SOUP)
@settings(max_examples=1000)
@example('{"a":"\\ud800"}')
def test_the_fast_reader_and_the_explaining_reader_agree(text: str) -> None:
    refused = attempt(text.encode())
    explained = locate(text, MAX_DEPTH)
    if refused is None or explained is None:
        assert refused is explained
        stdlib_json.loads(text)
    else:
        assert (refused.kind, refused.line, refused.column) == (
            explained.kind,
            explained.line,
            explained.column,
        )


@given(VALUES, st.data())
def test_a_damaged_document_is_read_or_refused_but_never_crashes(value: Json, data: st.DataObject) -> None:
    document = bytearray(dump(value))
    position = data.draw(st.integers(0, len(document)))
    document[position : position + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    fault = attempt(bytes(document))
    if fault is None:
        result = parse(bytes(document))
        assert parse(dump(result)) == result
    else:
        assert min(fault.line, fault.column) >= 1


def test_a_foreign_value_is_not_written() -> None:
    with pytest.raises(orjson.JSONEncodeError):
        dump({"a": object()})  # type: ignore[dict-item]
