"""Authentication on another device (OpenID CIBA Core 1.0, poll mode): what is asked, and what becomes of it.

created → pushed to the device → accepted, refused or expired; accepted once gives tokens once, to its client. Time is
an argument, in microseconds since 1970; lifetimes and intervals are in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from socle.standards.oauth.ciba_faults import (
    AUTH_REQ_UNUSABLE,
    DENIED,
    HINT_TOKEN_REFUSED,
    ONE_HINT,
    PENDING,
    SLOW_DOWN,
    TOO_LATE,
)
from socle.standards.oauth.clients import Client, GrantType
from socle.standards.oauth.faults import Refused
from socle.standards.oauth.levels import Level, lowest, read_levels
from socle.standards.oauth.parameters import LONGEST_TOKEN, Parameters, malformed
from socle.standards.oauth.provider import Provider
from socle.standards.oauth.scopes import granted_scopes, read_scopes

SLOWER: Final = 5
"""Seconds that the interval grows by with each question that comes too soon (CIBA Core §11)."""
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A backchannel request as any provider reads it. One of `login_hint` and `id_token_hint` is filled.
    `requested_expiry` in seconds, None when the client leaves it to the provider."""

    client_id: str
    scopes: tuple[str, ...]
    level: Level
    login_hint: str
    id_token_hint: str
    binding_message: str
    requested_expiry: int | None


def read_backchannel(parameters: Parameters, client: Client, provider: Provider) -> Asked:
    """The request of a client that has authenticated. Raises Refused by the codes of CIBA Core §13."""
    client.check_grant(GrantType.CIBA)
    _check_hints(parameters)
    levels = tuple(one for one in read_levels(parameters.words("acr_values")) if one in provider.levels)
    expiry = parameters.number("requested_expiry")
    if expiry == 0:
        raise malformed("requested_expiry", "un nombre de secondes positif", "a positive number of seconds")
    asked = read_scopes(parameters)
    return Asked(
        client_id=client.id,
        scopes=granted_scopes(asked, known=provider.scopes, open_to_client=client.scopes),
        level=lowest(levels, provider.level_otherwise),
        login_hint=parameters.text("login_hint"),
        id_token_hint=parameters.one("id_token_hint", LONGEST_TOKEN),
        binding_message=parameters.text("binding_message"),
        requested_expiry=expiry,
    )


def _check_hints(parameters: Parameters) -> None:
    names = ("login_hint", "login_hint_token", "id_token_hint")
    given = [name for name in names if parameters.given(name)]
    if len(given) != 1:
        raise Refused(ONE_HINT, given=", ".join(given) or "-")
    if given == ["login_hint_token"]:
        raise Refused(HINT_TOKEN_REFUSED)


class State(StrEnum):
    CREATED = "created"
    PUSHED = "pushed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    CONSUMED = "consumed"


class Step(StrEnum):
    """What happens on the side of the person."""

    PUSH = "push"
    ACCEPT = "accept"
    REFUSE = "refuse"


_LEADS: Final[Mapping[tuple[State, Step], State]] = MappingProxyType(
    {
        (State.CREATED, Step.PUSH): State.PUSHED,
        (State.PUSHED, Step.ACCEPT): State.ACCEPTED,
        (State.PUSHED, Step.REFUSE): State.REFUSED,
    }
)


@dataclass(frozen=True, slots=True)
class AuthenticationRequest:
    """`polled` is the moment of the last question of the client, None before the first."""

    client_id: str
    created: int
    lifetime: int
    interval: int
    state: State = State.CREATED
    polled: int | None = None

    def at(self, now: int) -> "AuthenticationRequest":
        """As it stands at a moment: what gave no tokens within its lifetime has expired."""
        over = now >= self.created + self.lifetime * MICROS
        return replace(self, state=State.EXPIRED) if over and self.state is not State.CONSUMED else self


@dataclass(frozen=True, slots=True)
class Poll:
    """What a question leaves behind, which is to be kept, and its answer: None when tokens are due."""

    request: AuthenticationRequest
    refused: Refused | None


def step(request: AuthenticationRequest, taken: Step, now: int) -> AuthenticationRequest | None:
    """The request after a step; None when it cannot be taken: not yet shown, decided already, or too late."""
    leads = _LEADS.get((request.at(now).state, taken))
    return replace(request, state=leads) if leads else None


def poll(request: AuthenticationRequest, client_id: str, now: int) -> Poll:
    """A question of a client at the token endpoint (CIBA Core §11). Another client learns nothing and changes nothing.
    Only who asks again while nothing is decided is told to slow down."""
    if client_id != request.client_id:
        return Poll(request, Refused(AUTH_REQ_UNUSABLE))
    here = request.at(now)
    if here.state is State.ACCEPTED:
        return Poll(replace(here, state=State.CONSUMED, polled=now), None)
    if here.state is State.CONSUMED:
        return Poll(here, Refused(AUTH_REQ_UNUSABLE))
    if here.state is State.EXPIRED:
        return Poll(here, Refused(TOO_LATE))
    if here.state is State.REFUSED:
        return Poll(here, Refused(DENIED))
    if here.polled is not None and now < here.polled + here.interval * MICROS:
        slower = replace(here, interval=here.interval + SLOWER, polled=now)
        return Poll(slower, Refused(SLOW_DOWN, seconds=slower.interval))
    return Poll(replace(here, polled=now), Refused(PENDING))
