"""Runs one part of the house under uvicorn: on the plain port, and on the TLS door's where there is one."""

import asyncio
import gc
import logging
import socket
import ssl
from collections.abc import Sequence

import uvicorn

from socle.app.faults import TLS_DOOR_UNUSABLE
from socle.app.gateway import Beside, Part, build
from socle.app.tls_door import tls_context
from socle.app.watching import start_logging
from socle.kernel.edge.protocol import BoundedProtocol
from socle.kernel.errors import SocleError
from socle.kernel.operation import operation
from socle.kernel.settings import settings
from socle.kernel.tls.protocol import TlsProtocol

log = logging.getLogger("socle.server")
_HANDSHAKE_SECONDS = 10
# Measured: at Python's own 700, one page in ten waits while the collector walks through what other pages hold.
_ALLOCATIONS_BETWEEN_COLLECTIONS = 5_000


class HouseServer(uvicorn.Server):
    """uvicorn's server with one more listener: connections of the TLS door are counted, dated and ended with the
    others."""

    def __init__(
        self, config: uvicorn.Config, tls_listening: socket.socket | None, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(config)
        self._tls_listening, self._context = tls_listening, context

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._context is None or self._tls_listening is None:
            return
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(
            self._protocol,
            sock=self._tls_listening,
            ssl=self._context,
            backlog=self.config.backlog,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS,
        )
        self.servers.append(listener)
        log.info("TLS door on port %d", self._tls_listening.getsockname()[1])

    def _protocol(self) -> TlsProtocol:
        return TlsProtocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def serve(
    part: Part | str = Part.ALL,
    host: str | None = None,
    port: int | None = None,
    *,
    listening: socket.socket | None = None,
    tls_listening: socket.socket | None = None,
    beside: Sequence[Beside] = (),
) -> None:
    """Serve until told to stop. `listening` is a socket that is already bound, from a supervisor or a test; without
    it, `host` and `port` or the settings' own; `tls_listening` likewise for the TLS door."""
    part = Part(part)
    start_logging()
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    chosen, context = settings(), None if part is Part.PORTAL else tls_context(operation())
    address = host or chosen.host
    if part is Part.TLS and context is None:
        raise SocleError(TLS_DOOR_UNUSABLE, reason="SOCLE_TLS_PORT")
    if context is not None and tls_listening is None:
        tls_listening = _bound(address, operation().tls_port)
    config = configured(build(part, beside), address, chosen.port if port is None else port)
    if part is Part.TLS:
        config.http = TlsProtocol
        config.load()
        config.ssl = context
        listening, context = tls_listening, None
    HouseServer(config, tls_listening, context).run(sockets=[listening] if listening else None)


def _bound(address: str, port: int) -> socket.socket:
    try:
        return socket.create_server((address, port))
    except OSError as failure:
        raise SocleError(TLS_DOOR_UNUSABLE, reason=f"{address}:{port}, {failure.strerror}") from None


def configured(application: object, host: str, port: int) -> uvicorn.Config:
    """uvicorn as we use it: it believes no header (the edge reads those of listed proxies) and decides no log."""
    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_config=None,
        timeout_graceful_shutdown=10,
    )
