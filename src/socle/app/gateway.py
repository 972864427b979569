"""The gateway: one ASGI application in front of every protocol door and every page.

The longest mounted prefix answers; what no door covers is a page. In production the same code runs as two processes,
`protocols` and `portal`; some doors (health, list of services, static files, what pages send as files) are in both.
"""

import gc
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

import django
from django.core.handlers.wsgi import WSGIHandler

from socle.app.gates import Gate, gates
from socle.app.manifests import covers, house
from socle.app.profile import check_profile
from socle.app.watching import observer, proxies
from socle.kernel.db import close_database, open_database
from socle.kernel.edge import Edge, Limits, Reply
from socle.kernel.edge.asgi import Application, Receive, Scope, Send
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.manifest import Manifest, load_attribute
from socle.kernel.settings import settings
from socle.kernel.web.errors import told
from socle.kernel.web.wsgi_bridge import WsgiBridge, environ_of


class Part(StrEnum):
    """What this process answers."""

    ALL = "all"
    PROTOCOLS = "protocols"
    PORTAL = "portal"
    TLS = "tls"


@runtime_checkable
class TellsErrors(Application, Protocol):
    """A door with its own form of error (an OperationOutcome, an OAuth error): the edge uses it for requests that it
    refuses on the door's behalf."""

    def tell(self, error: SocleError, reference: str) -> Reply: ...


class Doors:
    """Mounted applications by prefix. A dictionary of first segments keeps the choice cheap however many there are."""

    def __init__(self, mounted: dict[str, Application]) -> None:
        self._by_segment: dict[str, list[tuple[str, Application]]] = {}
        for prefix in sorted(mounted, key=len, reverse=True):
            self._by_segment.setdefault(_first_segment(prefix), []).append((prefix, mounted[prefix]))

    def place(self, path: str) -> tuple[str, Application] | None:
        """The longest prefix that covers `path`, and its door; None when no door does."""
        for prefix, door in self._by_segment.get(_first_segment(path), ()):
            if covers(prefix, path):
                return prefix, door
        return None

    def find(self, path: str) -> Application | None:
        """The door with the longest prefix that covers `path`; None when no door does."""
        placed = self.place(path)
        return placed[1] if placed else None


def _first_segment(path: str) -> str:
    end = path.find("/", 1)
    return path if end < 0 else path[:end]


class Beside(Protocol):
    """What lives as long as the server does, beside its doors."""

    async def open(self) -> None: ...

    async def aclose(self) -> None: ...


class Gateway:
    def __init__(
        self,
        doors: Doors,
        pages: WsgiBridge | None,
        beside: Sequence[Beside] = (),
        gates: Mapping[str, Gate] | None = None,
    ) -> None:
        self._doors = doors
        self._pages = pages
        self._beside = beside
        self._gates = gates or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"no door speaks {scope['type']}")
        scope["door"], door = self._doors.place(scope["path"]) or ("", self._pages)
        if door is None:
            raise SocleError(NOT_FOUND, path=scope["path"])
        gate = self._gates.get(scope["door"])
        if gate is not None:
            await gate.check(scope)
        await door(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Open the database with the server and close it after the last request."""
        await receive()
        try:
            opened = open_database()
            await opened.open()
            for companion in self._beside:
                await companion.open()
        except Exception as failure:
            await send({"type": "lifespan.startup.failed", "message": str(failure)})
            return
        _settle()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for companion in self._beside:
            await companion.aclose()
        if self._pages is not None:
            self._pages.close()
        await opened.aclose()
        close_database()
        await send({"type": "lifespan.shutdown.complete"})

    def tell(self, scope: Scope, error: SocleError, reference: str) -> Reply:
        """The error in the form of the door that was asked."""
        door = self._doors.find(scope["path"])
        if isinstance(door, TellsErrors):
            return door.tell(error, reference)
        return told(scope.get("environ") or environ_of(scope, b""), error, reference)


def _settle() -> None:
    """What was made to start lives as long as the process: looked through again and again, it would stop every answer
    for a tenth of a second."""
    gc.collect()
    gc.freeze()


def mounted(manifests: tuple[Manifest, ...], part: Part) -> dict[str, Application]:
    """The doors of this process by prefix: the portal has only those that are everywhere."""
    return {
        mount.prefix: load_attribute(mount.app)
        for manifest in manifests
        for mount in manifest.mounts
        if mount.everywhere or part is not Part.PORTAL
    }


def build(part: Part = Part.ALL, beside: Sequence[Beside] = ()) -> Edge:
    """The ASGI application of this process. Raises ManifestFault or PermissionMissing on an unsound house."""
    check_profile(settings())
    django.setup(set_prefix=False)
    pages = None if part in (Part.PROTOCOLS, Part.TLS) else WsgiBridge(WSGIHandler())
    gateway = Gateway(Doors(mounted(house(), part)), pages, beside, gates(house()))
    return Edge(
        gateway,
        Limits.of(settings()),
        gateway.tell,
        scheme=settings().public_url.partition(":")[0],
        proxies=proxies(),
        observe=observer(),
    )
