"""WSGI pages inside the ASGI process."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.edge.wsgi import Environ
from socle.kernel.web.wsgi_bridge import WsgiBridge, environ_of
from tests.kernel.edge.exchanges import Answer, exchange, scope_of

StartResponse = Callable[..., Any]


def run(
    application: Callable[..., Iterable[bytes]], parts: Iterable[bytes] = (b"",), **headers: str
) -> Answer:
    bridge = WsgiBridge(application)
    try:
        return asyncio.run(exchange(bridge, scope_of("/caf%C3%A9", "POST", b"a=1", **headers), parts))
    finally:
        bridge.close()


def test_the_body_reaches_the_page_whole_and_the_answer_carries_its_length() -> None:
    def echo(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        start_response("201 Created", [("Content-Type", "text/plain")])
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]

    answer = run(echo, [b"one ", b"two ", b"three"])
    assert (answer.status, answer.body) == (201, b"one two three")
    assert answer.headers == {b"content-type": b"text/plain", b"content-length": b"13"}


def test_a_streamed_answer_is_drawn_by_one_thread_and_closed() -> None:
    threads: set[int] = set()
    closed: list[bool] = []

    class Parts:
        streaming = True

        def __iter__(self) -> Iterator[bytes]:
            for number in range(5):
                threads.add(threading.get_ident())
                yield b"%d" % number

        def close(self) -> None:
            threads.add(threading.get_ident())
            closed.append(True)

    def stream(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        threads.add(threading.get_ident())
        start_response("200 OK", [("Content-Type", "text/csv")])
        return Parts()

    answer = run(stream)
    assert (answer.body, answer.complete, closed) == (b"01234", True, [True])
    assert b"content-length" not in answer.headers
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_a_failure_of_the_page_goes_up_to_the_edge() -> None:
    def broken(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        raise LookupError("page")

    with pytest.raises(LookupError, match="page"):
        run(broken)


def test_repeated_headers_are_joined_as_http_says() -> None:
    scope = scope_of()
    scope["headers"] = [(b"accept", b"a/b"), (b"accept", b"c/d"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    environ = environ_of(scope, b"")
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("a/b,c/d", "a=1; b=2")


def test_a_header_with_an_underscore_cannot_pass_for_another() -> None:
    scope = scope_of()
    scope["headers"] = [(b"x_forwarded_for", b"10.0.0.1"), (b"content_length", b"99")]
    environ = environ_of(scope, b"abc")
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["CONTENT_LENGTH"] == "3"


@given(
    st.text(st.characters(codec="utf-8")), st.dictionaries(st.from_regex(r"\A[a-z-]{1,20}\Z"), st.binary())
)
def test_the_path_and_every_header_survive_the_crossing(path: str, headers: dict[str, bytes]) -> None:
    scope = scope_of("/" + path)
    scope["headers"] = [(name.encode(), value) for name, value in headers.items()]
    environ = environ_of(scope, b"")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/" + path
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        if key != "HTTP_CONTENT_LENGTH":
            assert environ[key].encode("latin-1") == value
