"""The registered claims of a token somebody else made: by whom, for whom, from when to when (RFC 7519 §4.1)."""

from collections.abc import Collection
from typing import Any, Final

from socle.standards.fhir.json import Decimal
from socle.standards.oauth.faults import TokenFault
from socle.standards.oauth.jwt import Claims

LEEWAY: Final = 30
"""Seconds that two clocks may be apart."""
_LATEST: Final = 1 << 40


def moment(claims: Claims, name: str) -> int | None:
    """A NumericDate in whole seconds since 1970; None when it is absent. Raises TokenFault for anything else."""
    value: Any = claims.get(name)
    if value is None:
        return None
    if isinstance(value, Decimal) and len(value.text) <= 32:
        number = float(value.text)
        value = int(number) if abs(number) < _LATEST else None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LATEST:
        raise TokenFault(f"{name} n’est pas un nombre de secondes", f"{name} is not a number of seconds")
    return value


def check_times(claims: Claims, now: int, *, longest: int) -> int:
    """When the token expires: within `longest` seconds, and not yet. Raises TokenFault, also for a token from the
    future (nbf, iat)."""
    expires = moment(claims, "exp")
    if expires is None:
        raise TokenFault("exp manque", "exp is missing")
    if expires + LEEWAY <= now:
        raise TokenFault("le jeton a expiré", "the token has expired")
    if expires - now > longest + LEEWAY:
        raise TokenFault(
            f"le jeton expire dans plus de {longest} secondes",
            f"the token expires in more than {longest} seconds",
        )
    for name in ("nbf", "iat"):
        begins = moment(claims, name)
        if begins is not None and begins - LEEWAY > now:
            raise TokenFault(f"{name} est dans l’avenir", f"{name} is in the future")
    return expires


def check_parties(claims: Claims, *, issuer: str, audiences: Collection[str]) -> None:
    """Raises TokenFault when another issuer made the token, or none of the audiences is us."""
    if claims.get("iss") != issuer:
        raise TokenFault("iss n’est pas celui attendu", "iss is not the one expected")
    if not set(audiences_of(claims)) & set(audiences):
        known = ", ".join(sorted(audiences))
        raise TokenFault(
            f"aud ne désigne pas ce serveur ({known})", f"aud does not name this server ({known})"
        )


def audiences_of(claims: Claims) -> tuple[str, ...]:
    """For whom a token is: `aud` is one text, or a list of them."""
    value = claims.get("aud")
    listed = value if isinstance(value, list) else [value]
    return tuple(one for one in listed if isinstance(one, str))
