"""Privacy's settings."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class PrivacySettings(ServiceSettings):
    """How long what persons asked is kept."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_PRIVACY_", extra="ignore", frozen=True)

    requests_months: int = Field(
        60,
        ge=1,
        le=1200,
        description="Months for which a closed request of a person is kept, to show its delays.",
    )


@cache
def privacy_settings() -> PrivacySettings:
    """Read once per process; tests call `privacy_settings.cache_clear()`."""
    return read_settings(PrivacySettings)
