"""RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): who asks, of which session, and where to go after."""

from dataclasses import dataclass, field
from typing import Final

from socle.standards.oauth.answers import with_query
from socle.standards.oauth.clients import Client
from socle.standards.oauth.faults import CLIENT_MISMATCH, LOGOUT_REDIRECT, Refused
from socle.standards.oauth.id_tokens import Hint
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters

_LONGEST_STATE: Final = 2_048


@dataclass(frozen=True, slots=True)
class Logout:
    """All may be empty: then the person is asked, and goes nowhere after."""

    id_token_hint: str = field(repr=False)
    client_id: str
    redirect_uri: str
    state: str
    ui_locales: tuple[str, ...]


def read_logout(parameters: Parameters) -> Logout:
    """Raises Refused: REPEATED, MALFORMED."""
    return Logout(
        id_token_hint=parameters.one("id_token_hint", LONGEST_TOKEN),
        client_id=parameters.one("client_id"),
        redirect_uri=parameters.one("post_logout_redirect_uri"),
        state=parameters.one("state", _LONGEST_STATE),
        ui_locales=parameters.words("ui_locales"),
    )


def logout_client(logout: Logout, hint: Hint | None) -> str:
    """The client that asks: the one named, which the hint must have been made for, else the hint's; empty when nobody
    is named. Raises Refused(CLIENT_MISMATCH)."""
    if hint is None or not hint.clients:
        return logout.client_id
    if logout.client_id and logout.client_id not in hint.clients:
        raise Refused(CLIENT_MISMATCH)
    return logout.client_id or hint.clients[0]


def after_logout(logout: Logout, client: Client | None) -> str:
    """The address to go to, with `state` given back; empty to stay. Raises Refused(LOGOUT_REDIRECT), also when no
    client is known who registered the address: nobody is sent there."""
    if not logout.redirect_uri:
        return ""
    if client is None or logout.redirect_uri not in client.post_logout_redirect_uris:
        raise Refused(LOGOUT_REDIRECT)
    return with_query(logout.redirect_uri, {"state": logout.state} if logout.state else {})
