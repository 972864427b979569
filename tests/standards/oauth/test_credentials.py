"""How a client proves who it is: one way a request, the one it registered."""

from base64 import b64encode
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth import jwt
from socle.standards.oauth.assertions import TYPE
from socle.standards.oauth.clients import Method
from socle.standards.oauth.credentials import Credentials, read_credentials
from socle.standards.oauth.faults import (
    CLIENT_MISMATCH,
    CLIENT_NOT_AUTHENTICATED,
    MISSING,
    REPEATED,
    SEVERAL_AUTHENTICATIONS,
    UNKNOWN_VALUE,
)
from socle.standards.oauth.parameters import Parameters
from tests.standards.oauth.given import ec_key, expect_refused, parameters

ASSERTION = jwt.sign({"iss": "app", "sub": "app"}, jwt.signer("k1", "ES256", ec_key()))
ASSERTED = {"client_assertion": ASSERTION, "client_assertion_type": TYPE}
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{quote_plus(name)}:{quote_plus(secret)}".encode()).decode()


def read(given: dict[str, str], header: str = "", certificate: bool = False) -> Credentials:
    return read_credentials(parameters(given), header, certificate=certificate)


@given(NAMES, NAMES)
def test_name_and_secret_are_read_from_the_header(name: str, secret: str) -> None:
    found = read({}, basic(name, secret))
    assert found == Credentials(name, frozenset({Method.SECRET_BASIC}), secret=secret)
    assert repr(found) == repr(Credentials(name, found.methods))


def test_each_way_is_recognised() -> None:
    assert read({"client_id": "app", "client_secret": "s"}).methods == {Method.SECRET_POST}
    assert read(ASSERTED) == Credentials(
        "app", frozenset({Method.PRIVATE_KEY_JWT, Method.SECRET_JWT}), assertion=ASSERTION
    )
    assert read({"client_id": "app"}, certificate=True).methods == {Method.TLS, Method.NONE}
    assert read({"client_id": "app"}).methods == {Method.NONE}


@pytest.mark.parametrize("registered", Method)
def test_a_client_uses_the_way_it_registered(registered: Method) -> None:
    given = read({"client_id": "app", "client_secret": "s"})
    if registered is Method.SECRET_POST:
        given.check_method(registered)
        assert given.secret == "s"
    else:
        expect_refused(CLIENT_NOT_AUTHENTICATED, given.check_method, registered)


def test_a_certificate_not_presented_proves_nothing() -> None:
    expect_refused(CLIENT_NOT_AUTHENTICATED, read({"client_id": "app"}).check_method, Method.TLS)


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({"client_id": "app", "client_secret": "s"}, basic("app", "s")),
        ({**ASSERTED, "client_secret": "s"}, ""),
        (ASSERTED, basic("app", "s")),
    ],
)
def test_two_ways_at_once_are_refused(given: dict[str, str], header: str) -> None:
    expect_refused(SEVERAL_AUTHENTICATIONS, read, given, header)


def test_the_name_given_beside_is_the_same() -> None:
    assert read({"client_id": "app"}, basic("app", "s")).client_id == "app"
    expect_refused(CLIENT_MISMATCH, read, {"client_id": "other"}, basic("app", "s"))
    expect_refused(CLIENT_MISMATCH, read, {**ASSERTED, "client_id": "other"})


@pytest.mark.parametrize(
    "header",
    ["Bearer x", "Basic", "Basic !", "Basic YXBw", "Basic OnM=", "Basic /w==", "Basic " + "A" * 5_000],
)
def test_a_header_that_is_no_basic_authentication(header: str) -> None:
    told = expect_refused(CLIENT_NOT_AUTHENTICATED, read, {}, header)
    assert (told.error, told.status) == ("invalid_client", 401)


def test_what_is_missing_or_doubled() -> None:
    expect_refused(MISSING, read, {})
    expect_refused(MISSING, read, {"client_secret": "s"})
    expect_refused(MISSING, read, {"client_assertion": ASSERTION})
    expect_refused(UNKNOWN_VALUE, read, {**ASSERTED, "client_assertion_type": "saml"})
    for name in ("client_id", "client_secret", "client_assertion"):
        twice = Parameters([(name, "a"), (name, "b")])
        expect_refused(REPEATED, read_credentials, twice, "", certificate=False)
