"""The outbox's settings."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.outbox.states import Patience
from socle.kernel.settings import ServiceSettings, read_settings


class OutboxSettings(ServiceSettings):
    """What an operator may change of the outbox."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_OUTBOX_", extra="ignore", frozen=True)

    tries: int = Field(
        7,
        ge=1,
        le=50,
        description="A delivery that failed this many times is parked and shown to the operator.",
    )
    retry_seconds: float = Field(
        1.0,
        gt=0,
        le=3600,
        description="Delay before the second try; each further one is four times longer, an hour at most.",
    )
    keep_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="Delivered events stay in the log this long: webhooks replay from it.",
    )
    look_milliseconds: int = Field(
        20,
        ge=1,
        le=10_000,
        description="How often a worker looks for events that another process committed.",
    )

    @property
    def patience(self) -> Patience:
        return Patience(self.tries, self.retry_seconds)


@cache
def outbox_settings() -> OutboxSettings:
    return read_settings(OutboxSettings)
