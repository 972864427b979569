"""A protocol door behind an API portal: a key for each application, a quota, and incidents on demand.

The portal answers in its own form, not in the door's, as the national one does (Gravitee); the exact members of its
bodies are not published, which the header `x-socle-fidelity: assumed` says on each.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Protocol

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from socle.kernel.actors import Acting
from socle.kernel.apikeys.faults import (
    BAD_GATEWAY,
    GATEWAY_TIMEOUT,
    KEY_MISSING,
    KEY_REFUSED,
    QUOTA,
)
from socle.kernel.apikeys.incidents import HEADER, Incident, Sequence, Share, asked
from socle.kernel.apikeys.keys import ApiKey, KnownKeys
from socle.kernel.db import database
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.replies import Reply, error_headers, json_reply
from socle.kernel.errors import ErrorKind, SocleError
from socle.kernel.manifest import DEMO_KEY
from socle.kernel.settings import settings

_PORTAL_ERRORS = (KEY_MISSING, KEY_REFUSED, QUOTA, BAD_GATEWAY, GATEWAY_TIMEOUT)
_SIMULATED: dict[Incident, ErrorKind] = {
    Incident.UNAUTHORIZED: KEY_REFUSED,
    Incident.TOO_MANY: QUOTA,
    Incident.BAD_GATEWAY: BAD_GATEWAY,
    Incident.TIMEOUT: GATEWAY_TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """`header` is the name that carries the key, in lower case; `a_second` bounds the calls of one key in this process,
    0 for no bound; a call that comes late waits `slow_seconds`."""

    header: str
    a_second: int
    incidents: tuple[Share, ...]
    slow_seconds: float


class Door(Protocol):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def tell(self, error: SocleError, reference: str) -> Reply: ...


class KeyedDoor:
    """`service` names the keys that open this door. Behind it `scope["acting"]` says which software calls."""

    def __init__(self, door: Door, service: str, rules: Callable[[], Rules]) -> None:
        self._door, self._service, self._read_rules = door, service, rules
        self._keys = KnownKeys(service)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._sequences: dict[str, tuple[tuple[Share, ...], Sequence]] = {}

    @cached_property
    def _rules(self) -> Rules:
        return self._read_rules()

    @cached_property
    def _sequence(self) -> Sequence:
        return Sequence(self._rules.incidents)

    @cached_property
    def _header(self) -> bytes:
        return self._rules.header.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        presented = wanted = b""
        for name, value in scope["headers"]:
            if name == self._header:
                presented = value
            elif name == HEADER:
                wanted = value
        key = await self._known(presented)
        scope["acting"] = Acting(key.actor, door=self._service, request=scope.get("request_id", ""))
        bound = self._rules.a_second if key.a_second is None else key.a_second
        if bound:
            self._count(key.id, bound)
        if wanted or self._rules.incidents or key.incidents:
            await self._undergo(key, wanted)
        await self._door(scope, receive, send)

    async def _known(self, presented: bytes) -> ApiKey:
        if not presented:
            raise SocleError(KEY_MISSING, header=self._rules.header.upper(), demo=DEMO_KEY)
        key = await self._keys.find(database(), presented)
        if key is None:
            raise SocleError(KEY_REFUSED, header=self._rules.header.upper())
        return key

    def _count(self, caller: str, bound: int) -> None:
        if not self._limiter.hit(RateLimitItemPerSecond(bound), self._service, caller):
            raise SocleError(QUOTA, limit=bound)

    async def _undergo(self, key: ApiKey, wanted: bytes) -> None:
        """The incident that is this call's turn: the service's, the key's own, or the one asked for; the last two only
        where they are allowed."""
        incident = self._sequence.next()
        if not settings().production:
            incident = self._own(key) or incident
            incident = (asked(wanted) if wanted else None) or incident
        if incident is Incident.SLOW:
            await asyncio.sleep(self._rules.slow_seconds)
        elif incident is not None:
            raise SocleError(
                _SIMULATED[incident],
                header=self._rules.header.upper(),
                limit=self._rules.a_second or 17,
            )

    def _own(self, key: ApiKey) -> Incident | None:
        """What happens to this call of the key itself."""
        if not key.incidents:
            return None
        if key.id not in self._sequences or self._sequences[key.id][0] != key.incidents:
            self._sequences[key.id] = key.incidents, Sequence(key.incidents)
        return self._sequences[key.id][1].next()

    def tell(self, error: SocleError, reference: str) -> Reply:
        """A refusal of the portal in the portal's form, any other in the door's."""
        if error.kind not in _PORTAL_ERRORS:
            return self._door.tell(error, reference)
        body = {"message": HTTPStatus(error.status).phrase, "http_status_code": error.status}
        more = [(b"x-socle-fidelity", b"assumed")]
        if error.kind is QUOTA:
            more.append((b"retry-after", b"1"))
        return json_reply(
            error.status,
            body | error.as_json() | {"instance": f"urn:socle:request:{reference}"},
            "application/json",
            *error_headers(error),
            *more,
        )
