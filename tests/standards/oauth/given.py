"""A client, a provider and keys that the tests of this folder share."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from socle.standards.oauth import jwt
from socle.standards.oauth.clients import Client, GrantType, Method
from socle.standards.oauth.faults import Kind, Refused
from socle.standards.oauth.levels import Level
from socle.standards.oauth.parameters import Parameters, read_parameters
from socle.standards.oauth.provider import Provider

NOW = 1_800_000_000
ISSUER = "https://auth.example/realms/one"
CALLBACK = "https://app.example/back?tenant=7"
CLIENT = Client(
    id="app",
    redirect_uris=(CALLBACK, "https://app.example/other"),
    scopes=frozenset({"openid", "scope_all"}),
    grants=frozenset(GrantType),
    post_logout_redirect_uris=("https://app.example/bye",),
)
PUBLIC_CLIENT = Client(
    id="desk",
    redirect_uris=("http://127.0.0.1/back", "http://[::1]:1234/back", "https://app.example/back"),
    scopes=CLIENT.scopes,
    method=Method.NONE,
)
PROVIDER = Provider(
    ISSUER,
    frozenset({"openid", "scope_all", "secret"}),
    (Level.EIDAS1, Level.EIDAS2, Level.EIDAS3),
    Level.EIDAS1,
)


@cache
def ec_key(name: str = "a") -> ec.EllipticCurvePrivateKey:
    """A key on P-256; the same for the same name."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rsa_key(size: int = 2_048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, size)


SIGNER = jwt.signer("k1", "ES256", ec_key())
VERIFIER = jwt.verifier_of_keys("ES256", {"k1": ec_key().public_key()})


def parameters(given: Mapping[str, str]) -> Parameters:
    """As they come over the wire."""
    return read_parameters(urlencode(given).encode())


def expect_refused(kind: Kind, read: Callable[..., Any], *arguments: Any, **named: Any) -> Refused:
    with pytest.raises(Refused) as told:
        read(*arguments, **named)
    assert told.value.kind is kind, told.value
    return told.value


def refusal_of(read: Callable[..., Any], *arguments: Any, **named: Any) -> Kind | None:
    """Why it is refused; None when it is read."""
    try:
        read(*arguments, **named)
    except Refused as refused:
        return refused.kind
    return None
