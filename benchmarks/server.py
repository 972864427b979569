"""One real server process (`socle up`), from its start to its end."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.processes import cpu_seconds, private_mib
from benchmarks.settings import environment
from benchmarks.workloads import PROGRAM

_PAUSE = 0.005
_SECONDS_TO_ANSWER = 60.0
_SECONDS_TO_END = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. `alive_seconds`, `read_seconds`: from the start of the process to the first 200 on
    /healthz, and on a first FHIR read."""

    process: "subprocess.Popen[bytes]"
    base: str
    alive_seconds: float
    read_seconds: float

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def private_mib(self) -> float:
        return private_mib(self.process.pid)


@contextmanager
def started(home: Path, database: str, read: str) -> Iterator[Server]:
    """A server on a loaded database; `read` is the path of a resource that it holds."""
    port = _free_port()
    command = [sys.executable, "-m", "socle", "up"]
    begun = perf_counter()
    process = subprocess.Popen(
        command,
        env=environment(home, database, SOCLE_PORT=str(port)),
        stdout=subprocess.DEVNULL,
    )
    try:
        alive = _first_answer(process, port, "/healthz", begun)
        yield Server(process, f"http://localhost:{port}", alive, _first_answer(process, port, read, begun))
    finally:
        process.terminate()
        process.wait(_SECONDS_TO_END)


def _first_answer(process: "subprocess.Popen[bytes]", port: int, path: str, begun: float) -> float:
    """Seconds from `begun` to a 200. Raises RuntimeError when the server ends, or is silent for a minute."""
    while perf_counter() - begun < _SECONDS_TO_ANSWER:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        if _status(port, path) == http.HTTPStatus.OK:
            return perf_counter() - begun
        sleep(_PAUSE)
    raise RuntimeError(f"{path} was not answered in {_SECONDS_TO_ANSWER:g} s")


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=dict(PROGRAM))
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
