"""Tokens bound to a certificate: `cnf` with `x5t#S256` (RFC 8705 §3.1), in the two forms that are met.

The standard's form is base64url, without padding, of the 32 bytes of the SHA-256 of the certificate in DER: 43
characters. Tokens of the French platforms carry base64, padded, of the 64 hexadecimal digits: 88 characters (ANS guide
"Sécurisation de la couche transport des API REST", example and captured token). Both are believed.
"""

import binascii
import hmac
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

MEMBER: Final = "x5t#S256"
_STANDARD_LENGTH, _HEX_LENGTH = 43, 88


class Form(StrEnum):
    STANDARD = "rfc8705"
    HEX = "hex"


def thumbprint(certificate: bytes, form: Form = Form.STANDARD) -> str:
    """Of a certificate in DER."""
    digest = sha256(certificate).digest()
    if form is Form.HEX:
        return b64encode(digest.hex().encode()).decode()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def confirmation(certificate: bytes, form: Form = Form.STANDARD) -> dict[str, str]:
    """The claim `cnf` of a token for whoever holds this certificate."""
    return {MEMBER: thumbprint(certificate, form)}


def is_bound_to(cnf: Any, certificate: bytes) -> bool:
    """Whether a claim `cnf` names this certificate (DER), in either form."""
    told = cnf.get(MEMBER) if isinstance(cnf, Mapping) else None
    digest = _digest(told) if isinstance(told, str) else None
    return digest is not None and hmac.compare_digest(digest, sha256(certificate).digest())


def _digest(told: str) -> bytes | None:
    """The 32 bytes behind a thumbprint; None when it has neither form."""
    try:
        if len(told) == _STANDARD_LENGTH:
            return urlsafe_b64decode(told + "=")
        return (
            bytes.fromhex(b64decode(told, validate=True).decode("ascii"))
            if len(told) == _HEX_LENGTH
            else None
        )
    except (binascii.Error, ValueError):
        return None
