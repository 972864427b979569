"""Codes and access tokens: each is worth something to its client, its address, its certificate, and for its time."""

import pytest

from socle.standards.oauth.bearer import challenge_header, check_certificate, read_bearer
from socle.standards.oauth.codes import IssuedCode
from socle.standards.oauth.faults import (
    BEARER_MISSING,
    BEARER_TWICE,
    CERTIFICATE_NOT_BOUND,
    CODE_UNUSABLE,
    VERIFIER_UNASKED,
    VERIFIER_WRONG,
    Refused,
)
from socle.standards.oauth.pkce import Challenge, Method, s256
from socle.standards.oauth.thumbprints import Form, confirmation
from socle.standards.oauth.token_requests import CodeGrant
from tests.standards.oauth.given import CALLBACK, NOW, expect_refused, parameters

VERIFIER = "v" * 43
ISSUED = IssuedCode("app", CALLBACK, Challenge(Method.S256, s256(VERIFIER)), NOW + 60)
GRANT = CodeGrant("c", CALLBACK, VERIFIER)


def test_a_code_is_for_its_client_its_address_and_its_time() -> None:
    ISSUED.check(GRANT, "app", NOW + 59)
    expect_refused(CODE_UNUSABLE, ISSUED.check, GRANT, "app", NOW + 60)
    expect_refused(CODE_UNUSABLE, ISSUED.check, GRANT, "other", NOW)
    elsewhere = CodeGrant("c", CALLBACK + "&x=1", VERIFIER)
    assert expect_refused(CODE_UNUSABLE, ISSUED.check, elsewhere, "app", NOW).error == "invalid_grant"


def test_a_code_asks_for_the_verifier_of_its_challenge() -> None:
    expect_refused(VERIFIER_WRONG, ISSUED.check, CodeGrant("c", CALLBACK, ""), "app", NOW)
    expect_refused(VERIFIER_WRONG, ISSUED.check, CodeGrant("c", CALLBACK, "w" * 43), "app", NOW)
    bare = IssuedCode("app", CALLBACK, None, NOW + 60)
    bare.check(CodeGrant("c", CALLBACK, ""), "app", NOW)
    expect_refused(VERIFIER_UNASKED, bare.check, GRANT, "app", NOW)


def test_a_token_comes_in_the_header_or_in_the_form() -> None:
    assert read_bearer("Bearer a.b-c", parameters({})) == "a.b-c"
    assert read_bearer("bearer  abc= ", parameters({})) == "abc="
    assert read_bearer("", parameters({"access_token": "t"})) == "t"
    expect_refused(BEARER_TWICE, read_bearer, "Bearer t", parameters({"access_token": "t"}))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer é", "Bearer " + "a" * 70_000]
)
def test_without_a_token_no_error_is_told(header: str) -> None:
    told = expect_refused(BEARER_MISSING, read_bearer, header, parameters({}))
    assert (told.status, challenge_header("socle", told)) == (401, 'Bearer realm="socle"')


@pytest.mark.parametrize("form", Form)
def test_a_bound_token_comes_with_its_certificate(form: Form) -> None:
    claims = {"cnf": confirmation(b"mine", form)}
    check_certificate(claims, b"mine")
    check_certificate({}, None)
    for certificate in (None, b"other"):
        told = expect_refused(CERTIFICATE_NOT_BOUND, check_certificate, claims, certificate)
        assert (told.error, told.status) == ("invalid_token", 401)
    expect_refused(CERTIFICATE_NOT_BOUND, check_certificate, {"cnf": {}}, b"mine")


def test_a_refusal_is_told_in_the_header() -> None:
    header = challenge_header("socle", Refused(CERTIFICATE_NOT_BOUND))
    assert header.startswith('Bearer realm="socle", error="invalid_token", error_description="This token')
    assert header.count('"') == 6
