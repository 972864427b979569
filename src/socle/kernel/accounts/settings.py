"""Settings of the accounts."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class AccountsSettings(ServiceSettings):
    """How long what an agent was given lasts."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_ACCOUNTS_", extra="ignore", frozen=True)

    idle_minutes: int = Field(
        30, ge=1, le=24 * 60, description="A session that nobody uses for so long ends."
    )
    session_hours: int = Field(12, ge=1, le=72, description="A session ends after so long, used or not.")
    invitation_hours: int = Field(72, ge=1, le=30 * 24, description="An invitation link works for so long.")
    review_days: int = Field(
        30, ge=1, le=180, description="Days to confirm the roles of a structure in its yearly review."
    )


@cache
def accounts_settings() -> AccountsSettings:
    return read_settings(AccountsSettings)
