"""The webhooks' settings."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class WebhookSettings(ServiceSettings):
    """What an operator may change of the webhooks."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_WEBHOOKS_", extra="ignore", frozen=True)

    allow_private: bool = Field(
        False,
        description="Whether a webhook may lead to a private network or to this machine (loopback).",
    )
    seconds: float = Field(
        10.0, gt=0, le=120, description="A subscriber answers within this time, or the message is sent again."
    )
    give_up_hours: float = Field(
        24.0, gt=0, description="A webhook that has failed for this long is suspended and shown."
    )
    batch_events: int = Field(100, ge=1, le=1000, description="Most events in one message.")
    batch_bytes: int = Field(
        262_144, ge=1024, description="A message is closed before it passes this size; one event may."
    )
    rotation_hours: float = Field(
        24.0,
        ge=0,
        description="After a new secret, messages carry a signature of the old one too for so long.",
    )
    ca_file: Path | None = Field(
        None, description="Certificates of authorities (PEM) trusted beside the system's own."
    )


@cache
def webhook_settings() -> WebhookSettings:
    return read_settings(WebhookSettings)
