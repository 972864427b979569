"""The settings of notifications and of the mail that carries them."""

from email.headerregistry import Address
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from socle.kernel.notify.mail.relay import Relay, read_relay
from socle.kernel.settings import ServiceSettings, read_settings


class NotifySettings(ServiceSettings):
    """What an operator decides of notifications. A wrong relay is refused without being quoted: it may hold a
    password."""

    model_config = SettingsConfigDict(
        env_prefix="SOCLE_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    mail_relay: str = Field(
        "",
        description="The relay that mail leaves through: `smtp://user:password@host:587` (STARTTLS is required; "
        "`?starttls=no` for a relay of this machine, and no other) or `smtps://user:password@host:465`. Empty: "
        "no mail is sent.",
        examples=["smtps://user:password@relay.example:465"],
        repr=False,
    )
    mail_from: str = Field(
        "Socle <socle@localhost>",
        description="Who mail is from: `Name <address>`, or an address.",
        examples=["Socle <socle@health.example>"],
    )
    mail_ca_file: Path | None = Field(
        None,
        description="Authorities in PEM, beside those of the system, by which the relay's certificate counts.",
    )
    mail_seconds: float = Field(
        20.0,
        gt=0,
        le=120,
        description="A mail that the relay has not taken in so many seconds is tried again later.",
    )
    notify_keep_days: int = Field(
        180,
        ge=1,
        le=3650,
        description="Notifications, read or not, and what is known of mails stay this long.",
    )

    @field_validator("mail_relay")
    @classmethod
    def _readable(cls, written: str) -> str:
        if written:
            read_relay(written)
        return written

    @field_validator("mail_from")
    @classmethod
    def _address(cls, written: str) -> str:
        name, address = parseaddr(written)
        if not all(address.rpartition("@")) or not written.isprintable():
            raise ValueError("SOCLE_MAIL_FROM: expected `Name <address>`")
        Address(name, addr_spec=address)
        return written

    @property
    def relay(self) -> Relay | None:
        """None when no mail is sent."""
        if not self.mail_relay:
            return None
        return read_relay(self.mail_relay, ca_file=self.mail_ca_file, seconds=self.mail_seconds)

    @property
    def sender(self) -> Address:
        name, address = parseaddr(self.mail_from)
        return Address(name, addr_spec=address)


@cache
def notify_settings() -> NotifySettings:
    """Read once per process; tests call `notify_settings.cache_clear()`."""
    return read_settings(NotifySettings)
