"""Search values as written in a query: escapes, alternatives, tokens."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socle.standards.fhir.values import alternatives, token_parts, unescape
from tests.support.fhir_oracle import bare, split
from tests.support.fhir_queries import escaped

texts = st.text("a,|$\\ é", max_size=12)


@given(texts)
def test_what_is_escaped_comes_back(text: str) -> None:
    assert unescape(escaped(text)) == text


@given(st.lists(texts, min_size=1, max_size=5))
@example(["\\", ""])
@example(["a\\", ",b"])
def test_alternatives_are_told_apart(parts: list[str]) -> None:
    found = alternatives(",".join(escaped(part) for part in parts))
    assert [unescape(part) for part in found] == parts


@given(texts)
def test_any_text_is_cut_at_the_commas_that_nothing_protects(text: str) -> None:
    assert alternatives(text) == list(split(text, ","))
    assert unescape(text) == bare(text)


@given(system=texts, code=texts)
def test_a_token_is_a_system_and_a_code(system: str, code: str) -> None:
    assert token_parts(f"{escaped(system)}|{escaped(code)}") == (system, code)
    assert token_parts(escaped(code)) == (None, code)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("code", (None, "code")),
        ("|code", ("", "code")),
        ("urn:x|", ("urn:x", "")),
        ("urn:x|code", ("urn:x", "code")),
        (r"a\|b", (None, "a|b")),
        (r"urn:x|a\|b", ("urn:x", "a|b")),
    ],
)
def test_the_four_ways_to_write_a_token(text: str, parts: tuple[str | None, str]) -> None:
    assert token_parts(text) == parts
