"""What is refused before a door sees it: targets and bodies that are too long, lengths that are no number."""

import os
from dataclasses import dataclass

from socle.kernel.errors import BODY_TOO_LARGE, TARGET_TOO_LONG, SocleError, kind
from socle.kernel.settings import Settings

BAD_REQUEST = kind(
    "bad-request",
    400,
    fr="La requête n’est pas du HTTP bien formé : {reason}.",
    en="The request is not well-formed HTTP: {reason}.",
    rule="RFC 9112 §2",
    fhir="structure",
)

_IDENTIFIER_CHARACTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
_IDENTIFIER_LENGTH = 64


def request_id(received: bytes | None) -> bytes:
    """The caller's `X-Request-ID` when it is 1 to 64 letters, digits, `-`, `_` or `.`; else 16 random hexadecimal
    digits. Anything else could forge a line of the log, so it is replaced, not refused."""
    if (
        received
        and len(received) <= _IDENTIFIER_LENGTH
        and not received.translate(None, _IDENTIFIER_CHARACTERS)
    ):
        return received
    return os.urandom(8).hex().encode()


def body_length(received: bytes) -> int:
    """The value of `Content-Length`, in bytes. Raises SocleError(BAD_REQUEST) on anything but digits."""
    if not received.isdigit():
        raise SocleError(BAD_REQUEST, reason=f"Content-Length: {received[:40]!r}")
    # Twenty digits already exceed any limit, and a number of a million digits would be slow to read.
    return int(received[:20])


@dataclass(frozen=True, slots=True)
class Limits:
    """`target_bytes`: path and query as sent. `body_bytes`: body after transfer decoding. `seconds`: time to the
    first byte of the answer, then between two parts of it."""

    target_bytes: int
    body_bytes: int
    seconds: float

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        return cls(settings.target_bytes, settings.body_bytes, settings.request_seconds)

    def check_target(self, length: int) -> None:
        if length > self.target_bytes:
            raise SocleError(TARGET_TOO_LONG, limit=self.target_bytes)

    def check_body(self, length: int) -> None:
        if length > self.body_bytes:
            raise SocleError(BODY_TOO_LARGE, limit=self.body_bytes)
