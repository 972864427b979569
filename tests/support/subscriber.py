"""A subscriber on this machine: a small HTTP server of the test's own event loop, that answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    headers: dict[str, str]
    body: bytes


def saying(answer: bytes) -> Answer:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return say


async def silence(writer: asyncio.StreamWriter) -> None:
    """Never answers, for as long as the other side waits."""
    await writer.wait_closed()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """An answer that comes byte by byte and has no end."""
    try:
        while not writer.is_closing():
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.001)
    except ConnectionError:
        return


@dataclass
class Subscriber:
    """`answers` are given in turn, the last one for ever."""

    answers: list[Answer] = field(default_factory=lambda: [saying(OK)])
    received: list[Received] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    port: int = 0

    @asynccontextmanager
    async def listening(self, tls: SSLContext | None = None) -> AsyncIterator["Subscriber"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def has_received(self, count: int) -> None:
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= count)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            lines = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
            headers = {name.lower(): value for name, value in lines}
            body = await reader.readexactly(int(headers["content-length"]))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            async with self.arrived:
                self.received.append(Received(headers, body))
                self.arrived.notify_all()
            await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
