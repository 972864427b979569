"""Signatures of Standard Webhooks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.standard_webhooks import (
    TOLERANCE_SECONDS,
    NotSigned,
    headers,
    key_of,
    secret_of,
    signature,
    verify,
)

KEYS = st.binary(min_size=24, max_size=64)
NAMES = st.text("abcdef_0123456789", min_size=1, max_size=30)
TIMES = st.integers(0, 2**40)
KEY, NOW, BODY = bytes(range(32)), 1_700_000_000, b'[{"kind":"a"}]'


def test_the_example_of_the_specification() -> None:
    """Standard Webhooks, "Signature scheme": the reference libraries test with these values."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == expected


@given(KEYS, NAMES, TIMES, st.binary(max_size=200))
def test_what_is_signed_verifies(key: bytes, name: str, now: int, body: bytes) -> None:
    verify(key, headers([key], name, now, body), body, now)
    assert key_of(secret_of(key)) == key


@given(KEYS, KEYS, NAMES, TIMES)
def test_while_a_secret_changes_both_are_accepted(old: bytes, new: bytes, name: str, now: int) -> None:
    sent = headers([new, old], name, now, BODY)
    for key in (old, new):
        verify(key, sent, BODY, now)
    assert len(sent["webhook-signature"].split(" ")) == 2


@given(st.data())
def test_every_change_is_found(data: st.DataObject) -> None:
    sent = {**headers([KEY], "msg_1", NOW, BODY), "body": BODY.decode()}
    name = data.draw(st.sampled_from(sorted(sent)))
    place = data.draw(st.integers(0, len(sent[name]) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != sent[name][place]))
    changed = {**sent, name: sent[name][:place] + other + sent[name][place + 1 :]}
    with pytest.raises(NotSigned):
        verify(KEY, changed, changed["body"].encode(), NOW)


@pytest.mark.parametrize("late", [-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1])
def test_an_old_message_is_not_accepted_again(late: int) -> None:
    with pytest.raises(NotSigned, match="seconds ago"):
        verify(KEY, headers([KEY], "msg_1", NOW, BODY), BODY, NOW + late)


def test_at_the_bound_it_is_accepted() -> None:
    sent = headers([KEY], "msg_1", NOW, BODY)
    verify(KEY, sent, BODY, NOW + TOLERANCE_SECONDS)
    assert sent["webhook-id"] == "msg_1"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(name: str) -> None:
    sent = headers([KEY], "msg_1", NOW, BODY)
    del sent[name]
    with pytest.raises(NotSigned, match=name):
        verify(KEY, sent, BODY, NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "abc", "whsec_!!!", "whsec_" + "YQ==", "WHSEC_" + "A" * 32])
def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        key_of(secret)
