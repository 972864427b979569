"""The directory's settings."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class DirectorySettings(ServiceSettings):
    """What an operator may change of the directory."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_DIRECTORY_", extra="ignore", frozen=True)

    rejects_percent: float = Field(
        1.0, ge=0, le=100, description="A file with more rejected lines than this share (%) is refused whole."
    )
    deactivations_percent: float = Field(
        5.0,
        ge=0,
        le=100,
        description="A full file that would deactivate more than this share (%) is refused.",
    )
    deactivations_floor: int = Field(
        200,
        ge=0,
        description="Below this many persons or mailboxes known to a source, deactivations are not counted.",
    )
    delta_days: int = Field(
        0,
        ge=0,
        description="0: `_lastUpdated` may go back as far as one likes. 30 gives the national service's limit.",
    )


@cache
def directory_settings() -> DirectorySettings:
    return read_settings(DirectorySettings)
