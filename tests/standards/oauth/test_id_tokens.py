"""Tokens of the provider: their claims, the hash of what travels beside them, what a hint is worth."""

from typing import Any

import pytest

from socle.standards.oauth import jwt
from socle.standards.oauth.faults import HINT_UNREADABLE
from socle.standards.oauth.id_tokens import (
    LOGOUT_EVENT,
    LOGOUT_TYPE,
    Hint,
    Issue,
    SignIn,
    access_token_claims,
    half_hash,
    id_token_claims,
    logout_token_claims,
    read_hint,
)
from socle.standards.oauth.thumbprints import confirmation
from tests.standards.oauth.given import ISSUER, NOW, SIGNER, VERIFIER, ec_key, expect_refused

ISSUE = Issue(ISSUER, "app", NOW, 120, "j-1")
SIGN_IN = SignIn("f:1:899700100100", NOW - 60, "eidas2", ("sc", "pin"), "s-1")


def made(**change: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"nonce": "n", "access_token": "at", "algorithm": "ES256", "more": {}}
    return id_token_claims(ISSUE, SIGN_IN, **{**given, **change})


def test_the_published_hashes() -> None:
    """OpenID Connect Core appendix A.3 and A.4."""
    assert half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "RS256") == "77QmUPtjPfzWtF2AnpK9RQ"
    code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"
    assert half_hash(code, "RS256") == "LDktKdoQak3Pk0cnXxCltA"
    assert len(half_hash("x", "PS512")) == 43


def test_an_id_token_says_who_entered_when_and_how() -> None:
    claims = made(more={"SubjectNameID": "899700100100", "iss": "https://evil.example"})
    assert claims == {
        "iss": ISSUER,
        "sub": "f:1:899700100100",
        "aud": "app",
        "azp": "app",
        "exp": NOW + 120,
        "iat": NOW,
        "jti": "j-1",
        "typ": "ID",
        "auth_time": NOW - 60,
        "acr": "eidas2",
        "amr": ["sc", "pin"],
        "sid": "s-1",
        "session_state": "s-1",
        "nonce": "n",
        "at_hash": half_hash("at", "ES256"),
        "SubjectNameID": "899700100100",
    }
    assert {"nonce", "at_hash"} & made(nonce="", access_token="").keys() == set()


def test_an_access_token_names_its_scopes_its_audiences_and_its_certificate() -> None:
    cnf = confirmation(b"certificate")
    more = {"preferred_username": "899700100100", "client_id": "evil"}
    claims = access_token_claims(
        ISSUE, SIGN_IN, scopes=("openid", "scope_all"), audiences=("a", "b"), cnf=cnf, more=more
    )
    assert (claims["typ"], claims["client_id"], claims["scope"]) == ("Bearer", "app", "openid scope_all")
    assert (claims["aud"], claims["cnf"], claims["preferred_username"]) == (["a", "b"], cnf, "899700100100")
    bare = access_token_claims(ISSUE, SIGN_IN, scopes=(), audiences=(), cnf=None, more={})
    assert {"aud", "cnf"} & bare.keys() == set()


def test_a_logout_token_cannot_pass_for_an_id_token() -> None:
    claims = logout_token_claims(ISSUE, "f:1:899700100100", "s-1")
    assert claims["events"] == {LOGOUT_EVENT: {}}
    assert {"nonce", "acr"} & claims.keys() == set()
    token = jwt.sign(claims, SIGNER, typ=LOGOUT_TYPE)
    assert jwt.verify(token, VERIFIER, typ=LOGOUT_TYPE) == claims
    expect_refused(HINT_UNREADABLE, read_hint, token, VERIFIER, ISSUER)


def test_a_hint_names_a_session_even_when_it_has_expired() -> None:
    old = jwt.sign(
        id_token_claims(
            Issue(ISSUER, "app", 1, 1, "j"), SIGN_IN, nonce="", access_token="", algorithm="ES256", more={}
        ),
        SIGNER,
    )
    assert read_hint(old, VERIFIER, ISSUER) == Hint("f:1:899700100100", "s-1", ("app",))


@pytest.mark.parametrize(
    "claims", [made(more={}) | {"iss": "https://other.example"}, made() | {"typ": "Bearer"}]
)
def test_a_token_that_is_no_id_token_of_ours_is_no_hint(claims: dict[str, Any]) -> None:
    expect_refused(HINT_UNREADABLE, read_hint, jwt.sign(claims, SIGNER), VERIFIER, ISSUER)
    stranger = jwt.signer("k1", "ES256", ec_key("stranger"))
    expect_refused(HINT_UNREADABLE, read_hint, jwt.sign(made(), stranger), VERIFIER, ISSUER)
    expect_refused(HINT_UNREADABLE, read_hint, jwt.sign(made(), SIGNER)[:-6], VERIFIER, ISSUER)
