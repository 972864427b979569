"""Settings: environment, then the file of the data folder."""

from collections.abc import Iterator
from pathlib import Path

import pydantic
import pytest

from socle.foundations.directory.settings import DirectorySettings
from socle.kernel.settings import Settings, read_settings, settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SOCLE_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


def test_the_default_database_is_a_file_of_the_data_folder(home: Path) -> None:
    assert settings().database_url == f"sqlite:///{home / 'socle.sqlite3'}"


def test_the_file_of_the_data_folder_is_read_by_every_service(home: Path) -> None:
    (home / "socle.env").write_text("SOCLE_PORT=8123\nSOCLE_DIRECTORY_DELTA_DAYS=30\n")
    settings.cache_clear()
    assert settings().port == 8123
    assert read_settings(DirectorySettings).delta_days == 30


def test_the_environment_wins_over_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "socle.env").write_text("SOCLE_PORT=8123\n")
    monkeypatch.setenv("SOCLE_PORT", "9000")
    settings.cache_clear()
    assert settings().port == 9000


@pytest.mark.parametrize(
    ("name", "value"), [("SOCLE_PORT", "70000"), ("SOCLE_PROFILE", "prod"), ("SOCLE_BODY_BYTES", "x")]
)
def test_a_wrong_setting_is_named(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(pydantic.ValidationError) as refused:
        Settings()
    assert refused.value.errors()[0]["loc"] == (name.removeprefix("SOCLE_").lower(),)


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_SECRET", "held-elsewhere")
    assert "held-elsewhere" not in repr(Settings())


def test_every_setting_is_described() -> None:
    kinds = (Settings, DirectorySettings)
    assert [
        name for kind in kinds for name, field in kind.model_fields.items() if not field.description
    ] == []
