"""The parameter claims: what is wanted is read, and its size is bounded."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.claims_parameter import ClaimsRequest, Wanted, read_claims
from socle.standards.oauth.faults import CLAIMS_UNREADABLE, MALFORMED
from socle.standards.oauth.parameters import Parameters
from tests.standards.oauth.given import expect_refused, refusal_of

WANTED = st.builds(Wanted, st.booleans(), st.lists(st.text("abc", max_size=4), max_size=3).map(tuple))
PLACES = st.dictionaries(st.text("abc_", min_size=1, max_size=5), WANTED, max_size=4)


def read(text: str) -> ClaimsRequest:
    return read_claims(Parameters([("claims", text)]))


@given(PLACES, PLACES)
def test_what_is_wanted_is_read(id_token: dict[str, Wanted], userinfo: dict[str, Wanted]) -> None:
    def told(place: dict[str, Wanted]) -> dict[str, Any]:
        return {name: {"essential": one.essential, "values": list(one.values)} for name, one in place.items()}

    text = orjson.dumps({"id_token": told(id_token), "userinfo": told(userinfo)}).decode()
    assert read(text) == ClaimsRequest(id_token, userinfo)


def test_the_example_of_the_specification() -> None:
    """OpenID Connect Core §5.5."""
    text = """{"userinfo":{"given_name":{"essential":true},"nickname":null,"http://example.info/claims/groups":null},
    "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]}}}"""
    read_now = read(text)
    assert read_now.userinfo["given_name"] == Wanted(essential=True)
    assert read_now.userinfo["nickname"] == Wanted()
    assert read_now.id_token["acr"] == Wanted(values=("urn:mace:incommon:iap:silver",))
    assert read('{"id_token":{"a":{"value":true},"b":{"value":1.50}}}').id_token == {
        "a": Wanted(values=("true",)),
        "b": Wanted(values=("1.50",)),
    }
    assert read("") == ClaimsRequest()


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        "{",
        '{"id_token":[1]}',
        '{"id_token":{"a":1}}',
        '{"id_token":{"a":{"essential":"yes"}}}',
        '{"id_token":{"a":{"values":"x"}}}',
        '{"id_token":{"a":{"values":[{}]}}}',
        '{"id_token":{},"id_token":{}}',
        "[" * 8_000,
        orjson.dumps({"userinfo": {str(at): None for at in range(101)}}).decode(),
        orjson.dumps({"userinfo": {"a": {"values": ["x"] * 51}}}).decode(),
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    expect_refused(CLAIMS_UNREADABLE, read, text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    assert refusal_of(read, text) in (None, CLAIMS_UNREADABLE)
    expect_refused(MALFORMED, read, "x" * 8_193)
