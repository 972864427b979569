"""Access tokens as a resource receives them (RFC 6750), and their certificate (RFC 8705 §3)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from socle.standards.oauth.faults import BEARER_MISSING, BEARER_TWICE, CERTIFICATE_NOT_BOUND, Refused
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters
from socle.standards.oauth.thumbprints import is_bound_to

_HEADER: Final = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*) *", re.IGNORECASE)


def read_bearer(authorization: str, form: Parameters) -> str:
    """The token, from the header or from the parameter access_token of a form, not from both. A token in the query of
    an address is not read: addresses are kept in logs (RFC 9700 §4.3.2). Raises Refused: BEARER_MISSING,
    BEARER_TWICE."""
    posted = form.one("access_token", LONGEST_TOKEN)
    if authorization and posted:
        raise Refused(BEARER_TWICE)
    found = _HEADER.fullmatch(authorization) if len(authorization) <= LONGEST_TOKEN else None
    token = posted or (found[1] if found else "")
    if not token:
        raise Refused(BEARER_MISSING)
    return token


def check_certificate(claims: Mapping[str, Any], certificate: bytes | None) -> None:
    """`certificate` is that of the connection in DER, None without one. A token that names none may be shown by anyone.
    Raises Refused(CERTIFICATE_NOT_BOUND)."""
    cnf = claims.get("cnf")
    if cnf is not None and (certificate is None or not is_bound_to(cnf, certificate)):
        raise Refused(CERTIFICATE_NOT_BOUND)


def challenge_header(realm: str, refused: Refused) -> str:
    """`WWW-Authenticate` of a refusal; who gave no token at all is told no error (RFC 6750 §3.1)."""
    if refused.kind is BEARER_MISSING:
        return f'Bearer realm="{realm}"'
    return f'Bearer realm="{realm}", error="{refused.error}", error_description="{refused.description}"'
