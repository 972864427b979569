"""Parameters: what is sent is read, what is doubled or broken is refused, what is unknown is ignored."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth import ciba_faults
from socle.standards.oauth.faults import (
    KINDS,
    MALFORMED,
    MISSING,
    NOT_ENCODED,
    REPEATED,
    TOO_MANY,
    UNKNOWN_VALUE,
)
from socle.standards.oauth.parameters import MOST_PAIRS, Parameters, read_parameters
from tests.standards.oauth.given import expect_refused, refusal_of

WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=20)
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(st.dictionaries(WORDS, TEXTS, max_size=8))
def test_what_a_form_says_is_read(fields: dict[str, str]) -> None:
    read = read_parameters(urlencode(fields).encode())
    assert {name: read.text(name) for name in fields} == fields


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(raw: bytes) -> None:
    told = refusal_of(lambda: [read_parameters(raw).one(name) for name in ("scope", "state", "")])
    assert told in (None, NOT_ENCODED, REPEATED, MALFORMED)


@given(st.sampled_from(["one", "text", "required", "number", "words"]), WORDS, WORDS)
def test_a_parameter_given_twice_is_refused_however_it_is_asked_for(ask: str, first: str, other: str) -> None:
    read = Parameters([("state", first), ("x", "1"), ("state", other)])
    assert expect_refused(REPEATED, getattr(read, ask), "state").error == "invalid_request"


def test_a_value_left_empty_counts_as_not_given() -> None:
    read = read_parameters(b"state=&scope&nonce=%20n")
    assert (read.one("state"), read.words("scope"), read.number("max_age")) == ("", (), None)
    assert read.one("nonce") == " n"
    expect_refused(MISSING, read.required, "state")
    assert not read.given("state")


@pytest.mark.parametrize(
    "raw", [b"state=%", b"state=%2", b"state=%zz", b"state=%ff", b"st\xffate=1", b"%e9=1"]
)
def test_a_broken_encoding_is_refused(raw: bytes) -> None:
    expect_refused(NOT_ENCODED, read_parameters, raw)


def test_the_work_of_reading_is_bounded() -> None:
    assert read_parameters(b"a=1&" * MOST_PAIRS).given("a")
    expect_refused(TOO_MANY, read_parameters, b"a=1&" * (MOST_PAIRS + 1))
    expect_refused(TOO_MANY, Parameters, [("a", "1")] * (MOST_PAIRS + 1))
    expect_refused(MALFORMED, Parameters([("state", "x" * 5_000)]).one, "state")


@pytest.mark.parametrize("value", ["-1", "1.5", "1e3", "+4", "٣", "99999999999", "0x1", " 1"])
def test_a_number_is_digits(value: str) -> None:
    expect_refused(MALFORMED, Parameters([("max_age", value)]).number, "max_age")


def test_values_of_several_are_kept_in_order() -> None:
    read = Parameters([("audience", "b"), ("audience", ""), ("audience", "a"), ("scope", "x  y x")])
    assert read.many("audience") == ("b", "a")
    assert read.words("scope") == ("x", "y")
    expect_refused(MALFORMED, Parameters([("audience", "é")]).many, "audience")
    expect_refused(UNKNOWN_VALUE, Parameters([("m", "q")]).known, "m", ("query",))


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "\x7f", "\x85"])
def test_a_control_character_reaches_no_log(value: str) -> None:
    read = Parameters([("login_hint", value)])
    expect_refused(MALFORMED, read.text, "login_hint")
    expect_refused(MALFORMED, read.one, "login_hint")


def test_a_description_has_only_the_characters_that_the_standard_allows() -> None:
    told = expect_refused(UNKNOWN_VALUE, Parameters([("m", 'q"\\')]).known, "m", ("é…",))
    allowed = {chr(one) for one in range(0x20, 0x7F)} - {'"', "\\"}
    assert set(told.description) <= allowed
    assert told.as_json() == {"error": "invalid_request", "error_description": told.description}
    assert "paramètre m" in told.sentence()


def test_every_refusal_is_told_in_both_languages_by_a_registered_code() -> None:
    assert ciba_faults.PENDING.code in KINDS
    for one in KINDS.values():
        assert one.fr != one.en
        assert one.fr.endswith(".")
        assert one.en.endswith(".")
        assert one.rule
        assert one.error.replace("_", "").islower()
        assert one.status in (400, 401, 403)
