"""The edge around a WSGI application, checked by the validator of the standard library."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import orjson
import pytest

from socle.kernel.edge import Limits, WsgiEdge, problem_reply
from socle.kernel.edge.wsgi import Environ, WsgiApplication

LIMITS = Limits(target_bytes=512, body_bytes=1024, seconds=30)
Told = tuple[str, dict[str, str], bytes]


def page(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    sent = (
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])) if environ.get("CONTENT_LENGTH") else b""
    )
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [environ["REQUEST_METHOD"].encode(), b" ", sent]


def broken(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    raise RuntimeError("secret detail")


def call(application: WsgiApplication, body: bytes = b"", **variables: str) -> Told:
    environ: Environ = {"wsgi.input": BytesIO(body), "QUERY_STRING": "", **variables}
    setup_testing_defaults(environ)
    told: list[Any] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], failure: Any = None
    ) -> Callable[..., None]:
        told[:] = [status, dict(headers)]
        return lambda data: None

    edge = WsgiEdge(application, LIMITS, lambda _, error, reference: problem_reply(error, reference))
    parts = validator(edge)(environ, start_response)
    whole = b"".join(parts)
    parts.close()  # type: ignore[attr-defined]
    return told[0], told[1], whole


def test_a_page_passes_with_its_headers() -> None:
    status, headers, body = call(page, HTTP_X_REQUEST_ID="r-1")
    assert (status, body) == ("200 OK", b"GET ")
    assert headers["x-request-id"] == "r-1"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_head_is_get_without_its_body() -> None:
    status, _, body = call(page, REQUEST_METHOD="HEAD")
    assert (status, body) == ("200 OK", b"")


def test_a_chunked_body_is_read_up_to_the_limit() -> None:
    sent = call(page, b"a=1", REQUEST_METHOD="POST", HTTP_TRANSFER_ENCODING="chunked")
    assert sent[2] == b"POST a=1"
    refused = call(page, b"a" * 1025, REQUEST_METHOD="POST", HTTP_TRANSFER_ENCODING="chunked")
    assert refused[0] == "413 Request Entity Too Large"


@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ({"CONTENT_LENGTH": "1025", "REQUEST_METHOD": "POST"}, 413),
        ({"PATH_INFO": "/" + "a" * 600, "SCRIPT_NAME": ""}, 414),
    ],
)
def test_what_is_too_long_is_refused(variables: dict[str, str], status: int) -> None:
    told, headers, body = call(page, b"", **variables)
    assert told.startswith(f"{status} ")
    assert headers["content-type"] == "application/problem+json"
    assert orjson.loads(body)["status"] == status


def test_a_failure_is_told_without_its_details() -> None:
    status, headers, body = call(broken, HTTP_X_REQUEST_ID="r-2")
    assert status == "500 Internal Server Error"
    assert b"secret detail" not in body
    assert orjson.loads(body)["instance"] == "urn:socle:request:r-2"
    assert headers["x-request-id"] == "r-2"
