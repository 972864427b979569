"""Things that open something once shown: links, cookies, recovery codes. The database holds only their SHA-256, which
is enough because each carries at least 112 bits of chance (OWASP ASVS 5.0, 6.5.2)."""

import base64
import secrets
from hashlib import sha256

_TOKEN_BYTES = 32
_RECOVERY_BYTES = 15
RECOVERY_CODES = 10


def new_id() -> str:
    """An internal identifier: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def new_token() -> str:
    """256 random bits, written in 43 characters that an address and a cookie take as they are."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    return sha256(token.encode()).digest()


def new_recovery_codes() -> list[str]:
    """Ten codes of 120 bits in six groups of four letters and digits (RFC 4648 §6): `abcd-efgh-…`."""
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _grouped(random: bytes) -> str:
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def recovery_digest(typed: str) -> bytes:
    """The digest of a code as a person types it: case, spaces and hyphens do not count."""
    letters = "".join(character for character in typed.lower() if character.isalnum())
    return digest_of(_regrouped(letters))


def _regrouped(letters: str) -> str:
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
