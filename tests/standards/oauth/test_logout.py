"""RP-initiated logout: whose session, and nobody sent where the client did not register."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.faults import CLIENT_MISMATCH, LOGOUT_REDIRECT, REPEATED
from socle.standards.oauth.id_tokens import Hint
from socle.standards.oauth.logout import Logout, after_logout, logout_client, read_logout
from socle.standards.oauth.parameters import Parameters
from tests.standards.oauth.given import CLIENT, expect_refused, parameters

BYE = "https://app.example/bye"
SENT = {
    "id_token_hint": "a.b.c",
    "client_id": "app",
    "post_logout_redirect_uri": BYE,
    "state": "s-1",
    "ui_locales": "fr",
}


def test_a_whole_request_is_read_and_each_parameter_is_given_once() -> None:
    assert read_logout(parameters(SENT)) == Logout("a.b.c", "app", BYE, "s-1", ("fr",))
    assert read_logout(parameters({})) == Logout("", "", "", "", ())
    for name in SENT:
        expect_refused(REPEATED, read_logout, Parameters([*SENT.items(), (name, "x")]))


def test_the_client_is_the_one_named_and_hinted() -> None:
    told, silent = read_logout(parameters(SENT)), read_logout(parameters({}))
    assert logout_client(told, None) == "app"
    assert logout_client(silent, Hint("s", "sid", ("app", "b"))) == "app"
    assert logout_client(told, Hint("s", "sid", ("b", "app"))) == "app"
    assert logout_client(silent, None) == ""
    expect_refused(CLIENT_MISMATCH, logout_client, told, Hint("s", "sid", ("b",)))


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=10))
def test_the_state_comes_back(state: str) -> None:
    expected = BYE if not state else f"{BYE}?state="
    assert after_logout(Logout("", "app", BYE, state, ()), CLIENT).startswith(expected)


@pytest.mark.parametrize("uri", [BYE + "?x=1", BYE + "/", "https://evil.example/bye", "javascript:alert(1)"])
def test_an_address_that_is_not_registered_leads_nowhere(uri: str) -> None:
    expect_refused(LOGOUT_REDIRECT, after_logout, Logout("", "app", uri, "s", ()), CLIENT)


def test_without_a_client_or_an_address_the_person_stays() -> None:
    expect_refused(LOGOUT_REDIRECT, after_logout, Logout("", "", BYE, "", ()), None)
    assert after_logout(Logout("", "app", "", "s", ()), CLIENT) == ""
