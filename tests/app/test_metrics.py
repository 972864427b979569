"""Who may read the figures of a process, and what those of the webhooks say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.app.metrics import METRICS_CLOSED, admit, gauges
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.clock import micros
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.metrics import exposition
from socle.kernel.settings import settings
from socle.kernel.webhooks import acts
from socle.kernel.webhooks.hooks import figures
from tests.support.outbox import announced, worked

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


@pytest.mark.parametrize(
    ("proxies", "open_to_loopback"),
    [("", False), ("127.0.0.1", False), ("127.0.0.0/8, ::1", False), ("10.0.0.5", True)],
)
def test_in_production_a_local_proxy_that_says_nothing_does_not_open_them(
    proxies: str, open_to_loopback: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCLE_PROFILE", "production")
    monkeypatch.setenv("SOCLE_PROXIES", proxies)
    monkeypatch.setenv("SOCLE_METRICS_TOKEN", TOKEN)
    settings.cache_clear()
    try:
        assert admitted("127.0.0.1") is open_to_loopback
        assert not admitted("127.0.0.1", forwarded=True)
        assert admitted("127.0.0.1", authorization=f"Bearer {TOKEN}")
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@given(st.text(max_size=40))
def test_nothing_else_passes_for_the_token(shown: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCLE_METRICS_TOKEN", TOKEN)
        assert not admitted("192.0.2.1", authorization=f"Bearer {shown}")


def test_the_condition_of_each_webhook_is_counted_and_no_address_is_told(database: Database) -> None:
    def told(name: str) -> dict[tuple[str, ...], float]:
        return dict(next(gauge for gauge in gauges(database) if gauge.name == name).read())

    assert told("socle_webhooks") == {("well",): 0, ("late",): 0, ("stopped",): 0}
    assert (told("socle_webhooks_behind_events"), told("socle_webhooks_silent_seconds")) == ({(): 0}, {(): 0})
    with database.unit() as unit:
        well, late, far, stopped = (
            acts.create(unit, BY_SYSTEM, "https://subscriber.example/secret", (), ())[0] for _ in range(4)
        )
        acts.suspend(unit, BY_SYSTEM, stopped)
    announced(database, "a", 1)
    worked(database, [])
    with database.unit() as unit:
        unit.execute("UPDATE outbox_counter SET last = 5001")
        unit.execute("UPDATE webhook SET cursor = 5001 WHERE id = ?1", well)
        unit.execute("UPDATE webhook SET cursor = 5000, failing_since = created WHERE id = ?1", late)
    assert told("socle_webhooks") == {("well",): 1, ("late",): 2, ("stopped",): 1}
    assert told("socle_webhooks_behind_events") == {(): 5001}
    assert told("socle_webhooks_silent_seconds")[()] > 0
    with database.reading() as session:
        behind = {one.id: one.behind for one in figures(session, micros())}
    assert behind == {well: 0, late: 1, far: 5001, stopped: 5001}
    page = exposition("0", database.engine, gauges(database), lambda gauge: pytest.fail(gauge.name)).decode()
    assert "socle_webhooks{" in page
    assert "subscriber.example" not in page
    assert all(id not in page for id in behind)
