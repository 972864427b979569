"""What the edge lets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.edge.limits import BAD_REQUEST, Limits, body_length, request_id
from socle.kernel.errors import BODY_TOO_LARGE, TARGET_TOO_LONG, SocleError

SANE = set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@given(st.binary(max_size=100) | st.none())
def test_a_request_identifier_never_carries_anything_but_sane_characters(received: bytes | None) -> None:
    kept = request_id(received)
    assert 1 <= len(kept) <= 64
    assert set(kept) <= SANE


@pytest.mark.parametrize("received", [b"a", b"3fa85f64-5717-4562-b3fc-2c963f66afa6", b"x" * 64])
def test_a_sane_identifier_is_kept(received: bytes) -> None:
    assert request_id(received) == received


@pytest.mark.parametrize("received", [None, b"", b"x" * 65, b"a b", b"a\r\nset-cookie: x", "é".encode()])
def test_any_other_identifier_is_replaced_by_a_new_one(received: bytes | None) -> None:
    first, second = request_id(received), request_id(received)
    assert first != received
    assert first != second


@given(st.integers(min_value=0, max_value=10**19))
def test_a_length_is_read(length: int) -> None:
    assert body_length(b"%d" % length) == length


@given(st.binary().filter(lambda value: not value.isdigit()))
def test_a_length_that_is_no_number_is_a_bad_request(received: bytes) -> None:
    with pytest.raises(SocleError) as refused:
        body_length(received)
    assert refused.value.kind is BAD_REQUEST


def test_an_absurd_length_is_read_as_too_much_without_being_computed() -> None:
    with pytest.raises(SocleError) as refused:
        Limits(100, 100, 1).check_body(body_length(b"9" * 1_000_000))
    assert refused.value.kind is BODY_TOO_LARGE


@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_itself_is_allowed(over: int) -> None:
    limits = Limits(target_bytes=512, body_bytes=1024, seconds=1)
    if not over:
        limits.check_target(512)
        limits.check_body(1024)
        return
    with pytest.raises(SocleError) as target:
        limits.check_target(513)
    with pytest.raises(SocleError) as body:
        limits.check_body(1025)
    assert (target.value.kind, body.value.kind) == (TARGET_TOO_LONG, BODY_TOO_LARGE)
    assert "512" in target.value.sentence("fr")
