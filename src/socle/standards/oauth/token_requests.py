"""Requests to the token endpoint and to those beside it: introspection, revocation (RFC 6749 §4, RFC 7662 §2.1, RFC
7009 §2.1, RFC 8693 §2.1, CIBA Core §10.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from socle.standards.fhir.faults import shown
from socle.standards.oauth.clients import Client, GrantType
from socle.standards.oauth.faults import GRANT_TYPE, MISSING, TOKEN_TYPE, Refused
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters
from socle.standards.oauth.scopes import read_scopes

_URN: Final = "urn:ietf:params:oauth:token-type:"


class TokenType(StrEnum):
    """RFC 8693 §3."""

    ACCESS = f"{_URN}access_token"
    REFRESH = f"{_URN}refresh_token"
    ID = f"{_URN}id_token"
    JWT = f"{_URN}jwt"


@dataclass(frozen=True, slots=True)
class CodeGrant:
    code: str = field(repr=False)
    redirect_uri: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefreshGrant:
    """`scopes` are those still wanted, empty for all that were granted."""

    token: str = field(repr=False)
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientGrant:
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CibaGrant:
    auth_req_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExchangeGrant:
    """`actor_token` and its type are empty without an actor; `requested` is the type of token wanted; `subject_issuer`
    is Keycloak's name for whose token it is."""

    subject_token: str = field(repr=False)
    subject_type: TokenType
    actor_token: str = field(repr=False)
    actor_type: str
    requested: TokenType
    scopes: tuple[str, ...]
    audiences: tuple[str, ...]
    resources: tuple[str, ...]
    subject_issuer: str


Grant = CodeGrant | RefreshGrant | ClientGrant | CibaGrant | ExchangeGrant


@dataclass(frozen=True, slots=True)
class TokenQuestion:
    """A token that somebody asks about, or gives back; `hint` is what it may be, empty when nothing is said of it."""

    token: str = field(repr=False)
    hint: str


def read_grant_type(parameters: Parameters) -> GrantType:
    """Raises Refused: MISSING, REPEATED, GRANT_TYPE."""
    received = parameters.required("grant_type")
    if received not in tuple(GrantType):
        raise Refused(GRANT_TYPE, received=shown(received), known=", ".join(GrantType))
    return GrantType(received)


def read_grant(parameters: Parameters, client: Client) -> Grant:
    """What a client that has authenticated asks tokens for. Raises Refused: GRANT_TYPE, GRANT_NOT_ALLOWED, MISSING,
    REPEATED, MALFORMED, TOKEN_TYPE."""
    kind = read_grant_type(parameters)
    client.check_grant(kind)
    return _READERS[kind](parameters)


def read_token_question(parameters: Parameters) -> TokenQuestion:
    """Of introspection and of revocation. A hint of another kind is no fault (RFC 7009 §2.1): one looks further."""
    return TokenQuestion(parameters.required("token", LONGEST_TOKEN), parameters.one("token_type_hint"))


def _code(parameters: Parameters) -> CodeGrant:
    return CodeGrant(
        parameters.required("code"), parameters.required("redirect_uri"), parameters.one("code_verifier")
    )


def _refresh(parameters: Parameters) -> RefreshGrant:
    return RefreshGrant(parameters.required("refresh_token", LONGEST_TOKEN), read_scopes(parameters))


def _client(parameters: Parameters) -> ClientGrant:
    return ClientGrant(read_scopes(parameters))


def _ciba(parameters: Parameters) -> CibaGrant:
    return CibaGrant(parameters.required("auth_req_id"))


def _exchange(parameters: Parameters) -> ExchangeGrant:
    actor = parameters.one("actor_token", LONGEST_TOKEN)
    actor_type = _token_type(parameters, "actor_token_type")
    # RFC 8693 §2.1: one goes with the other.
    if bool(actor) != bool(actor_type):
        raise Refused(MISSING, name="actor_token" if actor_type else "actor_token_type")
    parameters.required("subject_token_type")
    return ExchangeGrant(
        subject_token=parameters.required("subject_token", LONGEST_TOKEN),
        subject_type=TokenType(_token_type(parameters, "subject_token_type")),
        actor_token=actor,
        actor_type=actor_type,
        requested=TokenType(_token_type(parameters, "requested_token_type") or TokenType.ACCESS),
        scopes=read_scopes(parameters),
        audiences=parameters.many("audience"),
        resources=parameters.many("resource"),
        subject_issuer=parameters.one("subject_issuer"),
    )


def _token_type(parameters: Parameters, name: str) -> str:
    received = parameters.one(name)
    if received and received not in tuple(TokenType):
        raise Refused(TOKEN_TYPE, name=name, received=shown(received), known=", ".join(TokenType))
    return received


_READERS: Final[Mapping[GrantType, Callable[[Parameters], Grant]]] = {
    GrantType.CODE: _code,
    GrantType.REFRESH: _refresh,
    GrantType.CLIENT_CREDENTIALS: _client,
    GrantType.CIBA: _ciba,
    GrantType.EXCHANGE: _exchange,
}
