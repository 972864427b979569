"""Clients that prove who they are by a signed assertion (RFC 7523 §3; OpenID Connect Core §9: private_key_jwt and
client_secret_jwt)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from socle.standards.oauth.faults import CLIENT_NOT_AUTHENTICATED, Refused, TokenFault
from socle.standards.oauth.jwt import Verifier, unverified, verify
from socle.standards.oauth.validity import check_parties, check_times

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFETIME: Final = 600
_LONGEST_JTI: Final = 256


@dataclass(frozen=True, slots=True)
class Assertion:
    """`jti` must not have been seen from this client before; it may be forgotten after `expires` (seconds since
    1970, the leeway of clocks included)."""

    client_id: str
    jti: str
    expires: int


def claimed_client(token: str) -> str:
    """The client that an assertion says it is of, to find its keys. Raises Refused(CLIENT_NOT_AUTHENTICATED)."""
    try:
        subject = unverified(token).get("sub")
        if not isinstance(subject, str) or not subject:
            raise TokenFault("l’assertion n’a pas de sub", "the assertion has no sub")
    except TokenFault as fault:
        raise not_authenticated(fault) from None
    return subject


def check_assertion(
    token: str, client_id: str, verifier: Verifier, *, audiences: Collection[str], now: int
) -> Assertion:
    """The assertion, believed. `audiences` are the names of this server: its issuer, and the address called.

    Raises Refused(CLIENT_NOT_AUTHENTICATED): signature, algorithm, iss and sub other than the client, aud, exp missing,
    past or further than ten minutes, jti missing.
    """
    try:
        claims = verify(token, verifier)
        check_parties(claims, issuer=client_id, audiences=audiences)
        expires = check_times(claims, now, longest=LONGEST_LIFETIME)
        jti = claims.get("jti")
        if claims.get("sub") != client_id:
            raise TokenFault("sub n’est pas le client", "sub is not the client")
        if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI:
            raise TokenFault("jti manque", "jti is missing")
    except TokenFault as fault:
        raise not_authenticated(fault) from None
    return Assertion(client_id, jti, expires)


def not_authenticated(fault: TokenFault) -> Refused:
    return Refused(CLIENT_NOT_AUTHENTICATED, **fault.as_data())
