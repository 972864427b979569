"""The installation's secret and the keys derived from it."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from socle.kernel.keys import SecretMissing, _demo_secret, derived_key
from socle.kernel.settings import settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SOCLE_HOME", str(tmp_path))
    settings.cache_clear()
    derived_key.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()
    derived_key.cache_clear()


def test_a_demonstration_makes_its_secret_once(home: Path) -> None:
    first = derived_key("links")
    derived_key.cache_clear()
    assert derived_key("links") == first
    assert [path.name for path in home.iterdir()] == ["secret.key"]


def test_only_its_owner_reads_the_secret(home: Path) -> None:
    derived_key("links")
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600


def test_each_purpose_has_its_own_key(home: Path) -> None:
    assert len({derived_key("links"), derived_key("django"), derived_key("Links")}) == 3


def test_a_configured_secret_makes_no_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_SECRET", "held elsewhere")
    settings.cache_clear()
    assert len(derived_key("links")) == 32
    assert list(home.iterdir()) == []


def test_production_does_not_invent_a_secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_PROFILE", "production")
    settings.cache_clear()
    with pytest.raises(SecretMissing):
        derived_key("links")


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = set(pool.map(lambda _: _demo_secret(tmp_path / "secret.key"), range(50)))
    assert len(read) == 1
    assert len(read.pop()) == 32
