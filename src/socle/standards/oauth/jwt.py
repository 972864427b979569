"""JSON Web Tokens, signed and checked (RFC 7515, 7518, 7519, with the advice of RFC 8725).

The algorithm is never the token's to choose: a `Verifier` knows the one that was registered, with keys of its kind, and
anything else is refused before a signature is computed. `none` is no algorithm here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, OctKey
from joserfc.util import urlsafe_b64decode

from socle.standards.fhir import json
from socle.standards.fhir.faults import shown
from socle.standards.oauth.faults import TokenFault
from socle.standards.oauth.keys import own_key, public_key, suits

Claims = dict[str, Any]
ALGORITHMS: Final = ("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512")
"""Signatures with a pair of keys."""
SECRET_ALGORITHMS: Final = ("HS256", "HS384", "HS512")
LONGEST: Final = 65_536
_MOST_KEYS: Final = 20
_DEEPEST: Final = 20


class _Registry(jws.JWSRegistry):
    # Clients put their certificate into the header of an assertion (x5c).
    max_header_length = 16_384


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, its name as published, and the algorithm it signs with."""

    kid: str
    algorithm: str
    key: Key


@dataclass(frozen=True, slots=True)
class Verifier:
    """The one algorithm that is believed, and the keys that may have been used, by name; a single key without a name
    has the empty one."""

    algorithm: str
    keys: Mapping[str, Key]


def signer(kid: str, algorithm: str, private: Any) -> Signer:
    """`private` is an RSA or elliptic-curve private key of `cryptography`. Raises TokenFault when it does not suit the
    algorithm."""
    return Signer(kid, algorithm, _own(algorithm, private))


def verifier_of_keys(algorithm: str, public: Mapping[str, Any]) -> Verifier:
    """`public` gives public keys of `cryptography` by name. Raises TokenFault."""
    return Verifier(algorithm, {kid: _own(algorithm, key) for kid, key in public.items()})


def verifier_of_secret(algorithm: str, secret: str) -> Verifier:
    """HMAC with a client's secret, as many bytes as the hash at least (RFC 7518 §3.2). Raises TokenFault."""
    shortest = int(algorithm.removeprefix("HS")) // 8 if algorithm in SECRET_ALGORITHMS else 0
    if not shortest or len(secret.encode()) < shortest:
        raise TokenFault(
            f"{algorithm} demande un secret de {shortest} octets au moins",
            f"{algorithm} asks for a secret of {shortest} bytes at least",
        )
    return Verifier(algorithm, {"": OctKey.import_key(secret.encode())})


def verifier_of_jwks(algorithm: str, jwks: Mapping[str, Any]) -> Verifier:
    """The keys of a client's published set (RFC 7517) that sign with the algorithm it registered; the others are left
    aside. Raises TokenFault when none is left, or the set holds a private or a secret key."""
    listed = jwks.get("keys")
    if algorithm not in ALGORITHMS or not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise TokenFault("le jeu de clés du client est illisible", "the client’s key set cannot be read")
    found = {}
    for one in listed:
        if not isinstance(one, dict) or "d" in one or "k" in one:
            raise TokenFault(
                "une clé du client n’est pas publique", "a key of the client is not a public one"
            )
        if one.get("use", "sig") == "sig" and one.get("alg", algorithm) == algorithm:
            found.update(_named(one, algorithm))
    if not found:
        raise TokenFault(f"aucune clé du client pour {algorithm}", f"no key of the client for {algorithm}")
    return Verifier(algorithm, found)


def public_jwk(signing: Signer | Verifier, kid: str = "") -> dict[str, Any]:
    """A public key as a set publishes it: kty, its numbers, kid, use and alg (RFC 7517 §4)."""
    key, name = (signing.key, signing.kid) if isinstance(signing, Signer) else (signing.keys[kid], kid)
    return {**key.as_dict(private=False), "kid": name, "use": "sig", "alg": signing.algorithm}


def sign(claims: Claims, signing: Signer, typ: str = "JWT") -> str:
    """The token in compact serialization; `typ` tells kinds of tokens apart (RFC 8725 §3.11)."""
    header = {"alg": signing.algorithm, "typ": typ, "kid": signing.kid}
    return jws.serialize_compact(
        header, json.dump(claims), signing.key, registry=_registry(signing.algorithm)
    )


def sign_with_secret(claims: Claims, algorithm: str, secret: str) -> str:
    """What a client that authenticates by client_secret_jwt sends."""
    key = verifier_of_secret(algorithm, secret).keys[""]
    return jws.serialize_compact(
        {"alg": algorithm, "typ": "JWT"}, json.dump(claims), key, registry=_registry(algorithm)
    )


def verify(token: str, verifier: Verifier, typ: str = "") -> Claims:
    """The claims of a token that the verifier's keys signed; with `typ`, only of that type. Raises TokenFault."""
    header = read_header(token)
    if header.get("alg") != verifier.algorithm:
        raise TokenFault(
            f"signé en {shown(header.get('alg'))}, attendu : {verifier.algorithm}",
            f"signed with {shown(header.get('alg'))}, expected: {verifier.algorithm}",
        )
    if typ and str(header.get("typ", "")).lower().removeprefix("application/") != typ:
        raise TokenFault(f"ce n’est pas un {typ}", f"it is not a {typ}")
    candidates = _candidates(verifier, header.get("kid"))
    if not any(_signed(token, key, verifier.algorithm) for key in candidates):
        raise TokenFault("la signature n’est pas la bonne", "the signature is not right")
    return _object(token.split(".")[1])


def read_header(token: str) -> Claims:
    """The header of a token that nobody has checked yet. Raises TokenFault."""
    if len(token) > LONGEST or token.count(".") != 2 or not token.isascii():
        raise TokenFault("ce n’est pas un jeton signé", "it is not a signed token")
    return _object(token.partition(".")[0])


def unverified(token: str) -> Claims:
    """What a token claims, signed by whom it may: to find out whose key to check it with, and for nothing else.
    Raises TokenFault."""
    read_header(token)
    return _object(token.split(".")[1])


def read_jwks(text: bytes) -> Claims:
    """A key set as a client publishes it (RFC 7517 §5). Raises TokenFault."""
    try:
        read = json.parse(text, max_bytes=LONGEST, max_depth=_DEEPEST)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise TokenFault("le jeu de clés du client est illisible", "the client’s key set cannot be read")
    return read


def _candidates(verifier: Verifier, kid: object) -> Iterable[Key]:
    """The key that the token names; without a name, any of the few. A key known without a name is tried in any case."""
    if kid is None:
        return verifier.keys.values()
    named = verifier.keys.get(kid) if isinstance(kid, str) else None
    found = [key for key in (named, verifier.keys.get("")) if key is not None]
    if not found:
        raise TokenFault(f"la clé {shown(kid)} n’est pas connue", f"the key {shown(kid)} is not known")
    return found


def _signed(token: str, key: Key, algorithm: str) -> bool:
    try:
        jws.deserialize_compact(token, key, registry=_registry(algorithm))
    except (JoseError, ValueError, AssertionError, KeyError, TypeError):
        return False
    return True


@lru_cache(maxsize=16)
def _registry(algorithm: str) -> jws.JWSRegistry:
    return _Registry(algorithms=[algorithm], strict_check_header=False)


def _object(segment: str) -> Claims:
    try:
        read = json.parse(urlsafe_b64decode(segment.encode()), max_bytes=LONGEST, max_depth=_DEEPEST)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise TokenFault("ce n’est pas un jeton lisible", "it is not a readable token")
    return read


def _named(jwk: Mapping[str, Any], algorithm: str) -> dict[str, Key]:
    """The key by its name; nothing when it is for another algorithm, or of a kind that nobody knows here."""
    try:
        key = public_key(jwk)
    except ValueError:
        return {}
    return {str(jwk.get("kid", "")): key} if suits(key, algorithm) else {}


def _own(algorithm: str, key: Any) -> Key:
    made = own_key(key)
    if not suits(made, algorithm):
        raise TokenFault(f"la clé ne convient pas à {algorithm}", f"the key does not suit {algorithm}")
    return made
