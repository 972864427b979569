"""PKCE: the published example, the methods, and what a downgrade gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.faults import (
    CHALLENGE_MISSING,
    CHALLENGE_PLAIN,
    MALFORMED,
    METHOD_WITHOUT_CHALLENGE,
    UNKNOWN_VALUE,
    VERIFIER_UNASKED,
    VERIFIER_WRONG,
    Kind,
)
from socle.standards.oauth.pkce import Challenge, Method, check_verifier, read_challenge, s256
from tests.standards.oauth.given import expect_refused, parameters

# RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
VERIFIERS = st.text("ABCxyz019-._~", min_size=43, max_size=128)
SENT = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def test_the_published_example() -> None:
    assert s256(VERIFIER) == CHALLENGE
    check = read_challenge(parameters(SENT), required=True, plain=False)
    assert check == Challenge(Method.S256, CHALLENGE)
    check_verifier(check, VERIFIER)


@given(VERIFIERS, VERIFIERS, st.sampled_from(Method))
def test_only_the_verifier_of_the_challenge_is_accepted(verifier: str, other: str, method: Method) -> None:
    challenge = Challenge(method, verifier if method is Method.PLAIN else s256(verifier))
    check_verifier(challenge, verifier)
    if other != verifier:
        expect_refused(VERIFIER_WRONG, check_verifier, challenge, other)


@pytest.mark.parametrize("verifier", ["", "short", VERIFIER + "é", VERIFIER + "=", "a" * 129, CHALLENGE])
def test_another_verifier_is_refused(verifier: str) -> None:
    expect_refused(VERIFIER_WRONG, check_verifier, Challenge(Method.S256, CHALLENGE), verifier)


def test_a_verifier_that_nobody_asked_for_tells_of_a_downgrade() -> None:
    check_verifier(None, "")
    assert expect_refused(VERIFIER_UNASKED, check_verifier, None, VERIFIER).error == "invalid_grant"


@pytest.mark.parametrize(
    ("sent", "required", "plain", "kind"),
    [
        ({}, True, False, CHALLENGE_MISSING),
        ({"code_challenge_method": "S256"}, False, True, METHOD_WITHOUT_CHALLENGE),
        ({"code_challenge": CHALLENGE}, True, False, CHALLENGE_PLAIN),
        ({**SENT, "code_challenge_method": "plain"}, False, False, CHALLENGE_PLAIN),
        ({**SENT, "code_challenge_method": "s256"}, False, True, UNKNOWN_VALUE),
        ({**SENT, "code_challenge": "short"}, False, True, MALFORMED),
        ({**SENT, "code_challenge": CHALLENGE + "="}, False, True, MALFORMED),
    ],
)
def test_what_is_refused_of_a_challenge(
    sent: dict[str, str], required: bool, plain: bool, kind: Kind
) -> None:
    expect_refused(kind, read_challenge, parameters(sent), required=required, plain=plain)


def test_a_confidential_client_may_do_without_or_use_plain() -> None:
    assert read_challenge(parameters({}), required=False, plain=True) is None
    plain = read_challenge(parameters({"code_challenge": VERIFIER}), required=False, plain=True)
    assert plain == Challenge(Method.PLAIN, VERIFIER)
