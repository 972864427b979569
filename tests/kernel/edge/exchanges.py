"""One request through an ASGI application, in memory."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from socle.kernel.edge import Edge, Limits, problem_reply
from socle.kernel.edge.asgi import Application, Receive, Scope, Send

LIMITS = Limits(target_bytes=512, body_bytes=1024, seconds=30)


@dataclass
class Answer:
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    complete: bool = False


def scope_of(path: str = "/", method: str = "GET", query: bytes = b"", **headers: str) -> Scope:
    """An HTTP scope; `x_request_id="a"` is the header `x-request-id: a`."""
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": pairs,
        "http_version": "1.1",
    }


async def exchange(application: Application, scope: Scope, parts: Iterable[bytes] = (b"",)) -> Answer:
    """The answer to a request whose body arrives in `parts`."""
    incoming = list(parts)
    answer = Answer()

    async def receive() -> dict[str, Any]:
        part = incoming.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(incoming)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert not answer.status, "one answer only"
            answer.status = message["status"]
            answer.headers = dict(message["headers"])
        else:
            answer.body += message.get("body", b"")
            answer.complete = not message.get("more_body", False)

    await application(scope, receive, send)
    return answer


def through_edge(
    application: Application,
    scope: Scope,
    parts: Iterable[bytes] = (b"",),
    *,
    limits: Limits = LIMITS,
    scheme: str = "http",
) -> Answer:
    edge = Edge(
        application, limits, lambda _, error, reference: problem_reply(error, reference), scheme=scheme
    )
    return asyncio.run(exchange(edge, scope, parts))


def answering(body: bytes, content_type: bytes = b"application/json") -> Application:
    """An application that always answers this."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def raising(make: Callable[[], BaseException]) -> Application:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        raise make()

    return application


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the method and the whole body."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["method"].encode() + b" " + body})
