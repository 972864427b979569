"""What a production start asks for: each thing missing is named, in both languages, with what would pass."""

from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.app.profile import apart, bits, check_profile, check_server, refuse
from socle.foundations.directory.settings import directory_settings
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Text
from socle.kernel.settings import Settings
from tests.support.postgres import Server

SOUND = {
    "profile": "production",
    "secret": "9f2c1d7ae06b4835c2d1f0a97b6e5d3841c0ffee72b18a95",
    "database": "postgresql://socle_app@127.0.0.1:1/nothing",
    "base_url": "https://annuaire.example",
}


def chosen(tmp_path: Path, **changed: object) -> Settings:
    return Settings(home=tmp_path, **(SOUND | changed))  # type: ignore[arg-type]


def test_a_sound_production_may_start(tmp_path: Path) -> None:
    assert chosen(tmp_path).production
    check_profile(chosen(tmp_path))


def test_a_demonstration_needs_none_of_it(tmp_path: Path) -> None:
    check_profile(Settings(home=tmp_path, host="0.0.0.0"))
    check_server(Settings(home=tmp_path))
    assert not Settings(home=tmp_path).production


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"secret": "court"}, "SOCLE_SECRET"),
        ({"secret": "a" * 40}, "openssl rand -hex 32"),
        ({"secret": "change-me-" + "9f2c1d7ae06b4835c2d1f0a97b6e"}, "openssl rand -hex 32"),
        ({"database": ""}, "SOCLE_DATABASE"),
        ({"base_url": "http://annuaire.example"}, "SOCLE_BASE_URL"),
        ({"host": "0.0.0.0"}, "SOCLE_PROXIES"),
    ],
)
def test_each_danger_is_named(changed: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SocleError) as unsafe:
        check_profile(chosen(tmp_path, **changed))
    assert unsafe.value.code == "unsafe-start"
    assert named in unsafe.value.sentence("fr")
    assert named in unsafe.value.sentence("en")


def test_a_listed_proxy_may_come_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_PROXIES", "10.0.0.0/8")
    check_profile(chosen(tmp_path, host="0.0.0.0"))
    assert chosen(tmp_path).production


def test_incidents_on_demand_stay_in_demonstrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_DIRECTORY_INCIDENTS", "502:5")
    directory_settings.cache_clear()
    try:
        with pytest.raises(SocleError, match="SOCLE_DIRECTORY_INCIDENTS"):
            check_profile(chosen(tmp_path))
        check_profile(Settings(home=tmp_path))
    finally:
        directory_settings.cache_clear()


@pytest.mark.parametrize("name", ["socle.env", "secret.key", "tls.key"])
def test_a_secret_that_everybody_reads_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name
    file.touch(mode=0o600)
    monkeypatch.setenv("SOCLE_TLS_KEY", str(tmp_path / "tls.key"))
    check_profile(chosen(tmp_path))
    file.chmod(0o644)
    with pytest.raises(SocleError) as unsafe:
        check_profile(chosen(tmp_path))
    assert str(file) in unsafe.value.sentence("fr")
    assert "chmod 600" in unsafe.value.sentence("en")


@pytest.mark.postgresql
def test_a_production_does_not_serve_as_an_administrator_nor_as_the_owner(
    tmp_path: Path, postgresql_server: Server
) -> None:
    administrator = postgresql_server.create("served")
    with pytest.raises(SocleError) as unsafe:
        check_server(chosen(tmp_path, database=administrator))
    assert "administre le serveur" in unsafe.value.sentence("fr")
    with psycopg.connect(administrator, autocommit=True) as connection:
        for statement in (
            "CREATE ROLE served_owner LOGIN",
            "CREATE ROLE served_app LOGIN",
            "CREATE TABLE django_migrations (id integer)",
            "ALTER TABLE django_migrations OWNER TO served_owner",
        ):
            connection.execute(statement.encode())
    with pytest.raises(SocleError) as unsafe:
        check_server(chosen(tmp_path, database=administrator.replace("socle@", "served_owner@")))
    assert "owns the tables" in unsafe.value.sentence("en")
    check_server(chosen(tmp_path, database=administrator.replace("socle@", "served_app@")))


def test_nothing_found_refuses_nothing() -> None:
    refuse([])
    with pytest.raises(SocleError, match="one; two"):
        refuse([Text("un", "one"), Text("deux", "two")])


instants = st.integers(0, 10**15)


@given(instants, instants, instants)
def test_clocks_differ_by_no_less_than_is_certain(before: int, told: int, waited: int) -> None:
    after = before + waited
    gap = apart(before, told, after)
    assert gap == min(abs(told - instant) for instant in (before, max(before, min(told, after)), after))


@given(st.text(min_size=1, max_size=50))
def test_a_longer_repetition_guesses_no_harder(secret: str) -> None:
    assert bits(secret * 2) == pytest.approx(2 * bits(secret))
    assert bits(secret[0] * 64) == 0
