"""Authorization requests, direct or pushed (OpenID Connect Core §3.1.2; RFC 6749 §4.1; RFC 9126).

Read in two steps. Until `read_destination` has answered, a refusal is shown to the person and nobody is sent anywhere;
afterwards it is the client's, by redirection.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from socle.standards.fhir.faults import shown
from socle.standards.oauth.claims_parameter import ClaimsRequest, read_claims
from socle.standards.oauth.clients import Client, GrantType
from socle.standards.oauth.faults import (
    CLIENT_MISMATCH,
    PROMPT_NONE_ALONE,
    REQUEST_URI_REFUSED,
    RESPONSE_TYPE,
    TOO_SHORT,
    UNKNOWN_VALUE,
    Refused,
)
from socle.standards.oauth.levels import Level, lowest, read_levels
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters, malformed
from socle.standards.oauth.pkce import Challenge, read_challenge
from socle.standards.oauth.provider import Provider
from socle.standards.oauth.scopes import granted_scopes, read_scopes

PUSHED: Final = "urn:ietf:params:oauth:request_uri:"
"""What the `request_uri` of a pushed request begins with; a reference follows (RFC 9126 §2.2)."""
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{22,128}")
_MOST_WORDS: Final = 10
_LONGEST_STATE: Final = 2_048


class ResponseMode(StrEnum):
    QUERY = "query"
    FRAGMENT = "fragment"
    FORM_POST = "form_post"


class Prompt(StrEnum):
    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the answer goes, and how; `state` is given back as it came, empty when there was none to read."""

    redirect_uri: str
    response_mode: ResponseMode
    state: str


@dataclass(frozen=True, slots=True)
class Authorization:
    """`max_age` in seconds, None for any; `level` is the least that will do; `levels` are all that were asked for, in
    the client's order; `idp_hint` the provider to hand over to (Keycloak's kc_idp_hint)."""

    client_id: str
    destination: Destination
    scopes: tuple[str, ...]
    nonce: str
    level: Level
    levels: tuple[Level, ...] = ()
    prompts: frozenset[Prompt] = frozenset()
    max_age: int | None = None
    challenge: Challenge | None = None
    claims: ClaimsRequest = field(default_factory=ClaimsRequest)
    id_token_hint: str = ""
    login_hint: str = ""
    ui_locales: tuple[str, ...] = ()
    idp_hint: str = ""


def read_client_id(parameters: Parameters) -> str:
    """Raises Refused: MISSING, REPEATED, MALFORMED."""
    return parameters.required("client_id")


def pushed_reference(parameters: Parameters) -> str:
    """The reference of a request that was pushed before; empty for a request that stands in the parameters. Raises
    Refused(REQUEST_URI_REFUSED) for an address elsewhere, which would have us fetch what a stranger names."""
    uri = parameters.one("request_uri")
    if not uri:
        return ""
    reference = uri.removeprefix(PUSHED)
    if reference == uri or not _REFERENCE.fullmatch(reference) or parameters.given("request"):
        raise Refused(REQUEST_URI_REFUSED)
    return reference


def read_destination(parameters: Parameters, client: Client) -> Destination:
    """Raises Refused for the person to see: MISSING or REPEATED redirect_uri, REDIRECT_UNREGISTERED."""
    uri = parameters.required("redirect_uri")
    client.check_redirect(uri)
    mode = _quietly(lambda: parameters.known("response_mode", ResponseMode))
    kind = _quietly(lambda: parameters.one("response_type")).split(" ")
    implicit = "token" in kind or "id_token" in kind
    otherwise = ResponseMode.FRAGMENT if implicit else ResponseMode.QUERY
    state = _quietly(lambda: parameters.one("state", _LONGEST_STATE))
    return Destination(uri, ResponseMode(mode) if mode else otherwise, state)


def read_authorization(
    parameters: Parameters, client: Client, provider: Provider, destination: Destination
) -> Authorization:
    """The request, whole. Raises Refused for the client: each of the codes of OpenID Connect Core §3.1.2.6."""
    _check_response(parameters, client, provider)
    prompts = _prompts(parameters)
    claims = read_claims(parameters)
    levels = _levels(parameters, claims, provider)
    asked = read_scopes(parameters)
    return Authorization(
        client_id=client.id,
        destination=destination,
        scopes=granted_scopes(asked, known=provider.scopes, open_to_client=client.scopes),
        nonce=_random(parameters, "nonce", provider.shortest_nonce),
        level=lowest(levels, provider.level_otherwise),
        levels=levels,
        prompts=prompts,
        max_age=parameters.number("max_age"),
        challenge=read_challenge(
            parameters, required=client.public or client.requires_pkce, plain=not client.public
        ),
        claims=claims,
        id_token_hint=parameters.one("id_token_hint", LONGEST_TOKEN),
        login_hint=parameters.text("login_hint"),
        ui_locales=parameters.words("ui_locales")[:_MOST_WORDS],
        idp_hint=parameters.one("kc_idp_hint"),
    )


def read_pushed(parameters: Parameters, client: Client, provider: Provider) -> Authorization:
    """A request pushed by a client that has authenticated; every refusal is a direct answer (RFC 9126 §2.3). Raises
    Refused, also for another client_id or for a request_uri, which a pushed request may not have."""
    if read_client_id(parameters) != client.id:
        raise Refused(CLIENT_MISMATCH)
    if parameters.given("request_uri"):
        raise Refused(REQUEST_URI_REFUSED)
    return read_authorization(parameters, client, provider, read_destination(parameters, client))


def _check_response(parameters: Parameters, client: Client, provider: Provider) -> None:
    received = parameters.required("response_type")
    if received != "code":
        raise Refused(RESPONSE_TYPE, received=shown(received))
    client.check_grant(GrantType.CODE)
    parameters.known("response_mode", ResponseMode)
    _random(parameters, "state", provider.shortest_state)


def _random(parameters: Parameters, name: str, shortest: int) -> str:
    """A value of chance, `shortest` characters or more, or none when that is 0."""
    value = parameters.required(name, _LONGEST_STATE) if shortest else parameters.one(name, _LONGEST_STATE)
    if len(value) < shortest:
        raise Refused(TOO_SHORT, name=name, length=len(value), least=shortest)
    return value


def _prompts(parameters: Parameters) -> frozenset[Prompt]:
    words = parameters.words("prompt")
    for word in words:
        if word not in tuple(Prompt):
            raise Refused(UNKNOWN_VALUE, name="prompt", received=shown(word), known=", ".join(Prompt))
    prompts = frozenset(Prompt(word) for word in words)
    if Prompt.NONE in prompts and len(prompts) > 1:
        raise Refused(PROMPT_NONE_ALONE)
    return prompts


def _levels(parameters: Parameters, claims: ClaimsRequest, provider: Provider) -> tuple[Level, ...]:
    """From acr_values, else from the claim acr of the id_token (OpenID Connect Core §5.5.1.1)."""
    words = parameters.words("acr_values")
    if len(words) > _MOST_WORDS:
        raise malformed("acr_values", f"{_MOST_WORDS} valeurs au plus", f"{_MOST_WORDS} values at most")
    wanted = claims.id_token.get("acr")
    asked = read_levels(words or (wanted.values if wanted else ()))
    return tuple(level for level in asked if level in provider.levels)


def _quietly(read: Callable[[], str]) -> str:
    """What is wrong with the parameter is told when the whole request is read."""
    try:
        return read()
    except Refused:
        return ""
