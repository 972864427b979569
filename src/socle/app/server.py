"""Runs one part of the house under uvicorn."""

import socket
from collections.abc import Sequence

import uvicorn

from socle.app.gateway import Beside, Part, build
from socle.kernel.edge.protocol import BoundedProtocol
from socle.kernel.settings import settings


def serve(
    part: Part | str = Part.ALL,
    host: str | None = None,
    port: int | None = None,
    *,
    listening: socket.socket | None = None,
    beside: Sequence[Beside] = (),
) -> None:
    """Serve until told to stop. `listening` is a socket that is already bound, from a supervisor or a test; without
    it, `host` and `port` or the settings' own."""
    chosen = settings()
    config = uvicorn.Config(
        build(Part(part), beside),
        host=host or chosen.host,
        port=chosen.port if port is None else port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[listening] if listening else None)
