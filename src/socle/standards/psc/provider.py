"""How Pro Santé Connect reads and answers: its scopes, its levels, how long what it gives lasts."""

from dataclasses import dataclass
from typing import Final

from socle.standards.oauth.levels import Level
from socle.standards.oauth.provider import Provider

SCOPES: Final = (
    *("openid", "scope_all", "scope_1", "scope_2", "rpps", "referentiel", "identity", "basic", "interop"),
    *("eidas1", "eidas2", "eidas3", "profile", "email", "address", "phone", "roles", "acr", "offline_access"),
    *("web-origins", "microprofile-jwt"),
)
"""As its discovery document lists them; what each but scope_all adds is not published."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """In seconds. Access token, session and idle time: ANS guide "Sécurisation de la couche transport", which wants a
    refresh token under 30 minutes; `approval` and `interval` are those of CIBA in the tests of the proxy e-santé; the
    lifetime of a code is assumed (RFC 6749 §4.1.2 recommends 600 at most)."""

    code: int = 60
    access_token: int = 120
    refresh_token: int = 1_740
    session: int = 4 * 3_600
    idle: int = 1_800
    approval: int = 120
    interval: int = 1
    pushed_request: int = 60

    def session_ends(self, opened: int, used: int) -> int:
        """When a session ends that was last used at `used`; both, and the answer, in seconds since 1970."""
        return min(opened + self.session, used + self.idle)


def provider(issuer: str) -> Provider:
    """What its endpoints accept: any of the three levels, the lowest when none is asked."""
    return Provider(issuer, frozenset(SCOPES), tuple(Level), Level.EIDAS1)


def answered_level(reached: Level, asked: tuple[Level, ...], *, strict: bool) -> Level | None:
    """The `acr` of the tokens: the level reached; None when it is lower than all that were asked, and the person has to
    prove more.

    `strict`: who asked for eidas1 is answered eidas1, whatever was reached. Existing clients compare for equality (ANS
    Keycloak connector, EidasLevel).
    """
    if asked and not any(reached.satisfies(one) for one in asked):
        return None
    return Level.EIDAS1 if strict and Level.EIDAS1 in asked else reached
