"""How FranceConnect+ reads requests: long values of chance, levels 2 and 3 only; and which claims a scope gives."""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from socle.standards.oauth.levels import Level
from socle.standards.oauth.provider import Provider

SHORTEST: Final = 32
"""Characters of state and of nonce."""
_PROFILE: Final = ("given_name", "family_name", "birthdate", "gender", "preferred_username")
_BIRTH: Final = ("birthplace", "birthcountry")
SINGLE: Final = (*_PROFILE, *_BIRTH, "email")
"""Scopes that give the claim of their name."""
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": _PROFILE,
    "birth": _BIRTH,
    "identite_pivot": (*(claim for claim in _PROFILE if claim != "preferred_username"), *_BIRTH),
}
RNIPP: Final = "rnipp_"
"""A scope of this prefix gives the claim as the national register has it, under the prefixed name."""
_SUB: Final = re.compile(r"[0-9a-f]{64}v1")


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """In seconds; a session is ended by half an hour without activity, and never opens another client (no SSO)."""

    code: int = 30
    access_token: int = 60
    idle: int = 1_800
    consent: int = 5


def all_scopes() -> tuple[str, ...]:
    plain = ("openid", *SINGLE, *ALIASES)
    twins = (scope for scope in (*SINGLE, *ALIASES) if scope not in ("email", "preferred_username"))
    return (*plain, *(RNIPP + scope for scope in twins))


def provider(issuer: str) -> Provider:
    """The lowest level asked wins; a level that is missing or not served counts for eidas3."""
    levels = (Level.EIDAS2, Level.EIDAS3)
    return Provider(issuer, frozenset(all_scopes()), levels, Level.EIDAS3, SHORTEST, SHORTEST)


def claims_of(scopes: Iterable[str]) -> tuple[str, ...]:
    """The claims that scopes give, each once, in order; `sub` comes with any."""
    found: list[str] = ["sub"]
    for scope in scopes:
        prefix, bare = (RNIPP, scope.removeprefix(RNIPP)) if scope.startswith(RNIPP) else ("", scope)
        claims = ALIASES.get(bare, (bare,) if bare in SINGLE else ())
        found += [prefix + claim for claim in claims if not (prefix and claim == "preferred_username")]
    return tuple(dict.fromkeys(found))


def subject_for(person: str, service: str, key: bytes) -> str:
    """`sub`: 64 hexadecimal digits and `v1`, another for each service provider, the same whatever means was used.
    How the real one is derived is not published: this one is an HMAC, which only who holds the key can make."""
    named = person.encode()
    message = len(named).to_bytes(4, "big") + named + service.encode()
    return hmac.digest(key, message, sha256).hex() + "v1"


def is_subject(text: str) -> bool:
    return _SUB.fullmatch(text) is not None
