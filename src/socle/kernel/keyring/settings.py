"""The keyring's settings."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings, settings


class KeyringSettings(ServiceSettings):
    """Where the key file is kept."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_BACKUP_", extra="ignore", frozen=True)

    folder: Path | None = Field(
        None,
        description="Folder of the backups; unset: `backups` in the data folder. Each erasure destroys the person's "
        "key in its key file at once; copies taken elsewhere keep theirs.",
    )

    @property
    def followed(self) -> Path:
        """Where backups go unless another folder is named, and whose key file follows each erasure."""
        return self.folder or settings().home / "backups"


@cache
def keyring_settings() -> KeyringSettings:
    """Read once per process; tests call `keyring_settings.cache_clear()`."""
    return read_settings(KeyringSettings)
