"""Client assertions: of the client, for this server, for a short time, with a name; anything else is invalid_client."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.fhir.json import Decimal
from socle.standards.oauth import jwt
from socle.standards.oauth.assertions import Assertion, check_assertion, claimed_client
from socle.standards.oauth.faults import CLIENT_NOT_AUTHENTICATED
from tests.standards.oauth.given import ISSUER, NOW, SIGNER, VERIFIER, ec_key, expect_refused

CLAIMS = {"iss": "app", "sub": "app", "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "jti": "j-1"}
HERE = (ISSUER, f"{ISSUER}/token")


def check(claims: dict[str, Any], signing: jwt.Signer = SIGNER) -> Assertion:
    return check_assertion(jwt.sign(claims, signing), "app", VERIFIER, audiences=HERE, now=NOW)


@pytest.mark.parametrize("audience", [ISSUER, HERE[1], ["https://other.example", HERE[1]]])
def test_an_assertion_for_this_server_is_believed(audience: Any) -> None:
    assert check({**CLAIMS, "aud": audience}) == Assertion("app", "j-1", NOW + 60)
    assert claimed_client(jwt.sign(CLAIMS, SIGNER)) == "app"


def test_so_is_one_made_with_the_secret() -> None:
    token = jwt.sign_with_secret(CLAIMS, "HS256", "s" * 32)
    secret = jwt.verifier_of_secret("HS256", "s" * 32)
    assert check_assertion(token, "app", secret, audiences=HERE, now=NOW).jti == "j-1"
    expect_refused(CLIENT_NOT_AUTHENTICATED, check_assertion, token, "app", VERIFIER, audiences=HERE, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "https://other.example"},
        {"aud": []},
        {"aud": None},
        {"exp": None},
        {"exp": NOW - 31},
        {"exp": NOW + 631},
        {"exp": "soon"},
        {"exp": True},
        {"exp": -1},
        {"iat": NOW + 31},
        {"nbf": NOW + 31},
        {"jti": None},
        {"jti": ""},
        {"jti": "j" * 257},
        {"jti": 7},
    ],
)
def test_each_claim_counts(change: dict[str, Any]) -> None:
    told = expect_refused(CLIENT_NOT_AUTHENTICATED, check, {**CLAIMS, **change})
    assert (told.error, told.status) == ("invalid_client", 401)


def test_the_key_of_another_is_refused() -> None:
    expect_refused(CLIENT_NOT_AUTHENTICATED, check, CLAIMS, jwt.signer("k1", "ES256", ec_key("other")))


@given(st.integers(NOW - 2_000, NOW + 2_000))
def test_the_time_of_an_assertion_is_within_ten_minutes(expires: int) -> None:
    believed: Callable[[], Assertion] = lambda: check({**CLAIMS, "exp": expires})  # noqa: E731
    if NOW - 30 < expires <= NOW + 630:
        assert believed().expires == expires
    else:
        expect_refused(CLIENT_NOT_AUTHENTICATED, believed)


def test_a_fraction_of_a_second_is_read() -> None:
    token = jwt.sign({**CLAIMS, "exp": Decimal(f"{NOW + 60}.5")}, SIGNER)
    assert check_assertion(token, "app", VERIFIER, audiences=HERE, now=NOW).expires == NOW + 60
    for text in ("1e400", "-1.5", "1e39", "0." + "1" * 40):
        wrong = jwt.sign({**CLAIMS, "exp": Decimal(text)}, SIGNER)
        expect_refused(
            CLIENT_NOT_AUTHENTICATED, check_assertion, wrong, "app", VERIFIER, audiences=HERE, now=NOW
        )


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "é.é.é"])
def test_what_is_no_token_claims_no_client(token: str) -> None:
    expect_refused(CLIENT_NOT_AUTHENTICATED, claimed_client, token)
    expect_refused(CLIENT_NOT_AUTHENTICATED, claimed_client, jwt.sign({"sub": 3}, SIGNER))
