"""The permission of each protocol address, checked before its door is opened.

A mount whose addresses are all public, or checked by the door itself (a key, a token), has no gate and costs nothing.
"""

import asyncio
import re
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie

from socle.app.manifests import covers
from socle.kernel.access import PUBLIC, Permission, Refused, allows
from socle.kernel.accounts.acts.refusal import journaled
from socle.kernel.accounts.sessions import cookie_name, held_by_async
from socle.kernel.actors import ANONYMOUS, Acting
from socle.kernel.db import database
from socle.kernel.edge.asgi import Scope
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.manifest import Endpoint, Manifest

_PART = re.compile(r"\\\{[^}]*\\\}")


class Gate:
    """The endpoints of one mount. An address that none of them describes does not exist."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._known = [
            (re.compile(_PART.sub("[^/]+", re.escape(one.path))), {*one.methods}, one) for one in endpoints
        ]

    async def check(self, scope: Scope) -> None:
        """Put who acts into `scope["acting"]`. Raises SocleError: NOT_FOUND, ACCESS_REFUSED."""
        asked = self._permission(scope["path"], scope["method"])
        if asked is None:
            raise SocleError(NOT_FOUND, path=scope["path"])
        by = await acting_of(scope)
        if not allows(by, asked):
            raise await asyncio.to_thread(journaled, database(), Refused(by, asked))
        scope["acting"] = by

    def _permission(self, path: str, method: str) -> Permission | None:
        for pattern, methods, endpoint in self._known:
            if pattern.fullmatch(path) and method in methods:
                return PUBLIC if endpoint.by_door else endpoint.permission
        return None


def gates(manifests: Iterable[Manifest]) -> dict[str, Gate]:
    """The gates by prefix of the mounts that need one."""
    found = {}
    for manifest in manifests:
        for mount in manifest.mounts:
            inside = [one for one in manifest.endpoints if covers(mount.prefix, one.path)]
            if any(one.permission is not PUBLIC and not one.by_door for one in inside):
                found[mount.prefix] = Gate(inside)
    return found


async def acting_of(scope: Scope) -> Acting:
    """Who asks a protocol door, by the session of their browser."""
    token = _cookie(scope, cookie_name())
    held = await held_by_async(database(), token) if token else None
    client = scope.get("client") or ("", 0)
    return Acting(
        held.actor if held else ANONYMOUS,
        door=str(scope.get("door", "")),
        request=str(scope.get("request_id", "")),
        client=str(client[0]),
    )


def _cookie(scope: Scope, name: str) -> str:
    sent = "; ".join(value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie")
    try:
        found = SimpleCookie(sent).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
