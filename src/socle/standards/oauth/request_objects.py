"""Request objects by value: the parameters in a token that the client signed (RFC 9101; OpenID Connect Core §6.1)."""

from collections.abc import Iterator
from typing import Any, Final

from socle.standards.fhir import json
from socle.standards.oauth.clients import Client
from socle.standards.oauth.faults import (
    CLIENT_MISMATCH,
    REQUEST_REFUSED,
    REQUEST_UNREADABLE,
    Refused,
    TokenFault,
)
from socle.standards.oauth.jwt import Claims, Verifier, verify
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters
from socle.standards.oauth.validity import check_parties, check_times

LONGEST_LIFETIME: Final = 3_600
# They say who made the token, not what is asked.
_ENVELOPE: Final = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti", "sub"})


def with_request_object(
    parameters: Parameters, client: Client, verifier: Verifier | None, *, issuer: str, now: int
) -> Parameters:
    """The parameters to read: those of the object alone when there is one (RFC 9101 §5), else the ones given.

    `verifier` holds the keys of the client for the algorithm it registered, None when it registered none. Raises
    Refused: REQUEST_REFUSED; REQUEST_UNREADABLE, also for another algorithm; CLIENT_MISMATCH.
    """
    token = parameters.one("request", LONGEST_TOKEN)
    if not token:
        return parameters
    if verifier is None or not client.request_algorithm or verifier.algorithm != client.request_algorithm:
        raise Refused(REQUEST_REFUSED)
    try:
        claims = verify(token, verifier)
        check_parties(claims, issuer=client.id, audiences=(issuer,))
        check_times(claims, now, longest=LONGEST_LIFETIME)
        inside = list(_pairs(claims))
    except TokenFault as fault:
        raise Refused(REQUEST_UNREADABLE, **fault.as_data()) from None
    if claims.get("client_id") != client.id:
        raise Refused(CLIENT_MISMATCH)
    return Parameters(inside)


def _pairs(claims: Claims) -> Iterator[tuple[str, str]]:
    for name, value in claims.items():
        if name in ("request", "request_uri"):
            raise TokenFault("il contient une autre requête", "it contains another request")
        if name not in _ENVELOPE:
            yield name, _text(name, value)


def _text(name: str, value: Any) -> str:
    """A claim as a parameter would carry it: JSON for the objects, digits for the numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return json.dump(value).decode()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TokenFault(f"{name} n’a pas de forme connue", f"{name} has no known form")
