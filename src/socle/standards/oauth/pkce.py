"""Proof Key for Code Exchange (RFC 7636): whoever redeems a code must hold the secret that its request was made of."""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from socle.standards.oauth.faults import (
    CHALLENGE_MISSING,
    CHALLENGE_PLAIN,
    METHOD_WITHOUT_CHALLENGE,
    VERIFIER_UNASKED,
    VERIFIER_WRONG,
    Refused,
)
from socle.standards.oauth.parameters import Parameters, malformed

_PROOF: Final = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


class Method(StrEnum):
    S256 = "S256"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Challenge:
    """`value` is the verifier itself (plain), or the base64url of its SHA-256 (S256)."""

    method: Method
    value: str

    def accepts(self, verifier: str) -> bool:
        made = verifier if self.method is Method.PLAIN else s256(verifier)
        return hmac.compare_digest(made.encode(), self.value.encode())


def s256(verifier: str) -> str:
    """43 characters: base64url without padding of the SHA-256 (RFC 7636 §4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def read_challenge(parameters: Parameters, *, required: bool, plain: bool) -> Challenge | None:
    """The challenge of an authorization request; None when the client may do without and does.

    `required` for public clients and those that registered for it, `plain` where that method is accepted. Without
    `code_challenge_method` the method is plain (RFC 7636 §4.3). Raises Refused: CHALLENGE_MISSING, CHALLENGE_PLAIN,
    METHOD_WITHOUT_CHALLENGE, MALFORMED, UNKNOWN_VALUE, REPEATED.
    """
    value = parameters.one("code_challenge")
    told = parameters.known("code_challenge_method", Method)
    if not value:
        if required:
            raise Refused(CHALLENGE_MISSING)
        if told:
            raise Refused(METHOD_WITHOUT_CHALLENGE)
        return None
    method = Method(told or Method.PLAIN)
    if method is Method.PLAIN and not plain:
        raise Refused(CHALLENGE_PLAIN)
    if not _PROOF.fullmatch(value):
        raise malformed(
            "code_challenge", "43 à 128 caractères A-Z a-z 0-9 - . _ ~", "43 to 128 of A-Z a-z 0-9 - . _ ~"
        )
    return Challenge(method, value)


def check_verifier(challenge: Challenge | None, verifier: str) -> None:
    """Raises Refused: VERIFIER_WRONG; VERIFIER_UNASKED for a verifier without challenge, which is what a client gets
    whose challenge somebody took away on the way."""
    if challenge is None:
        if verifier:
            raise Refused(VERIFIER_UNASKED)
    elif not _PROOF.fullmatch(verifier) or not challenge.accepts(verifier):
        raise Refused(VERIFIER_WRONG)
