"""The installation's secret, the keys derived from it, and what is wrapped under it."""

import hmac
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.errors import SocleError
from socle.kernel.keys import (
    Master,
    SecretMissing,
    _demo_secret,
    authenticated,
    current_master,
    derived_key,
    master_named,
    masters,
)
from socle.kernel.settings import Settings, settings

MASTER = Master("0123456789abcdef", b"a master key")
names = st.text(st.characters(codec="utf-8"), max_size=12)


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


# -- The master and what is wrapped under it


def test_keys_are_derived_as_rfc_5869_says() -> None:
    """§2.2 and 2.3, by hand: extract with the salt, expand once with the purpose."""
    extracted = hmac.digest(b"socle", MASTER.secret, sha256)
    assert MASTER.key("links") == hmac.digest(extracted, b"links\x01", sha256)


@given(names, names, st.binary(max_size=64))
def test_what_is_wrapped_is_unwrapped(purpose: str, name: str, secret: bytes) -> None:
    wrapped = MASTER.wrap(purpose, name, secret)
    assert MASTER.unwrap(purpose, name, wrapped) == secret
    assert len(secret) < 8 or secret not in wrapped


@given(st.binary(max_size=64))
def test_what_was_not_wrapped_is_damaged(anything: bytes) -> None:
    with pytest.raises(SocleError, match="key-damaged"):
        MASTER.unwrap("envelope", "record:1", anything)


@pytest.mark.parametrize(("purpose", "name"), [("signing", "record:1"), ("envelope", "record:2")])
def test_a_wrapped_key_opens_for_its_purpose_and_name_only(purpose: str, name: str) -> None:
    wrapped = MASTER.wrap("envelope", "record:1", b"key")
    with pytest.raises(SocleError, match="key-damaged"):
        MASTER.unwrap(purpose, name, wrapped)


def test_no_master_key_is_printed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_SECRET", "held elsewhere")
    monkeypatch.setenv("SOCLE_SECRET_PREVIOUS", "held before")
    settings.cache_clear()
    assert "held" not in f"{masters()!r} {Settings()!r}"


def test_the_master_before_is_found_by_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_SECRET", "first")
    settings.cache_clear()
    first = current_master()
    monkeypatch.setenv("SOCLE_SECRET", "second")
    settings.cache_clear()
    with pytest.raises(SocleError, match="master-key-unknown"):
        master_named(first.id)
    monkeypatch.setenv("SOCLE_SECRET_PREVIOUS", "first")
    settings.cache_clear()
    assert master_named(first.id) == first
    assert [master.id for master in masters()] == [current_master().id, first.id]
    assert current_master().id != first.id


def test_what_is_authenticated_is_so_for_its_purpose() -> None:
    assert authenticated("a", b"data", MASTER) == hmac.digest(MASTER.key("a"), b"data", sha256)
    assert authenticated("a", b"data", MASTER) != authenticated("b", b"data", MASTER)
