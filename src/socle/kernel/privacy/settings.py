"""Privacy's settings."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class PrivacySettings(ServiceSettings):
    """How long what persons asked, and what is made for them, is kept."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_PRIVACY_", extra="ignore", frozen=True)

    requests_months: int = Field(
        60,
        ge=1,
        le=1200,
        description="Months for which a closed request of a person is kept, to show its delays.",
    )
    erasure_hours: int = Field(
        24,
        ge=0,
        le=240,
        description="Hours between the decision to erase a person and the erasure, in which it may be called off.",
    )
    file_days: int = Field(
        30, ge=1, le=90, description="Days for which the file of a person’s data waits to be taken."
    )


@cache
def privacy_settings() -> PrivacySettings:
    """Read once per process; tests call `privacy_settings.cache_clear()`."""
    return read_settings(PrivacySettings)
