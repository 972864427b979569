"""Request objects: only by the algorithm that the client registered, and only what is inside counts."""

from dataclasses import replace
from typing import Any

import pytest

from socle.standards.oauth import jwt
from socle.standards.oauth.authorization import Authorization, read_authorization, read_destination
from socle.standards.oauth.faults import (
    CLIENT_MISMATCH,
    REPEATED,
    REQUEST_REFUSED,
    REQUEST_UNREADABLE,
)
from socle.standards.oauth.parameters import Parameters
from socle.standards.oauth.request_objects import with_request_object
from tests.standards.oauth.given import (
    CALLBACK,
    CLIENT,
    ISSUER,
    NOW,
    PROVIDER,
    SIGNER,
    VERIFIER,
    expect_refused,
    parameters,
    rsa_key,
)

SIGNING = replace(CLIENT, request_algorithm="ES256")
INSIDE = {
    **{"iss": "app", "aud": ISSUER, "exp": NOW + 300, "client_id": "app", "response_type": "code"},
    **{"redirect_uri": CALLBACK, "scope": "openid", "state": "inside", "max_age": 60},
    "claims": {"userinfo": {"given_name": None}},
}


def merged(claims: dict[str, Any], **outside: str) -> Parameters:
    sent = parameters({"client_id": "app", "request": jwt.sign(claims, SIGNER), **outside})
    return with_request_object(sent, SIGNING, VERIFIER, issuer=ISSUER, now=NOW)


def test_only_what_was_signed_counts() -> None:
    sent = merged(INSIDE, state="outside", nonce="outside", scope="openid scope_all")
    asked: Authorization = read_authorization(sent, SIGNING, PROVIDER, read_destination(sent, SIGNING))
    assert (asked.destination.state, asked.nonce, asked.scopes) == ("inside", "", ("openid",))
    assert (asked.max_age, set(asked.claims.userinfo)) == (60, {"given_name"})


def test_a_request_without_an_object_is_left_as_it_is() -> None:
    sent = parameters({"state": "s"})
    assert with_request_object(sent, CLIENT, None, issuer=ISSUER, now=NOW) is sent


def test_a_client_that_registered_no_algorithm_is_told_to_do_without() -> None:
    sent = parameters({"request": jwt.sign(INSIDE, SIGNER)})
    for client, verifier in ((CLIENT, None), (CLIENT, VERIFIER), (SIGNING, None)):
        told = expect_refused(
            REQUEST_REFUSED, with_request_object, sent, client, verifier, issuer=ISSUER, now=NOW
        )
        assert told.error == "request_not_supported"
    twice = Parameters([("request", "a"), ("request", "b")])
    expect_refused(REPEATED, with_request_object, twice, SIGNING, VERIFIER, issuer=ISSUER, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "other"},
        {"aud": "https://other.example"},
        {"exp": NOW - 60},
        {"exp": None},
        {"exp": NOW + 7_200},
        {"request": "a.b.c"},
        {"request_uri": "https://app.example/r"},
        {"state": ["a", "b"]},
        {"state": True},
    ],
)
def test_an_object_of_somebody_else_late_or_strange_is_refused(change: dict[str, Any]) -> None:
    assert expect_refused(REQUEST_UNREADABLE, merged, {**INSIDE, **change}).error == "invalid_request_object"


def test_neither_another_algorithm_nor_none_is_taken() -> None:
    header = "eyJhbGciOiJub25lIn0"
    unsigned = f"{header}.{jwt.sign(INSIDE, SIGNER).split('.')[1]}."
    for token in (unsigned, jwt.sign(INSIDE, jwt.signer("k1", "RS256", rsa_key()))):
        sent = parameters({"request": token})
        expect_refused(
            REQUEST_UNREADABLE, with_request_object, sent, SIGNING, VERIFIER, issuer=ISSUER, now=NOW
        )
    expect_refused(CLIENT_MISMATCH, merged, {**INSIDE, "client_id": "other"})
