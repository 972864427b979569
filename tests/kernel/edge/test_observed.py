"""What the edge tells of each request, and who it believes about its sender."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from socle.kernel.edge import Edge, WsgiEdge, problem_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.proxies import PROXY_NOT_LISTED, Proxies
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.logs import REQUEST
from socle.kernel.operation import OperationSettings
from socle.kernel.web.wsgi_bridge import WsgiBridge
from tests.kernel.edge.exchanges import LIMITS, Answer, answering, exchange, raising, scope_of

Seen = list[tuple[str, str, str, int]]
LISTED = Proxies(OperationSettings(proxies="10.0.0.0/8").trusted_proxies)


def observed(application: Any, scope: Scope) -> tuple[Answer, Seen]:
    seen: Seen = []

    def observe(door: str, method: str, path: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        seen.append((door, method, path, status))

    edge = Edge(
        application, LIMITS, lambda _, error, reference: problem_reply(error, reference), observe=observe
    )
    return asyncio.run(exchange(edge, scope)), seen


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_each_request_is_told_once_with_its_door(method: str) -> None:
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        scope["door"] = "/fhir"
        await answering(b"{}")(scope, receive, send)

    _, seen = observed(door, scope_of("/fhir/Patient", method))
    assert seen == [("/fhir", method, "/fhir/Patient", 200)]


def test_what_fails_is_told_with_the_status_that_left() -> None:
    _, seen = observed(raising(lambda: ValueError("broken")), scope_of("/a"))
    assert seen == [("", "GET", "/a", 500)]
    _, seen = observed(raising(lambda: SocleError(NOT_FOUND, path="/a")), scope_of("/a"))
    assert seen == [("", "GET", "/a", 404)]


def test_a_request_that_got_no_answer_is_told_without_status() -> None:
    seen: Seen = []
    edge = Edge(
        raising(asyncio.CancelledError),
        LIMITS,
        lambda _, error, reference: problem_reply(error, reference),
        observe=lambda door, method, path, status, seconds: seen.append((door, method, path, status)),
    )
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(exchange(edge, scope_of("/a")))
    assert seen == [("", "GET", "/a", 0)]


def test_the_identifier_follows_the_request_onto_the_threads_of_the_pages() -> None:
    def page(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [REQUEST.get().encode()]

    bridge = WsgiBridge(page)
    answer, _ = observed(bridge, scope_of("/", x_request_id="abc-1"))
    bridge.close()
    assert (answer.body, REQUEST.get()) == (b"abc-1", "")


def through_wsgi(environ: dict[str, Any]) -> tuple[str, dict[str, Any], list[int]]:
    """Status, the environ that the application saw, and the statuses observed."""
    saw: dict[str, Any] = {}
    statuses: list[int] = []
    told: list[str] = []

    def application(inner: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        saw.update(inner)
        start_response("204 No Content", [])
        return []

    edge = WsgiEdge(
        application,
        LIMITS,
        lambda _, error, reference: problem_reply(error, reference),
        proxies=LISTED,
        observe=lambda door, method, path, status, seconds: statuses.append(status),
    )
    basis = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "http"}
    list(edge({**basis, **environ}, lambda status, headers, failure=None: told.append(status)))
    return told[-1], saw, statuses


def test_the_portal_believes_listed_proxies_and_no_other() -> None:
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_X_FORWARDED_PROTO": "https"}
    status, saw, statuses = through_wsgi({"REMOTE_ADDR": "10.0.0.1", **forwarded})
    assert (status, statuses) == ("204 No Content", [204])
    assert (saw["REMOTE_ADDR"], saw["wsgi.url_scheme"]) == ("203.0.113.9", "https")
    _, saw, _ = through_wsgi({"REMOTE_ADDR": "192.0.2.1", **forwarded})
    assert (saw["REMOTE_ADDR"], saw["wsgi.url_scheme"]) == ("192.0.2.1", "http")


@pytest.mark.parametrize("header", ["HTTP_CLIENT_CERT", "HTTP_CLIENT_CERT_CHAIN"])
def test_the_portal_refuses_a_forged_certificate(header: str) -> None:
    status, saw, statuses = through_wsgi({"REMOTE_ADDR": "192.0.2.1", header: ":AAAA:"})
    assert status.startswith(str(PROXY_NOT_LISTED.status))
    assert (saw, statuses) == ({}, [400])
