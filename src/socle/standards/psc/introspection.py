"""What introspection answers of a token of Pro Santé Connect (RFC 7662 §2.2; ANS, "L'introspection")."""

from collections.abc import Mapping
from typing import Any, Final

_TOLD: Final = (
    *("exp", "iat", "auth_time", "jti", "iss", "sub", "typ", "azp", "nonce", "session_state"),
    *("preferred_username", "email_verified", "acr", "scope", "client_id", "cnf", "aud"),
)
INACTIVE: Final[Mapping[str, Any]] = {"active": False}
"""All that is said of a token that is unknown, expired, revoked, or none of the asker's business."""


def introspection_answer(claims: Mapping[str, Any], *, access: bool) -> dict[str, Any]:
    """Of a token that is active, from the claims it was made with; only an access token tells SubjectNameID."""
    told = {name: claims[name] for name in _TOLD if name in claims}
    told["username"] = claims.get("preferred_username", "")
    if access and "SubjectNameID" in claims:
        told["SubjectNameID"] = claims["SubjectNameID"]
    return {**told, "active": True}
