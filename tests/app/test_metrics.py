"""Who may read the figures of a process."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.app.metrics import METRICS_CLOSED, admit
from socle.kernel.errors import SocleError

TOKEN = "jeton-des-mesures-9f2c1d7a"


def admitted(sender: str, *, forwarded: bool = False, authorization: str = "") -> bool:
    try:
        admit(sender, forwarded=forwarded, authorization=authorization)
    except SocleError as refused:
        # Any other refusal would not be one.
        return refused.kind is not METRICS_CLOSED
    return True


@pytest.mark.parametrize("sender", ["127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine_reads_them_unless_it_speaks_for_another(sender: str) -> None:
    assert admitted(sender)
    assert not admitted(sender, forwarded=True)


@pytest.mark.parametrize(
    "sender", ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "", "localhost", "testclient"]
)
def test_nobody_else_reads_them_without_a_token(sender: str) -> None:
    assert not admitted(sender)
    assert not admitted(sender, authorization="Bearer ")


def test_the_token_opens_from_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_METRICS_TOKEN", TOKEN)
    assert admitted("192.0.2.1", forwarded=True, authorization=f"Bearer {TOKEN}")
    assert admitted("192.0.2.1", authorization=f"bearer {TOKEN}")
    assert not admitted("192.0.2.1", authorization=f"Basic {TOKEN}")
    assert not admitted("192.0.2.1", authorization=TOKEN)


@given(st.text(max_size=40))
def test_nothing_else_passes_for_the_token(shown: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCLE_METRICS_TOKEN", TOKEN)
        assert not admitted("192.0.2.1", authorization=f"Bearer {shown}")
