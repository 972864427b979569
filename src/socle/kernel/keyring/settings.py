"""The keyring's settings."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class KeyringSettings(ServiceSettings):
    """Where the key file is kept."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_BACKUP_", extra="ignore", frozen=True)

    folder: Path | None = Field(
        None,
        description="Folder of the backups. When it is set, each erasure destroys the person's key in its key file at "
        "once; otherwise at the next backup.",
    )


@cache
def keyring_settings() -> KeyringSettings:
    """Read once per process; tests call `keyring_settings.cache_clear()`."""
    return read_settings(KeyringSettings)
