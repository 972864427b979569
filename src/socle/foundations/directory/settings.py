"""The directory's settings."""

from functools import cache

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from socle.kernel.apikeys.incidents import read_shares
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
    calls_a_second: int = Field(
        0,
        ge=0,
        description="Calls to `/fhir/v2` that one API key may make each second, in each process; 0: as many as it "
        "likes. 17 gives the national service's limit.",
    )
    incidents: str = Field(
        "",
        description="Incidents of `/fhir/v2` on demand, with their share of the calls in percent: `502:5 slow:10`. "
        "Known: 401, 429, 502, 504, slow. Refused in production.",
        examples=["502:5 slow:10"],
    )
    slow_seconds: float = Field(
        3.0, ge=0, le=60, description="How long a call waits that comes late on demand."
    )

    registration_range: str = Field(
        "8999",
        pattern=r"^[0-9]{1,8}$",
        description="First digits of the RPPS numbers that self-registered persons are given. Numbers that begin with "
        "8997, 8998 or 8999 belong to nobody.",
    )
    registration_code_hours: int = Field(
        24, ge=1, le=168, description="How long a code that confirms an address is good for."
    )
    registration_confirm_days: int = Field(
        7, ge=1, le=90, description="A registration whose address is not confirmed so soon is abandoned."
    )
    registration_decide_days: int = Field(
        30,
        ge=1,
        le=365,
        description="A registration that its employer does not decide upon is then abandoned.",
    )
    registration_correct_days: int = Field(
        15, ge=1, le=90, description="A registration that is not corrected so soon is abandoned."
    )
    registration_keep_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="A closed, refused or abandoned registration is forgotten after so long; the number given stays.",
    )

    registration_machine_factor: int = Field(
        10,
        ge=1,
        le=1000,
        description="How many times more is heard from one address of the network than from one person, of "
        "declarations and of codes: 10 lets 30 through, then slows them down, and hears nothing for a quarter of an "
        "hour after 100. An employer whose people all leave by one address may need more.",
    )

    @field_validator("incidents")
    @classmethod
    def _readable(cls, value: str) -> str:
        read_shares(value)
        return value


@cache
def directory_settings() -> DirectorySettings:
    return read_settings(DirectorySettings)
