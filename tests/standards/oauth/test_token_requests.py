"""The token endpoint and those beside it: each grant whole, then each parameter missing, doubled, malformed."""

from dataclasses import replace

import pytest

from socle.standards.oauth.clients import GrantType
from socle.standards.oauth.faults import (
    GRANT_NOT_ALLOWED,
    GRANT_TYPE,
    MALFORMED,
    MISSING,
    REPEATED,
    SCOPE_WIDENED,
    TOKEN_TYPE,
)
from socle.standards.oauth.parameters import Parameters
from socle.standards.oauth.scopes import narrowed
from socle.standards.oauth.token_requests import (
    CibaGrant,
    ClientGrant,
    CodeGrant,
    ExchangeGrant,
    Grant,
    RefreshGrant,
    TokenQuestion,
    TokenType,
    read_grant,
    read_token_question,
)
from tests.standards.oauth.given import CALLBACK, CLIENT, expect_refused, parameters

EXCHANGE = {
    "grant_type": GrantType.EXCHANGE.value,
    "subject_token": "st",
    "subject_token_type": TokenType.ACCESS.value,
    "scope": "dmp.read",
}
GRANTS: list[tuple[dict[str, str], Grant]] = [
    (
        {"grant_type": "authorization_code", "code": "c", "redirect_uri": CALLBACK, "code_verifier": "v"},
        CodeGrant("c", CALLBACK, "v"),
    ),
    (
        {"grant_type": "refresh_token", "refresh_token": "r", "scope": "openid"},
        RefreshGrant("r", ("openid",)),
    ),
    ({"grant_type": "client_credentials", "scope": "a b"}, ClientGrant(("a", "b"))),
    ({"grant_type": GrantType.CIBA.value, "auth_req_id": "q"}, CibaGrant("q")),
    (
        {**EXCHANGE, "actor_token": "at", "actor_token_type": TokenType.JWT.value, "subject_issuer": "psc"},
        ExchangeGrant(
            *(
                "st",
                TokenType.ACCESS,
                "at",
                TokenType.JWT.value,
                TokenType.ACCESS,
                ("dmp.read",),
                (),
                (),
                "psc",
            )
        ),
    ),
]
REQUIRED = [
    ("authorization_code", "code"),
    ("authorization_code", "redirect_uri"),
    ("refresh_token", "refresh_token"),
    (GrantType.CIBA.value, "auth_req_id"),
    (GrantType.EXCHANGE.value, "subject_token"),
    (GrantType.EXCHANGE.value, "subject_token_type"),
    (GrantType.EXCHANGE.value, "actor_token"),
    (GrantType.EXCHANGE.value, "actor_token_type"),
]


def sent_for(kind: str) -> dict[str, str]:
    return next(sent for sent, _ in GRANTS if sent["grant_type"] == kind)


@pytest.mark.parametrize(("sent", "expected"), GRANTS, ids=[sent["grant_type"] for sent, _ in GRANTS])
def test_a_grant_is_read_and_each_of_its_parameters_is_given_once(
    sent: dict[str, str], expected: Grant
) -> None:
    assert read_grant(parameters({**sent, "unheard_of": "1"}), CLIENT) == expected
    for name in sent:
        doubled = Parameters([*sent.items(), (name, sent[name])])
        assert expect_refused(REPEATED, read_grant, doubled, CLIENT).data["name"] == name


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_a_missing_parameter_is_told(kind: str, name: str) -> None:
    told = expect_refused(MISSING, read_grant, parameters({**sent_for(kind), name: ""}), CLIENT)
    assert told.data == {"name": name}


def test_what_is_asked_of_an_unknown_or_closed_grant() -> None:
    expect_refused(MISSING, read_grant, parameters({}), CLIENT)
    told = expect_refused(GRANT_TYPE, read_grant, parameters({"grant_type": "password"}), CLIENT)
    assert told.error == "unsupported_grant_type"
    only_code = replace(CLIENT, grants=frozenset({GrantType.CODE}))
    told = expect_refused(GRANT_NOT_ALLOWED, read_grant, parameters(EXCHANGE), only_code)
    assert told.error == "unauthorized_client"


def test_an_exchange_names_its_targets_and_known_kinds_of_tokens() -> None:
    many = Parameters(
        [*EXCHANGE.items(), ("audience", "a"), ("audience", "b"), ("resource", "https://r.example")]
    )
    grant = read_grant(many, CLIENT)
    assert isinstance(grant, ExchangeGrant)
    assert (grant.audiences, grant.resources) == (("a", "b"), ("https://r.example",))
    assert grant.requested is TokenType.ACCESS
    for name in ("subject_token_type", "actor_token_type", "requested_token_type"):
        actor = {"actor_token": "x", "actor_token_type": TokenType.JWT.value}
        change = {**EXCHANGE, **actor, name: "urn:saml2"}
        expect_refused(TOKEN_TYPE, read_grant, parameters(change), CLIENT)


def test_a_secret_of_a_grant_does_not_reach_a_log() -> None:
    for sent, _ in GRANTS[:2]:
        told = repr(read_grant(parameters({**sent, "code": "SECRET", "refresh_token": "SECRET"}), CLIENT))
        assert "SECRET" not in told


def test_a_refreshed_token_has_the_scopes_granted_or_fewer() -> None:
    granted = ("openid", "scope_all")
    assert narrowed((), granted) == granted
    assert narrowed(("scope_all",), granted) == ("scope_all",)
    assert expect_refused(SCOPE_WIDENED, narrowed, ("admin",), granted).error == "invalid_scope"


def test_a_token_is_asked_about_or_given_back() -> None:
    asked = parameters({"token": "t", "token_type_hint": "unheard_of"})
    assert read_token_question(asked) == TokenQuestion("t", "unheard_of")
    expect_refused(MISSING, read_token_question, parameters({"token": ""}))
    expect_refused(REPEATED, read_token_question, Parameters([("token", "a"), ("token", "b")]))
    expect_refused(MALFORMED, read_token_question, parameters({"token": "é"}))
