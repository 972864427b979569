"""Runs the WSGI pages inside the ASGI process, on a few threads of their own.

Small on purpose: the edge has already bounded the body, so it is read whole; an answer that is complete is sent in one
go; a streamed one is drawn by the thread that made it (its database connection belongs to that thread), one part at a
time, no faster than the client reads.
"""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from io import BytesIO
from sys import stderr
from typing import Any

from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.body import read_body
from socle.kernel.edge.replies import Header, header
from socle.kernel.edge.wsgi import Environ, WsgiApplication

# Measured: four threads that fight for the interpreter lock cost twice the CPU of one (2.3 ms a page against 1.1);
# with two, a slow page still leaves the other thread free and a page costs 1.5 ms.
THREADS = 2


class WsgiBridge:
    def __init__(self, application: WsgiApplication, threads: int = THREADS) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["environ"] = environ = environ_of(scope, await read_body(receive))
        loop = asyncio.get_running_loop()
        answer = _Answer(self._application, environ, loop, send)
        try:
            whole = await loop.run_in_executor(self._threads, copy_context().run, answer.run)
        except asyncio.CancelledError:
            answer.stopped = True
            raise
        if whole is not None:
            await send(answer.start(len(whole)))
            await send({"type": "http.response.body", "body": whole})


class _Answer:
    """One call of the application, on a thread."""

    def __init__(
        self, application: WsgiApplication, environ: Environ, loop: asyncio.AbstractEventLoop, send: Send
    ) -> None:
        self._application = application
        self._environ = environ
        self._loop = loop
        self._send = send
        self._status = 500
        self._headers: list[Header] = []
        self.stopped = False

    def start(self, length: int | None = None) -> dict[str, Any]:
        headers = self._headers
        if length is not None and not header(headers, b"content-length"):
            headers = [*headers, (b"content-length", b"%d" % length)]
        return {"type": "http.response.start", "status": self._status, "headers": headers}

    def run(self) -> bytes | None:
        """The whole body, or None when it was streamed."""
        body = self._application(self._environ, self._start_response)
        try:
            if isinstance(body, list) or getattr(body, "streaming", True) is False:
                return b"".join(body)
            self._stream(iter(body))
            return None
        finally:
            close = getattr(body, "close", None)
            if close:
                close()

    def _start_response(self, status: str, headers: Iterable[tuple[str, str]], failure: Any = None) -> None:
        self._status = int(status[:3])
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def _stream(self, parts: Iterator[bytes]) -> None:
        self._hand_over(self.start())
        for part in parts:
            if self.stopped:
                return
            self._hand_over({"type": "http.response.body", "body": part, "more_body": True})
        self._hand_over({"type": "http.response.body", "body": b""})

    def _hand_over(self, message: dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop).result()


async def _sent(send: Send, message: dict[str, Any]) -> None:
    await send(message)


def environ_of(scope: Scope, body: bytes) -> Environ:
    """The WSGI environment (PEP 3333) of an ASGI scope; header bytes travel as Latin-1."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "socle.request_id": scope.get("request_id", ""),
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    # Transfer decoding is done: the length is that of the body read, whatever the client declared.
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    # `X_Forwarded_For` and `X-Forwarded-For` become one WSGI key; the form with underscores is only used to cheat.
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    if key in environ and key.startswith("HTTP_"):
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value
