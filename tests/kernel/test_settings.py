"""Settings: environment, then the file of the data folder."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pydantic
import pytest

from socle.app.manifests import house
from socle.foundations.directory.settings import DirectorySettings
from socle.kernel.errors import SocleError
from socle.kernel.notify.settings import NotifySettings
from socle.kernel.settings import ServiceSettings, Settings, read_settings, settings
from socle.kernel.unreadable import SETTINGS_UNREADABLE
from socle.kernel.webhooks.settings import WebhookSettings


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


@pytest.mark.parametrize(
    ("kind", "name", "value", "told"),
    [
        (
            Settings,
            "SOCLE_PORT",
            "70000",
            "SOCLE_PORT is “70000”: give a whole number, at least 0, at most 65535",
        ),
        (Settings, "SOCLE_PROFILE", "prod", "SOCLE_PROFILE is “prod”: give one of: demo, production"),
        (Settings, "SOCLE_REQUEST_SECONDS", "", "SOCLE_REQUEST_SECONDS is “”: give a number, more than 0"),
        (Settings, "SOCLE_PORT", "smtp://u:pass-word@h", "SOCLE_PORT is “smtp://***@h”: give a whole number"),
        (WebhookSettings, "SOCLE_WEBHOOKS_ALLOW_PRIVATE", "maybe", "is “maybe”: give true or false"),
        (
            NotifySettings,
            "SOCLE_MAIL_RELAY",
            "u:pass-word@h",
            "SOCLE_MAIL_RELAY (its value is not shown): give for",
        ),
        (
            NotifySettings,
            "SOCLE_MAIL_FROM",
            "nobody\x1b",
            "SOCLE_MAIL_FROM is “nobody\\x1b”: give for example Socle",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_what_would_pass(
    home: Path, monkeypatch: pytest.MonkeyPatch, kind: type[ServiceSettings], name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SocleError) as refused:
        read_settings(kind, home)
    assert refused.value.kind is SETTINGS_UNREADABLE
    assert told in refused.value.sentence("en")
    assert name in refused.value.sentence("fr")
    assert "pass-word" not in "".join(traceback.format_exception(refused.value))


def test_all_that_cannot_be_read_is_told_at_once_wherever_it_is_written(home: Path) -> None:
    (home / "socle.env").write_text("SOCLE_PORT=x\nSOCLE_BODY_BYTES=1\n")
    with pytest.raises(SocleError) as refused:
        settings()
    assert "SOCLE_PORT vaut «\u00a0x\u00a0»" in refused.value.sentence()
    assert "SOCLE_BODY_BYTES vaut «\u00a01\u00a0»" in refused.value.sentence()


def test_a_setting_that_is_read_by_code_of_its_own_gives_an_example_that_passes() -> None:
    kinds = {manifest.settings for manifest in house() if manifest.settings} | {Settings}
    tried = [
        (kind, name, kind.model_fields[name].examples)
        for kind in kinds
        for validator in kind.__pydantic_decorators__.field_validators.values()
        for name in validator.info.fields
    ]
    assert len(tried) >= 4
    for kind, name, examples in tried:
        assert examples, (kind, name)
        assert getattr(kind(**{name: examples[0]}), name) == examples[0]
