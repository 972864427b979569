"""The edge around an ASGI application."""

import asyncio
import logging

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.edge import Limits
from socle.kernel.edge.asgi import AnswerCut, Receive, Scope, Send
from socle.kernel.errors import METHOD_NOT_ALLOWED, SocleError
from tests.kernel.edge.exchanges import Answer, answering, echo, raising, scope_of, through_edge

SHORT = Limits(target_bytes=512, body_bytes=1024, seconds=0.04)


def code(answer: Answer) -> str:
    """The stable code of the problem told."""
    assert answer.headers[b"content-type"] == b"application/problem+json"
    problem = orjson.loads(answer.body)
    assert problem["status"] == answer.status
    return str(problem["type"].removeprefix("urn:socle:error:"))


def test_a_page_gets_the_whole_set_of_security_headers() -> None:
    headers = through_edge(answering(b"<p>", b"text/html; charset=utf-8"), scope_of()).headers
    policy = headers[b"content-security-policy"].decode()
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"same-origin"
    assert b"camera=()" in headers[b"permissions-policy"]


def test_data_gets_a_policy_that_lets_nothing_run() -> None:
    headers = through_edge(answering(b"{}"), scope_of()).headers
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(("scheme", "told"), [("http", False), ("https", True)])
def test_strict_transport_security_is_told_over_tls_only(scheme: str, told: bool) -> None:
    for kind in (b"text/html", b"application/json"):
        headers = through_edge(answering(b"", kind), scope_of(), scheme=scheme).headers
        assert (b"strict-transport-security" in headers) is told


def test_the_identifier_of_the_caller_comes_back_and_reaches_the_door() -> None:
    seen = []

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["request_id"])
        await answering(b"{}")(scope, receive, send)

    answer = through_edge(door, scope_of(x_request_id="visit-1"))
    assert seen == ["visit-1"]
    assert answer.headers[b"x-request-id"] == b"visit-1"


def test_head_is_get_without_its_body() -> None:
    got = through_edge(answering(b'{"a":1}'), scope_of())
    head = through_edge(answering(b'{"a":1}'), scope_of(method="HEAD"))
    assert (got.body, head.body) == (b'{"a":1}', b"")
    assert head.headers[b"content-length"] == got.headers[b"content-length"] == b"7"
    assert through_edge(echo, scope_of(method="HEAD")).status == 200


def test_head_leaves_the_scope_of_the_server_alone() -> None:
    scope = scope_of(method="HEAD")
    through_edge(echo, scope)
    assert scope["method"] == "HEAD"


def test_a_long_target_is_refused_before_the_door() -> None:
    answer = through_edge(raising(AssertionError), scope_of("/" + "a" * 300, query=b"b" * 300))
    assert (answer.status, code(answer)) == (414, "target-too-long")


def test_a_declared_body_that_is_too_large_is_refused_before_the_door() -> None:
    answer = through_edge(raising(AssertionError), scope_of(method="POST", content_length="1025"))
    assert (answer.status, code(answer)) == (413, "body-too-large")
    assert answer.headers[b"connection"] == b"close"


def test_a_declared_length_that_is_no_number_is_refused() -> None:
    answer = through_edge(echo, scope_of(method="POST", content_length="-1"))
    assert (answer.status, code(answer)) == (400, "bad-request")


@given(st.lists(st.binary(max_size=600), min_size=1, max_size=6))
def test_a_chunked_body_passes_whole_or_is_refused(parts: list[bytes]) -> None:
    answer = through_edge(echo, scope_of(method="POST", transfer_encoding="chunked"), parts)
    whole = b"".join(parts)
    if len(whole) <= 1024:
        assert answer.body == b"POST " + whole
    else:
        assert (answer.status, code(answer)) == (413, "body-too-large")


def test_a_failure_is_told_without_its_details_and_logged_with_them(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "socle.edge"):
        answer = through_edge(
            raising(lambda: RuntimeError("password 1234")),
            scope_of("/a", query=b"name=dupont", x_request_id="r-1"),
        )
    assert (answer.status, code(answer)) == (500, "unexpected")
    assert b"1234" not in answer.body
    assert b"Traceback" not in answer.body
    assert orjson.loads(answer.body)["instance"] == "urn:socle:request:r-1"
    assert "r-1" in caplog.text
    assert "password 1234" in caplog.text
    assert "dupont" not in caplog.text


def test_a_refusal_of_the_door_is_told_as_it_is() -> None:
    refusal = SocleError(METHOD_NOT_ALLOWED, method="PUT", allowed="GET, HEAD")
    answer = through_edge(raising(lambda: refusal), scope_of(method="PUT"))
    assert (answer.status, code(answer)) == (405, "method-not-allowed")
    assert answer.headers[b"allow"] == b"GET, HEAD"


def test_a_door_that_takes_too_long_is_stopped_and_the_client_told() -> None:
    stopped = []

    async def stuck(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(scope["path"])

    answer = through_edge(stuck, scope_of("/stuck"), limits=SHORT)
    assert (answer.status, code(answer)) == (503, "too-slow")
    assert stopped == ["/stuck"]


def test_the_time_limit_counts_again_after_each_part_sent() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        loop = asyncio.get_running_loop()
        until = loop.time() + 3 * SHORT.seconds
        while loop.time() < until:
            await send({"type": "http.response.body", "body": b".", "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"!"})

    answer = through_edge(slow, scope_of(), limits=SHORT)
    assert answer.complete
    assert answer.body.endswith(b".!")


def test_an_answer_that_fails_half_way_is_cut_not_completed() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError

    with pytest.raises(AnswerCut):
        through_edge(half, scope_of(x_request_id="cut-1"))


def test_a_stop_from_outside_is_not_taken_for_the_time_limit() -> None:
    async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        through_edge(cancelled, scope_of())
