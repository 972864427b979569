"""Tokens signed, then encrypted for whom they are for (RFC 7519 §11.2): what FranceConnect+ sends for id_token and
userinfo (ES256 within RSA-OAEP, RSA-OAEP-256 or ECDH-ES, A256GCM)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key

from socle.standards.oauth.faults import TokenFault
from socle.standards.oauth.jwt import LONGEST, Claims, Signer, Verifier, sign, verify
from socle.standards.oauth.keys import own_key, public_key

ALGORITHMS: Final = ("RSA-OAEP", "RSA-OAEP-256", "ECDH-ES")
ENCRYPTION: Final = "A256GCM"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose eyes a token is for: a key and how the content key is brought to it. The key is public to encrypt, private
    to decrypt."""

    kid: str
    algorithm: str
    key: Key


def recipient_of_jwk(jwk: Mapping[str, Any], algorithm: str) -> Recipient:
    """From a key that a client publishes for encryption (RFC 7517). Raises TokenFault."""
    try:
        if jwk.get("use", "enc") != "enc":
            raise ValueError(jwk["use"])
        return _recipient(str(jwk.get("kid", "")), algorithm, public_key(jwk))
    except ValueError:
        raise TokenFault(
            f"la clé de chiffrement du client ne convient pas à {algorithm}",
            f"the encryption key of the client does not suit {algorithm}",
        ) from None


def recipient_of_key(kid: str, algorithm: str, private: Any) -> Recipient:
    """`private` is an RSA or elliptic-curve private key of `cryptography`. Raises ValueError when it does not suit."""
    return _recipient(kid, algorithm, own_key(private))


def sign_and_encrypt(claims: Claims, signing: Signer, recipient: Recipient) -> str:
    """A JWS within a JWE; the header says so by `cty` (RFC 7519 §5.2)."""
    header = {"alg": recipient.algorithm, "enc": ENCRYPTION, "cty": "JWT", "typ": "JWT"}
    if recipient.kid:
        header["kid"] = recipient.kid
    return jwe.encrypt_compact(header, sign(claims, signing), recipient.key, registry=_registry(recipient))


def decrypt_and_verify(token: str, recipient: Recipient, verifier: Verifier) -> Claims:
    """What the other side does. Raises TokenFault, the same for whatever is wrong with the encryption."""
    try:
        if len(token) > LONGEST:
            raise ValueError(len(token))
        opened = jwe.decrypt_compact(token, recipient.key, registry=_registry(recipient))
        inner = (opened.plaintext or b"").decode("ascii")
    except (JoseError, ValueError, TypeError, KeyError, AssertionError):
        raise TokenFault("le jeton ne se déchiffre pas", "the token cannot be decrypted") from None
    return verify(inner, verifier)


def _recipient(kid: str, algorithm: str, key: Key) -> Recipient:
    if algorithm not in ALGORITHMS or isinstance(key, ECKey) is not (algorithm == "ECDH-ES"):
        raise ValueError(algorithm)
    return Recipient(kid, algorithm, key)


def _registry(recipient: Recipient) -> jwe.JWERegistry:
    return jwe.JWERegistry(algorithms=[recipient.algorithm, ENCRYPTION])
