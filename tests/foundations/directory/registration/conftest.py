"""Settings that the tests of registrations choose."""

from collections.abc import Iterator

import pytest

from socle.foundations.directory.settings import directory_settings


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As much is heard from one address of the network as from one person."""
    monkeypatch.setenv("SOCLE_DIRECTORY_REGISTRATION_MACHINE_FACTOR", "1")
    directory_settings.cache_clear()
    yield
    directory_settings.cache_clear()
