"""Latency at a given rate: an open loop, which sends when a request is due, whatever became of those before.

wrk has no rate. Requests are due at equal intervals; the time of each counts from the moment it was due, so that
what waits for a free connection is in the figure (no coordinated omission).
"""

import asyncio
import gc
import random
import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import uvloop

CONNECTIONS = 32
DRIVER = (
    f"own asyncio driver, {CONNECTIONS} connections, open loop, times counted from when a request was due"
)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_SECONDS_TO_END = 20.0
_OK = 200


@dataclass(frozen=True, slots=True)
class Paced:
    """What one paced run gave; times in milliseconds. `late_p99_ms` is the driver's own delay in sending; `errors`
    counts answers other than 200, and requests never answered."""

    asked_per_second: float
    requests: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    late_p99_ms: float
    errors: int


def pace(base: str, paths: Sequence[str], rate: float, seconds: float, headers: Mapping[str, str]) -> Paced:
    """Ask `base` for paths chosen at random, `rate` a second during `seconds`."""
    return uvloop.run(_run(base, paths, rate, seconds, headers))


async def _run(
    base: str, paths: Sequence[str], rate: float, seconds: float, headers: Mapping[str, str]
) -> Paced:
    place = urlsplit(base)
    host, port = place.hostname or "localhost", place.port or 80
    loop, run = asyncio.get_running_loop(), _Run()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: _Connection(run), host, port)
    said = "".join(f"{name}: {value}\r\n" for name, value in {"Host": place.netloc, **headers}.items())
    requests = [f"GET {path} HTTP/1.1\r\n{said}\r\n".encode() for path in paths]
    gc.disable()
    try:
        await _send(run, requests, rate, max(1, int(rate * seconds)))
    finally:
        gc.enable()
        run.close()
    return run.result(rate)


async def _send(run: "_Run", requests: Sequence[bytes], rate: float, total: int) -> None:
    choose, start, sent = random.Random(42), perf_counter(), 0
    while sent < total:
        passed = perf_counter() - start
        due = min(total, int(passed * rate) + 1)
        while sent < due:
            run.offer(choose.choice(requests), start + sent / rate)
            sent += 1
        await asyncio.sleep(max(0.0, start + sent / rate - perf_counter()))
    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS_TO_END):
            await run.answered_all(total)


class _Run:
    """The connections of one run, and what they were told."""

    def __init__(self) -> None:
        self.connections: list[_Connection] = []
        self._idle: list[_Connection] = []
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._times: list[float] = []
        self._late: list[float] = []
        self._errors = 0
        self._expected = 0
        self._all = asyncio.Event()

    def offer(self, request: bytes, due: float) -> None:
        if self._idle:
            self._late.append(perf_counter() - due)
            self._idle.pop().send(request, due)
        else:
            self._waiting.append((request, due))

    def free(self, connection: "_Connection") -> None:
        if self._waiting:
            connection.send(*self._waiting.popleft())
        else:
            self._idle.append(connection)

    def answered(self, status: int, due: float) -> None:
        self._times.append(perf_counter() - due)
        self._errors += status != _OK
        if self._expected and len(self._times) >= self._expected:
            self._all.set()

    async def answered_all(self, total: int) -> None:
        self._expected = total
        if len(self._times) < total:
            await self._all.wait()

    def close(self) -> None:
        for connection in self.connections:
            connection.transport.close()

    def result(self, rate: float) -> Paced:
        # When nothing at all is answered, the time that was waited says more than none.
        times = sorted(self._times) or [_SECONDS_TO_END]
        late = sorted(self._late) or [0.0]
        return Paced(
            rate,
            len(self._times),
            _percentile(times, 0.50),
            _percentile(times, 0.99),
            _percentile(times, 1.0),
            _percentile(late, 0.99),
            self._errors + self._expected - len(self._times),
        )


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Milliseconds below which that share of the measures lies (nearest rank)."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] * 1000


class _Connection(asyncio.Protocol):
    """One request at a time; answers must say their length, as all of Socle's do."""

    transport: asyncio.Transport

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._received = bytearray()
        self._due: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods of asyncio's, and not its class.
        self.transport = cast(asyncio.Transport, transport)
        self._run.connections.append(self)
        self._run.free(self)

    def send(self, request: bytes, due: float) -> None:
        self._due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._received, 0, head + 2)
        if length is None:
            raise ValueError(f"an answer without length: {bytes(self._received[:head])!r}")
        if len(self._received) < head + 4 + int(length[1]):
            return
        status, due = int(self._received[9:12]), self._due
        assert due is not None
        self._received.clear()
        self._due = None
        self._run.answered(status, due)
        self._run.free(self)
