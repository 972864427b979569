"""The keys that sign heads, as the trail introduced them: each by an entry, under a head of the key before it."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from socle.kernel.db import Session

HEAD_PURPOSE = "audit-head"
# Declared by the keyring, which stands on this package.
_LISTED = "SELECT public, position FROM audit_key"
INTRODUCING = frozenset({"keys.announced", "keys.activated"})


def introduced_key(facts: Mapping[str, Any]) -> bytes | None:
    """The 32 bytes of the key that an entry introduces for signing heads; None when it introduces none."""
    data = facts.get("data")
    if facts.get("action") not in INTRODUCING or not isinstance(data, dict):
        return None
    if data.get("purpose") != HEAD_PURPOSE:
        return None
    try:
        key = load_der_public_key(b64decode(data["public"], validate=True))
    except (KeyError, TypeError, ValueError, NotBase64, UnsupportedAlgorithm):
        return None
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else None


def listed_keys(session: Session) -> dict[bytes, int]:
    """The keys that the sequencer met, each with the position of the entry that introduced it first."""
    return {bytes(key): position for key, position in session.fetch(_LISTED)}


def keys_digest(keys: Mapping[bytes, int], before: int) -> str:
    """SHA-256 over the keys introduced before a position: the position in 8 bytes, then the key, by position."""
    held = sorted((position, key) for key, position in keys.items() if position < before)
    joined = b"".join(position.to_bytes(8, "big", signed=True) + key for position, key in held)
    return sha256(joined).hexdigest()
