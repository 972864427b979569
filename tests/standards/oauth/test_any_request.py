"""Whatever is sent to any endpoint is read, or refused by a registered code; nothing else comes out of a reader."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.standards.oauth.authorization import PUSHED, pushed_reference, read_pushed
from socle.standards.oauth.ciba import read_backchannel
from socle.standards.oauth.clients import GrantType
from socle.standards.oauth.credentials import read_credentials
from socle.standards.oauth.logout import after_logout, read_logout
from socle.standards.oauth.parameters import Parameters
from socle.standards.oauth.request_objects import with_request_object
from socle.standards.oauth.token_requests import TokenType, read_grant, read_token_question
from socle.standards.psc.approval import read_approval
from tests.standards.oauth.given import (
    CALLBACK,
    CLIENT,
    ISSUER,
    NOW,
    PROVIDER,
    VERIFIER,
    refusal_of,
)

Reader = Callable[[Parameters], Any]
READERS: dict[str, Reader] = {
    "authorization": lambda sent: read_pushed(sent, CLIENT, PROVIDER),
    "pushed reference": pushed_reference,
    "request object": lambda sent: with_request_object(sent, CLIENT, VERIFIER, issuer=ISSUER, now=NOW),
    "token": lambda sent: read_grant(sent, CLIENT),
    "introspection and revocation": read_token_question,
    "backchannel": lambda sent: read_backchannel(sent, CLIENT, PROVIDER),
    "approval": lambda sent: read_approval(sent, CLIENT, PROVIDER),
    "logout": lambda sent: after_logout(read_logout(sent), CLIENT),
    "credentials": lambda sent: read_credentials(sent, "", certificate=True),
}
NAMES = """
response_type client_id redirect_uri scope state nonce acr_values prompt max_age response_mode claims id_token_hint
login_hint login_hint_token ui_locales code_challenge code_challenge_method request request_uri grant_type code
code_verifier refresh_token auth_req_id subject_token subject_token_type actor_token actor_token_type audience token
token_type_hint binding_message requested_expiry channel post_logout_redirect_uri client_secret client_assertion
client_assertion_type unheard_of
""".split()
USUAL = [
    *("code", "app", CALLBACK, "openid", "s", "login", "0", "query", "S256", "42", "MOBILE", "899700100100"),
    *("a.b.c", "{}", '{"id_token":{"acr":null}}', PUSHED + "r" * 30, *GrantType, *TokenType),
]
VALUES = st.sampled_from(USUAL) | st.text(max_size=10)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=20)
VALID = {
    "response_type": "code",
    "client_id": "app",
    "redirect_uri": CALLBACK,
    "scope": "openid",
    "state": "s",
    "grant_type": "refresh_token",
    "refresh_token": "r",
    "token": "t",
    "login_hint": "899700100100",
    "binding_message": "42",
}


@pytest.mark.parametrize("endpoint", READERS)
@settings(max_examples=60)
@given(st.data())
def test_any_parameters_are_read_or_refused(endpoint: str, data: st.DataObject) -> None:
    pairs = data.draw(PAIRS)
    if data.draw(st.booleans()):
        named = {name for name, _ in pairs}
        pairs = [*pairs, *((name, value) for name, value in VALID.items() if name not in named)]
    told = refusal_of(READERS[endpoint], Parameters(pairs))
    assert told is None or told.error.replace("_", "").isalpha()
