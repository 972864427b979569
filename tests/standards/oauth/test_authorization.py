"""Authorization requests: each parameter missing, doubled, malformed; where the answer goes; what is ignored."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.answers import code_answer, location, refusal_answer
from socle.standards.oauth.authorization import (
    PUSHED,
    Authorization,
    Destination,
    Prompt,
    ResponseMode,
    pushed_reference,
    read_authorization,
    read_client_id,
    read_destination,
    read_pushed,
)
from socle.standards.oauth.clients import Client, GrantType
from socle.standards.oauth.faults import (
    CHALLENGE_MISSING,
    CLAIMS_UNREADABLE,
    CLIENT_MISMATCH,
    GRANT_NOT_ALLOWED,
    MALFORMED,
    MISSING,
    PROMPT_NONE_ALONE,
    REDIRECT_UNREGISTERED,
    REPEATED,
    REQUEST_URI_REFUSED,
    RESPONSE_TYPE,
    SCOPE_NOT_ALLOWED,
    SCOPE_WITHOUT_OPENID,
    TOO_SHORT,
    UNKNOWN_VALUE,
    Kind,
    Refused,
)
from socle.standards.oauth.levels import Level
from socle.standards.oauth.parameters import Parameters, read_parameters
from socle.standards.oauth.provider import Provider
from tests.standards.oauth.given import (
    CALLBACK,
    CLIENT,
    ISSUER,
    PROVIDER,
    PUBLIC_CLIENT,
    expect_refused,
    parameters,
)

SENT = {
    "response_type": "code",
    "client_id": "app",
    "redirect_uri": CALLBACK,
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "state": "s-1",
    "nonce": "n-1",
}
STRICT = Provider(ISSUER, PROVIDER.scopes, (Level.EIDAS2, Level.EIDAS3), Level.EIDAS3, 32, 32)
EVERYTHING = {
    **SENT,
    "response_mode": "fragment",
    "prompt": "login consent",
    "max_age": "0",
    "id_token_hint": "a.b.c",
    "login_hint": "899700100100",
    "ui_locales": "fr en",
    "kc_idp_hint": "hospital",
    "acr_values": "eidas3 eidas2 gold",
    "claims": '{"id_token":{"amr":{"essential":true}},"userinfo":null,"other":1}',
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


def read(given: Parameters, client: Client = CLIENT, provider: Provider = PROVIDER) -> Authorization:
    return read_authorization(given, client, provider, read_destination(given, client))


def test_a_whole_request_is_read() -> None:
    asked = read(parameters(EVERYTHING))
    assert asked.destination == Destination(CALLBACK, ResponseMode.FRAGMENT, "s-1")
    assert (asked.client_id, asked.nonce, asked.max_age) == ("app", "n-1", 0)
    assert asked.prompts == {Prompt.LOGIN, Prompt.CONSENT}
    assert (asked.level, asked.levels) == (Level.EIDAS2, (Level.EIDAS3, Level.EIDAS2))
    assert asked.claims.id_token["amr"].essential
    assert (asked.id_token_hint, asked.login_hint, asked.idp_hint) == ("a.b.c", "899700100100", "hospital")
    assert asked.ui_locales == ("fr", "en")
    assert asked.challenge is not None


@pytest.mark.parametrize("name", ["response_type", "redirect_uri", "state"])
def test_a_missing_parameter_is_told(name: str) -> None:
    told = expect_refused(MISSING, read, parameters({**SENT, name: ""}))
    assert told.data == {"name": name}
    without = {key: value for key, value in SENT.items() if key != name}
    expect_refused(MISSING, read, parameters(without))


def test_a_nonce_may_be_left_out_of_the_code_flow_and_unknown_parameters_are_ignored() -> None:
    without = {name: value for name, value in SENT.items() if name != "nonce"}
    assert read(parameters({**without, "foo": "bar"})).nonce == ""
    assert read(read_parameters(urlencode(SENT).encode() + b"&foo=1&foo=2")).nonce == "n-1"
    expect_refused(MISSING, read_client_id, parameters({}))


@pytest.mark.parametrize("name", sorted(EVERYTHING.keys() - {"client_id"}))
def test_each_parameter_is_given_once(name: str) -> None:
    doubled = Parameters([*EVERYTHING.items(), (name, EVERYTHING[name])])
    assert expect_refused(REPEATED, read, doubled).data["name"] == name


@pytest.mark.parametrize(
    ("change", "kind", "error"),
    [
        ({"response_type": "token"}, RESPONSE_TYPE, "unsupported_response_type"),
        ({"response_type": "code id_token"}, RESPONSE_TYPE, "unsupported_response_type"),
        ({"response_mode": "query.jwt"}, UNKNOWN_VALUE, "invalid_request"),
        ({"prompt": "none login"}, PROMPT_NONE_ALONE, "invalid_request"),
        ({"prompt": "sometimes"}, UNKNOWN_VALUE, "invalid_request"),
        ({"max_age": "-1"}, MALFORMED, "invalid_request"),
        ({"scope": "profile"}, SCOPE_WITHOUT_OPENID, "invalid_scope"),
        ({"scope": ""}, SCOPE_WITHOUT_OPENID, "invalid_scope"),
        ({"scope": "openid secret"}, SCOPE_NOT_ALLOWED, "invalid_scope"),
        ({"scope": 'openid "x"'}, MALFORMED, "invalid_request"),
        ({"acr_values": "a b c d e f g h i j k"}, MALFORMED, "invalid_request"),
        ({"claims": "[]"}, CLAIMS_UNREADABLE, "invalid_request"),
        ({"state": "é"}, MALFORMED, "invalid_request"),
        ({"login_hint": "a\nb"}, MALFORMED, "invalid_request"),
    ],
)
def test_what_is_malformed_gets_the_code_of_the_standard(
    change: dict[str, str], kind: Kind, error: str
) -> None:
    assert expect_refused(kind, read, parameters({**SENT, **change})).error == error


def test_levels_are_asked_by_acr_values_or_by_the_claim() -> None:
    claim = '{"id_token":{"acr":{"essential":true,"values":["eidas3","eidas2"]}}}'
    assert read(parameters({**SENT, "acr_values": "", "claims": claim})).level is Level.EIDAS2
    assert read(parameters({**SENT, "acr_values": "eidas3", "claims": claim})).level is Level.EIDAS3
    assert read(parameters({**SENT, "acr_values": "gold"})).level is Level.EIDAS1


def test_a_provider_may_ask_for_long_values_of_chance() -> None:
    long = {**SENT, "state": "s" * 32, "nonce": "n" * 32}
    assert read(parameters(long), provider=STRICT).level is Level.EIDAS3
    for name in ("state", "nonce"):
        told = expect_refused(TOO_SHORT, read, parameters({**long, name: "x" * 31}), provider=STRICT)
        assert told.data["least"] == 32
        expect_refused(MISSING, read, parameters({**long, name: ""}), provider=STRICT)


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/back",
        CALLBACK + "&x=1",
        CALLBACK.replace("?", "/?"),
        CALLBACK.upper(),
        CALLBACK + "#x",
        "https://app.example@evil.example/back?tenant=7",
        "//app.example/back?tenant=7",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_not_registered_leads_nowhere(uri: str) -> None:
    expect_refused(REDIRECT_UNREGISTERED, read_destination, parameters({**SENT, "redirect_uri": uri}), CLIENT)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60))
def test_no_other_text_is_a_registered_address(uri: str) -> None:
    expect_refused(REDIRECT_UNREGISTERED, read_destination, Parameters([("redirect_uri", uri)]), CLIENT)


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("http://127.0.0.1:49152/back", True),
        ("http://[::1]:5/back", True),
        ("http://127.0.0.1/back?x=1", False),
        ("http://127.0.0.1:0/back", False),
        ("http://127.0.0.1:99999/back", False),
        ("http://127.0.0.1:1@evil.example/back", False),
        ("http://evil@127.0.0.1/back", False),
        ("http://127.0.0.1:80/back#x", False),
        (" http://127.0.0.1:80/back", False),
        ("https://127.0.0.1:80/back", False),
        ("http://localhost:80/back", False),
        ("https://app.example:444/back", False),
    ],
)
def test_only_the_port_of_this_machine_may_differ_and_only_for_a_public_client(
    uri: str, allowed: bool
) -> None:
    sent = parameters({**SENT, "redirect_uri": uri})
    expect_refused(REDIRECT_UNREGISTERED, read_destination, sent, CLIENT)
    if allowed:
        assert read_destination(sent, PUBLIC_CLIENT).redirect_uri == uri
    else:
        expect_refused(REDIRECT_UNREGISTERED, read_destination, sent, PUBLIC_CLIENT)


def test_a_public_client_gives_a_challenge_and_a_client_without_the_grant_gets_none() -> None:
    sent = parameters({**SENT, "redirect_uri": "https://app.example/back"})
    expect_refused(CHALLENGE_MISSING, read, sent, PUBLIC_CLIENT)
    other = Client("app", CLIENT.redirect_uris, CLIENT.scopes, frozenset({GrantType.CIBA}))
    assert expect_refused(GRANT_NOT_ALLOWED, read, parameters(SENT), other).error == "unauthorized_client"


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("code", "", ResponseMode.QUERY),
        ("token", "", ResponseMode.FRAGMENT),
        ("token", "form_post", ResponseMode.FORM_POST),
        ("code", "unheard", ResponseMode.QUERY),
    ],
)
def test_a_refusal_goes_where_the_client_looks(kind: str, mode: str, expected: ResponseMode) -> None:
    sent = parameters({**SENT, "response_type": kind, "response_mode": mode})
    assert read_destination(sent, CLIENT).response_mode is expected


def test_a_state_given_twice_is_not_given_back() -> None:
    doubled = Parameters([*SENT.items(), ("state", "other")])
    assert read_destination(doubled, CLIENT).state == ""


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30), st.sampled_from(ResponseMode)
)
def test_the_answer_carries_code_state_and_issuer(state: str, mode: ResponseMode) -> None:
    destination = Destination(CALLBACK, mode, state)
    fields = code_answer(destination, code="c-1", session_state="sid", issuer=ISSUER)
    address = urlsplit(location(destination, fields))
    told = dict(parse_qsl(address.fragment if mode is ResponseMode.FRAGMENT else address.query))
    if mode is ResponseMode.FORM_POST:
        assert told == {"tenant": "7"}
    else:
        assert {"tenant": "7", **fields} == {"tenant": "7", **told}
    assert fields.get("state", "") == state
    assert (fields["code"], fields["iss"]) == ("c-1", ISSUER)


def test_a_refusal_is_answered_with_its_code_state_and_issuer() -> None:
    destination = Destination(CALLBACK, ResponseMode.QUERY, "s-1")
    told = refusal_answer(destination, Refused(MISSING, name="nonce"), issuer=ISSUER)
    assert told == {
        "error": "invalid_request",
        "error_description": "The parameter nonce is missing or empty.",
        "state": "s-1",
        "iss": ISSUER,
    }
    assert location(destination, told).startswith(CALLBACK + "&error=invalid_request&")


def test_a_pushed_request_is_of_the_client_that_pushes_it() -> None:
    assert read_pushed(parameters(SENT), CLIENT, PROVIDER).nonce == "n-1"
    expect_refused(CLIENT_MISMATCH, read_pushed, parameters({**SENT, "client_id": "b"}), CLIENT, PROVIDER)
    again = parameters({**SENT, "request_uri": PUSHED + "r" * 30})
    expect_refused(REQUEST_URI_REFUSED, read_pushed, again, CLIENT, PROVIDER)


def test_only_a_request_pushed_here_is_fetched() -> None:
    assert pushed_reference(parameters({"request_uri": PUSHED + "r" * 30})) == "r" * 30
    assert pushed_reference(parameters(SENT)) == ""
    for uri in ("https://evil.example/r", PUSHED, PUSHED + "short", PUSHED + "/" * 30):
        told = expect_refused(REQUEST_URI_REFUSED, pushed_reference, parameters({"request_uri": uri}))
        assert told.error == "request_uri_not_supported"
