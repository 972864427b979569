"""Mails that leave for a relay of the test's own."""

from collections.abc import Iterator

import pytest
import trustme

from socle.kernel.notify.settings import notify_settings
from tests.kernel.accounts.conftest import _cheap_hashes, clock, operator
from tests.support.mail_relay import MailRelay

__all__ = ["_cheap_hashes", "clock", "operator"]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def without_relay(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No mail leaves; what a test sets with it counts from the next reading of the settings on."""
    notify_settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    notify_settings.cache_clear()


@pytest.fixture
def relay(without_relay: pytest.MonkeyPatch) -> Iterator[MailRelay]:
    """Mails leave for this one."""
    with MailRelay().listening() as listening:
        without_relay.setenv("SOCLE_MAIL_RELAY", f"smtp://127.0.0.1:{listening.port}?starttls=no")
        without_relay.setenv("SOCLE_MAIL_FROM", "Socle <socle@exemple.test>")
        without_relay.setenv("SOCLE_MAIL_SECONDS", "5")
        notify_settings.cache_clear()
        yield listening
