"""The FHIR store's settings."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.engines.fhirstore.links import LIFETIME_HOURS
from socle.kernel.settings import ServiceSettings, read_settings


class FhirstoreSettings(ServiceSettings):
    """What an operator may change of the FHIR stores."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_FHIRSTORE_", extra="ignore", frozen=True)

    closed_hours: int = Field(
        LIFETIME_HOURS + 1,
        ge=LIFETIME_HOURS + 1,
        description="Hours for which a version that is no longer in force is kept: page links, which live "
        f"{LIFETIME_HOURS} hours, may still show it. Older ones are removed at the end of each load.",
    )


@cache
def fhirstore_settings() -> FhirstoreSettings:
    return read_settings(FhirstoreSettings)
