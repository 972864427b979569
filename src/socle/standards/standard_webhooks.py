"""Standard Webhooks 1.0.0: how a message to a subscriber is signed, and how the subscriber checks it.

Three headers travel with the body: `webhook-id` (the message's own name, the same at each try), `webhook-timestamp`
(seconds since 1970 of this try) and `webhook-signature`, one or more signatures separated by spaces. A symmetric one is
`v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256

PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
TOLERANCE_SECONDS = 300
_VERSION = "v1,"


class NotSigned(ValueError):
    """The message does not come, whole and now, from who holds the secret; the text says what is wrong."""


def secret_of(key: bytes) -> str:
    """A key of 24 to 64 bytes as people exchange it: `whsec_` and its base64."""
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise ValueError(f"a key has {SHORTEST_KEY} to {LONGEST_KEY} bytes; got {len(key)}")
    return PREFIX + b64encode(key).decode("ascii")


def key_of(secret: str) -> bytes:
    """The key in a secret; ValueError when it is none."""
    if not secret.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    key = b64decode(secret.removeprefix(PREFIX), validate=True)
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise ValueError(f"a key has {SHORTEST_KEY} to {LONGEST_KEY} bytes; got {len(key)}")
    return key


def signature(key: bytes, message: str, timestamp: int, body: bytes) -> str:
    """One signature: `v1,` and base64."""
    if "." in message:
        raise ValueError("a message's name holds no full stop: it is what separates the signed parts")
    signed = f"{message}.{timestamp}.".encode() + body
    return _VERSION + b64encode(hmac.digest(key, signed, sha256)).decode("ascii")


def headers(keys: Iterable[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; with several keys, one signature each: a subscriber who has either secret accepts it."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message, timestamp, body) for key in keys),
    }


def verify(key: bytes, received: Mapping[str, str], body: bytes, now: int) -> None:
    """What a subscriber does with a message. `received` has lower-case names; `now` is in seconds.

    Raises NotSigned: a header is missing, the clocks are more than five minutes apart, or no signature fits.
    """
    try:
        message, told = received["webhook-id"], received["webhook-timestamp"]
        given = received["webhook-signature"].split()
        timestamp = int(told)
    except (KeyError, ValueError) as missing:
        raise NotSigned(f"header missing or not readable: {missing}") from None
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        raise NotSigned(f"sent {now - timestamp} seconds ago; {TOLERANCE_SECONDS} are accepted")
    if "." in message or str(timestamp) != told:
        raise NotSigned("the name or the time of the message is not in its canonical form")
    expected = signature(key, message, timestamp, body).encode()
    if not any(hmac.compare_digest(expected, one.encode()) for one in given):
        raise NotSigned("no signature fits")
