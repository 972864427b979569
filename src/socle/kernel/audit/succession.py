"""Keys that sign heads, each vouched for by the one before it.

A trail that was restored may be signed by a key that it never introduced under a head: the key was replaced after the
backup. The outgoing key has signed for the new one at that time, and that signature is kept with the keys: whoever
trusts a key of the trail may trust those that follow from it. A signature speaks for itself: the table need not be
trusted.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from socle.kernel.db import Session

# Declared by the keyring, which stands on this package.
_ALL = "SELECT public, predecessor, signature FROM keyring_succession ORDER BY at, kid"


@dataclass(frozen=True, slots=True)
class Succession:
    """`predecessor` and `public` are Ed25519 public keys of 32 bytes, `signature` one of 64 bytes (RFC 8032) by the
    first over `statement`."""

    public: bytes
    predecessor: bytes
    signature: bytes

    @property
    def is_sound(self) -> bool:
        try:
            key = Ed25519PublicKey.from_public_bytes(self.predecessor)
            key.verify(self.signature, statement(self.predecessor, self.public))
        except (InvalidSignature, ValueError):
            return False
        return True


def statement(predecessor: bytes, public: bytes) -> bytes:
    """What a key signs when another is announced in its place: three lines of ASCII, each with its line feed."""
    keys = (b64encode(key).decode() for key in (predecessor, public))
    return "\n".join(("socle audit-head succession 1", *keys, "")).encode()


def successions(session: Session) -> list[Succession]:
    """As they are stored, the oldest first."""
    return [Succession(*(bytes(value) for value in row)) for row in session.fetch(_ALL)]


def ancestors(known: Iterable[Succession]) -> Mapping[bytes, frozenset[bytes]]:
    """For each key that another vouched for, all those from which it follows; unsound links count for nothing."""
    before: dict[bytes, set[bytes]] = {}
    for one in known:
        if one.is_sound:
            before.setdefault(one.public, set()).add(one.predecessor)
    return {key: frozenset(_behind(key, before)) for key in before}


def _behind(key: bytes, before: Mapping[bytes, set[bytes]]) -> set[bytes]:
    found: set[bytes] = set()
    waiting = [key]
    while waiting:
        for one in before.get(waiting.pop(), set()) - found:
            found.add(one)
            waiting.append(one)
    return found
