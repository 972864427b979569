"""The settings of the local authority."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings
from socle.standards.igc.names import Naming

_TEST = Naming()


class CertificateSettings(ServiceSettings):
    """How authorities are named. As shipped they bear the names of the published test branch, and a production refuses
    to issue anything under them."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_CERTIFICATES_", extra="ignore", frozen=True)

    prefix: str = Field(_TEST.prefix, max_length=20, description="What the names of authorities begin with.")
    organisation: str = Field(
        _TEST.organisation, min_length=1, max_length=64, description="Organisation (O) of the authorities."
    )
    units: str = Field(
        ", ".join(_TEST.units), description="Units (OU) of the authorities, separated by commas."
    )

    @property
    def naming(self) -> Naming:
        units = tuple(unit.strip() for unit in self.units.split(",") if unit.strip())
        return Naming(self.prefix, self.organisation, units)

    @property
    def is_test(self) -> bool:
        return self.naming == _TEST


@cache
def certificate_settings() -> CertificateSettings:
    """Read once per process; tests call `certificate_settings.cache_clear()`."""
    return read_settings(CertificateSettings)
