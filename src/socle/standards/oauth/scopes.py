"""Scopes: what is asked, what a client may have, what stays of it (RFC 6749 §3.3)."""

import re
from collections.abc import Collection
from typing import Final

from socle.standards.fhir.faults import shown
from socle.standards.oauth.faults import SCOPE_NOT_ALLOWED, SCOPE_WIDENED, SCOPE_WITHOUT_OPENID, Refused
from socle.standards.oauth.parameters import Parameters, malformed

OPENID: Final = "openid"
_TOKEN: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


def read_scopes(parameters: Parameters) -> tuple[str, ...]:
    """The scopes asked for, each once, in order. Raises Refused: MALFORMED, REPEATED."""
    scopes = parameters.words("scope")
    if not all(_TOKEN.fullmatch(scope) for scope in scopes):
        raise malformed("scope", "des mots séparés par une espace", "words separated by a space")
    return scopes


def granted_scopes(
    asked: tuple[str, ...], *, known: Collection[str], open_to_client: Collection[str]
) -> tuple[str, ...]:
    """What an authorization gives: scopes that the provider does not know are left out (OpenID Connect Core §3.1.2.1);
    one that it knows and the client may not have is refused. Raises Refused: SCOPE_WITHOUT_OPENID, SCOPE_NOT_ALLOWED.
    """
    if OPENID not in asked:
        raise Refused(SCOPE_WITHOUT_OPENID)
    understood = tuple(scope for scope in asked if scope in known)
    for scope in understood:
        if scope not in open_to_client:
            raise Refused(SCOPE_NOT_ALLOWED, received=shown(scope), known=" ".join(sorted(open_to_client)))
    return understood


def narrowed(asked: tuple[str, ...], granted: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes of a refreshed token: those granted, or fewer when fewer are asked (RFC 6749 §6). Raises
    Refused(SCOPE_WIDENED)."""
    for scope in asked:
        if scope not in granted:
            raise Refused(SCOPE_WIDENED, received=shown(scope))
    return tuple(scope for scope in granted if scope in asked) if asked else granted
