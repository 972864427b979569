"""Codes of six digits that change every 30 seconds (RFC 6238 with SHA-1, what every authenticator app makes)."""

import base64
import secrets
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS, STEP_SECONDS, DRIFT = 6, 30, 1
# RFC 4226 §4, R6: at least 128 bits, 160 recommended.
_SECRET_BYTES = 20


def new_secret() -> bytes:
    return secrets.token_bytes(_SECRET_BYTES)


def typed(secret: bytes) -> str:
    """The secret as a person copies it: groups of four letters and digits (RFC 4648 §6)."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, *, issuer: str, account: str) -> str:
    """The `otpauth:` address that authenticator apps read from a QR code (Google Authenticator, Key URI Format)."""
    label = quote(f"{issuer}:{account}", safe=":@")
    told = {"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer, "digits": DIGITS}
    return f"otpauth://totp/{label}?{urlencode(told, quote_via=quote)}"


def code(secret: bytes, step: int) -> str:
    """The code of one step: the number of half minutes since 1970."""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()


def step_at(micros: int) -> int:
    return micros // (STEP_SECONDS * 1_000_000)


def matching_step(secret: bytes, received: str, *, micros: int, after: int) -> int | None:
    """The step whose code was received, among the present one and its neighbours; None when there is none.

    A step up to `after` has been used: its code is worth nothing any more (RFC 6238 §5.2).
    """
    digits = "".join(received.split())
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return None
    now = step_at(micros)
    for step in range(max(now - DRIFT, after + 1), now + DRIFT + 1):
        if secrets.compare_digest(code(secret, step), digits):
            return step
    return None
