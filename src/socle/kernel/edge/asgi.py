"""The edge around an ASGI application (ASGI 3.0, HTTP message format 2.3)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any, Protocol

from socle.kernel.edge.failures import expected
from socle.kernel.edge.headers import SecurityHeaders
from socle.kernel.edge.limits import Limits, body_length, request_id
from socle.kernel.edge.proxies import CERTIFICATE_HEADERS, Proxies
from socle.kernel.edge.replies import Header, Reply
from socle.kernel.edge.watch import Turn, Watch
from socle.kernel.errors import METHOD_NOT_ALLOWED, TOO_SLOW, SocleError
from socle.kernel.logs import REQUEST

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Renderer = Callable[[Scope, SocleError, str], Reply]

log = logging.getLogger("socle.edge")


class Observer(Protocol):
    """Hears of each request once it is answered: `status` is 0 when no answer left; `seconds` from its head to the end
    of its answer. `door` is the prefix of the door that answered, empty for a page."""

    def __call__(self, door: str, method: str, path: str, status: int, seconds: float) -> None: ...


def unobserved(door: str, method: str, path: str, status: int, seconds: float) -> None:
    """For an edge that nobody watches."""


class Application(Protocol):
    """An ASGI 3.0 application: a function, or an object that is called like one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Edge:
    """`render(scope, error, reference)` tells an error in the form of the door that was asked. The identifier of the
    request is `scope["request_id"]`; the gateway says in `scope["door"]` who answers it."""

    __slots__ = ("_application", "_headers", "_limits", "_observe", "_proxies", "_render", "_watch")

    def __init__(
        self,
        application: Application,
        limits: Limits,
        render: Renderer,
        *,
        scheme: str = "http",
        proxies: Proxies | None = None,
        observe: Observer = unobserved,
    ) -> None:
        self._application = application
        self._limits = limits
        self._render = render
        self._proxies = proxies or Proxies()
        self._observe = observe
        self._headers = SecurityHeaders.over(scheme)
        self._watch = Watch(limits.seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        began = perf_counter()
        incoming = declared = None
        chunked = False
        certified = bool(self._proxies)
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                incoming = value
            elif name == b"content-length":
                declared = value
            elif name == b"transfer-encoding":
                chunked = True
            elif name in CERTIFICATE_HEADERS:
                certified = True
        exchange = _Exchange(send, self._headers, request_id(incoming), self._watch)
        if scope["method"] == "HEAD":
            # The door sees GET; its answer keeps its headers (RFC 9110 §9.3.2) and loses its body.
            scope = {**scope, "method": "GET"}
            exchange.bodiless = True
        scope["request_id"] = identifier = exchange.identifier.decode()
        REQUEST.set(identifier)
        try:
            if certified:
                scope = self._proxies.read(scope)
            self._limits.check_target(len(scope["raw_path"]) + len(scope["query_string"]))
            if declared is not None:
                self._limits.check_body(body_length(declared))
            elif chunked:
                receive = _counted(receive, self._limits)
            await self._application(scope, receive, exchange.send)
        except Exception as failure:
            error = expected(failure, method=scope["method"], path=scope["path"], reference=identifier)
            await self._tell(error, scope, exchange, failure)
        except asyncio.CancelledError as stopped:
            if not exchange.turn.expired:
                raise
            exchange.turn.task.uncancel()
            await self._tell(self._too_slow(scope), scope, exchange, stopped)
        finally:
            self._watch.leave(exchange.turn)
            method = "HEAD" if exchange.bodiless else scope["method"]
            seconds = perf_counter() - began
            self._observe(scope.get("door", ""), method, scope["path"], exchange.status, seconds)

    async def _tell(
        self, error: SocleError, scope: Scope, exchange: "_Exchange", cause: BaseException
    ) -> None:
        """Answer with the error, or cut the connection when part of an answer has already left."""
        if exchange.started:
            raise AnswerCut(scope["request_id"]) from cause
        await send_reply(exchange.send, self._render(scope, error, scope["request_id"]))

    def _too_slow(self, scope: Scope) -> SocleError:
        where = {"request_id": scope["request_id"], "method": scope["method"], "path": scope["path"]}
        log.warning("too slow: %(method)s %(path)s [%(request_id)s]", where, extra=where)
        return SocleError(TOO_SLOW, seconds=f"{self._limits.seconds:g}")


async def send_reply(send: Send, reply: Reply) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})


def require_get(scope: Scope) -> None:
    """Raise SocleError(METHOD_NOT_ALLOWED) unless a door that only reads is read; the edge turns HEAD into GET."""
    if scope["method"] != "GET":
        raise SocleError(METHOD_NOT_ALLOWED, method=scope["method"], allowed="GET, HEAD")


class AnswerCut(RuntimeError):
    """An answer stopped half-way; the server closes the connection so that the client sees it is not whole."""


class _Exchange:
    """One answer on its way out."""

    __slots__ = ("_headers", "_send", "_watch", "bodiless", "identifier", "started", "status", "turn")

    def __init__(self, send: Send, headers: SecurityHeaders, identifier: bytes, watch: Watch) -> None:
        self._send = send
        self._headers = headers
        self._watch = watch
        self.identifier = identifier
        self.bodiless = False
        self.started = False
        self.status = 0
        self.turn: Turn = watch.enter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers: list[Header] = [*message.get("headers", ()), (b"x-request-id", self.identifier)]
            headers += self._headers.page if _is_page(headers) else self._headers.data
            message = {**message, "headers": headers}
        elif message.get("more_body"):
            self._watch.extend(self.turn)
        if self.bodiless and "body" in message:
            message = {**message, "body": b""}
        await self._send(message)


def _is_page(headers: list[Header]) -> bool:
    for name, value in headers:
        if name == b"content-type":
            return value.startswith(b"text/html")
    return False


def _counted(receive: Receive, limits: Limits) -> Receive:
    """The body of a chunked request, refused as soon as it is longer than allowed."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        limits.check_body(seen)
        return message

    return counting
