"""How the audit trail calls itself."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings


class AuditSettings(ServiceSettings):
    """Settings of the audit trail."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_AUDIT_", extra="ignore", frozen=True)

    origin: str = Field(
        "socle.localhost/audit",
        pattern=r"^[^\s+]+$",
        description="The name of this installation's audit trail: the first line of each signed head, and the name of "
        "the key that signs it. Choose it once, unique in the world: a domain that you hold, and a path.",
    )
    keep_months: int = Field(
        0,
        ge=0,
        le=1200,
        description="Months after which entries are removed from the trail, their leaves staying; 0: never.",
    )


def audit_settings() -> AuditSettings:
    """As the environment and `socle.env` say now."""
    return read_settings(AuditSettings)
