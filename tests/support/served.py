"""A Socle started by `socle up`, as a person starts it: it prepares its data folder, holds it, and takes jobs."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from socle.kernel.manifest import DEMO_KEY
from tests.support.command_line import begun

KEYED = {"ESANTE-API-KEY": DEMO_KEY}
_SECONDS_TO_END = 20
_ATTEMPTS = 40
# The HTTP library tries to connect again by itself, with a pause: an attempt lasts half a second.
_CONNECTIONS_AN_ATTEMPT = 2


@dataclass(frozen=True, slots=True)
class Served:
    """A running server on the data folder `home`; `client` asks it relatively to its address `base`."""

    home: Path
    base: str
    client: httpx.Client
    process: "subprocess.Popen[str]"

    @property
    def printed(self) -> str:
        return _printed(self.home).read_text(encoding="utf-8")

    @property
    def port(self) -> str:
        return str(httpx.URL(self.base).port)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(timeout=_SECONDS_TO_END)


def _printed(home: Path) -> Path:
    return home / "printed.txt"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def up(home: Path, *options: str, **variables: str) -> Iterator[Served]:
    """`socle up` on `home`, once it answers; stopped, politely, at the end."""
    port = free_port()
    base = f"http://localhost:{port}"
    transport = httpx.HTTPTransport(retries=_CONNECTIONS_AN_ATTEMPT)
    with (
        begun(
            "up", *options, home=home, printed=_printed(home), SOCLE_PORT=str(port), **variables
        ) as process,
        httpx.Client(base_url=base, transport=transport, timeout=60, headers=KEYED) as client,
    ):
        served = Served(home, base, client, process)
        _await_answer(served)
        try:
            yield served
        finally:
            served.stop()


def _await_answer(served: Served) -> None:
    for _ in range(_ATTEMPTS):
        try:
            served.client.get("/healthz").raise_for_status()
        except httpx.ConnectError:
            if served.process.poll() is not None:
                break
        else:
            return
    raise AssertionError(f"socle up does not answer: {served.printed}")
