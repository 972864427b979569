"""What is registered of a client, and which addresses may be."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

from socle.standards.oauth.faults import (
    GRANT_NOT_ALLOWED,
    REDIRECT_UNREGISTERED,
    REDIRECT_UNSAFE,
    Refused,
)

_LOOPBACK: Final = ("127.0.0.1", "::1")
_LONGEST_URI: Final = 2_000


class Method(StrEnum):
    """How a client authenticates (RFC 7591 §2, OpenID Connect Core §9, RFC 8705 §2)."""

    NONE = "none"
    SECRET_BASIC = "client_secret_basic"
    SECRET_POST = "client_secret_post"
    SECRET_JWT = "client_secret_jwt"
    PRIVATE_KEY_JWT = "private_key_jwt"
    TLS = "tls_client_auth"


class GrantType(StrEnum):
    CODE = "authorization_code"
    REFRESH = "refresh_token"
    CLIENT_CREDENTIALS = "client_credentials"
    CIBA = "urn:openid:params:grant-type:ciba"
    EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@dataclass(frozen=True, slots=True)
class Client:
    """`request_algorithm` and `assertion_algorithm` are the signatures of its request objects and of its assertions,
    empty when it uses none. `requires_pkce` holds for public clients whatever it says."""

    id: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str]
    grants: frozenset[GrantType] = frozenset({GrantType.CODE, GrantType.REFRESH})
    method: Method = Method.SECRET_BASIC
    requires_pkce: bool = False
    request_algorithm: str = ""
    assertion_algorithm: str = ""
    post_logout_redirect_uris: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """Whether it can keep no secret (RFC 6749 §2.1)."""
        return self.method is Method.NONE

    def check_grant(self, grant: GrantType) -> None:
        """Raises Refused(GRANT_NOT_ALLOWED)."""
        if grant not in self.grants:
            raise Refused(GRANT_NOT_ALLOWED, grant=grant.value)

    def check_redirect(self, uri: str) -> None:
        """Raises Refused(REDIRECT_UNREGISTERED) unless the address is registered, character for character; only the
        port of the loopback address of a public client may differ (RFC 8252 §7.3)."""
        if uri in self.redirect_uris:
            return
        wanted = _without_port(uri) if self.public else None
        if wanted is None or wanted not in {_without_port(one) for one in self.redirect_uris}:
            raise Refused(REDIRECT_UNREGISTERED)


def check_registrable(uri: str, *, public: bool) -> None:
    """Whether an address may be registered to send people to: absolute, without fragment, by https; by http only to
    this very machine; by a scheme of its own for an application on a device (RFC 8252 §7.1). Raises
    Refused(REDIRECT_UNSAFE)."""
    parts = _split(uri)
    if parts is None or not parts.scheme:
        raise _unsafe("elle est illisible", "it cannot be read")
    if "#" in uri:
        raise _unsafe("elle porte un fragment", "it has a fragment")
    if parts.username is not None or parts.password is not None:
        raise _unsafe("elle porte un nom d’utilisateur", "it has a user name")
    if parts.scheme in ("https", "http"):
        if not parts.hostname:
            raise _unsafe("il manque le nom du serveur", "the name of the server is missing")
        if parts.scheme == "http" and parts.hostname not in (*_LOOPBACK, "localhost"):
            raise _unsafe("elle n’est pas en https", "it is not by https")
    elif not public or "." not in parts.scheme:
        raise _unsafe("son schéma n’est pas admis", "its scheme is not allowed")


def _unsafe(fr: str, en: str) -> Refused:
    return Refused(REDIRECT_UNSAFE, fr=fr, en=en)


def _without_port(uri: str) -> tuple[str, str, str] | None:
    """Host, path and query of an http address of the loopback interface; None for any other."""
    parts = _split(uri)
    if parts is None or parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return None
    # Nothing but the port may hide in what is left out.
    if "@" in parts.netloc or "#" in uri:
        return None
    return parts.hostname, parts.path, parts.query


def _split(uri: str) -> SplitResult | None:
    # The library drops some characters before it splits; what is compared must be what is used.
    if len(uri) > _LONGEST_URI or any(not "!" <= one <= "~" for one in uri):
        return None
    try:
        parts = urlsplit(uri)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None
