"""Keys of others as they publish them (RFC 7517), strong enough to be used (RFC 7518 §3.3, RFC 8725 §3.5)."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

CURVES: Final = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
"""The curve of each signature over one."""
SMALLEST_RSA: Final = 2_048
_BITS_A_CHARACTER: Final = 6


def public_key(jwk: Mapping[str, Any]) -> Key:
    """An RSA key of 2,048 bits at least, or one on a NIST curve. Raises ValueError for any other, for a private or a
    secret one, and for what is no key."""
    kty, modulus = jwk.get("kty"), jwk.get("n", "")
    if kty not in ("RSA", "EC") or "d" in jwk or not isinstance(modulus, str):
        raise ValueError("not a public key")
    # The library only warns of a short modulus: it is not asked.
    if kty == "RSA" and len(modulus) * _BITS_A_CHARACTER < SMALLEST_RSA:
        raise ValueError("the modulus is too short")
    try:
        key: Key = RSAKey.import_key(dict(jwk)) if kty == "RSA" else ECKey.import_key(dict(jwk))
    except (JoseError, ValueError, TypeError, KeyError):
        raise ValueError("not a readable key") from None
    check_strength(key)
    return key


def own_key(key: RSAPrivateKey | RSAPublicKey | EllipticCurvePrivateKey | EllipticCurvePublicKey) -> Key:
    """A key of this installation. Raises ValueError for a weak one."""
    made: Key = RSAKey.import_key(key) if isinstance(key, RSAPrivateKey | RSAPublicKey) else ECKey(key, key)
    check_strength(made)
    return made


def check_strength(key: Key) -> None:
    """Raises ValueError."""
    if isinstance(key, RSAKey):
        strong = key.raw_value.key_size >= SMALLEST_RSA
    else:
        strong = isinstance(key, ECKey) and key.curve_name in CURVES.values()
    if not strong:
        raise ValueError("the key is too weak")


def suits(key: Key, algorithm: str) -> bool:
    """Whether a key signs by an algorithm: its curve, or RSA for RS and PS."""
    if algorithm in CURVES:
        return isinstance(key, ECKey) and key.curve_name == CURVES[algorithm]
    return isinstance(key, RSAKey) and algorithm[:2] in ("RS", "PS")
