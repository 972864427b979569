"""A Socle started by `socle up`, as a person starts it: it prepares its data folder, holds it, and takes jobs."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.command_line import begin

_SECONDS_TO_END = 20
# Connecting is tried again by the HTTP library, with longer and longer pauses: about two minutes in all.
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Served:
    """A running server; `client` asks it relatively to its address `base`."""

    base: str
    client: httpx.Client
    process: "subprocess.Popen[str]"

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
        """End it; what it had printed and said of errors."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.communicate(timeout=_SECONDS_TO_END)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def up(home: Path, *options: str, **variables: str) -> Iterator[Served]:
    """`socle up` on `home`, once it answers; stopped, politely, at the end."""
    port = free_port()
    process = begin("up", *options, home=home, SOCLE_PORT=str(port), **variables)
    base = f"http://localhost:{port}"
    transport = httpx.HTTPTransport(retries=_ATTEMPTS)
    with httpx.Client(base_url=base, transport=transport, timeout=60) as client:
        served = Served(base, client, process)
        try:
            try:
                client.get("/healthz").raise_for_status()
            except httpx.ConnectError:
                raise AssertionError(f"socle up does not answer: {served.stop()}") from None
            yield served
        finally:
            served.stop()
