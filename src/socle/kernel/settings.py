"""One typed object for the installation's settings; each service adds its own beside it, in its manifest.

Every field is an environment variable `SOCLE_<NAME>` or a line of the file `socle.env` in the data folder.
`docs/settings.md` is generated from these classes.
"""

from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from socle.kernel.unreadable import unreadable

S = TypeVar("S", bound="ServiceSettings")
CHECKOUT = Path(__file__).resolve().parents[3]


def default_home() -> Path:
    """`var/` in a checkout, `~/.local/share/socle` for an installed package."""
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / "var"
    return Path.home() / ".local" / "share" / "socle"


class ServiceSettings(BaseSettings):
    """Base of a service's settings class; the subclass fixes `env_prefix`."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)


class Settings(ServiceSettings):
    """What every part of an installation shares."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_", extra="ignore", frozen=True)

    profile: Literal["demo", "production"] = Field(
        "demo",
        description="demo: fictional people, loopback, no keys to manage. production: refuses to start without real "
        "keys, TLS in front, PostgreSQL, and carries no persona.",
    )
    home: Path = Field(
        default_factory=default_home, description="Data folder: database, keys, logs, rejects."
    )
    database: str = Field(
        "",
        description="`postgresql://user@host/base`, or `sqlite:///path`; empty: a SQLite file in the data folder.",
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on.")
    base_url: str = Field("", description="Public address used in links; empty: http://localhost:PORT.")
    secret: str = Field(
        "",
        description="The master key: everything secret is sealed or signed under it. Hold it where the backups are "
        "not. Empty in demo: one is made in the data folder.",
        repr=False,
    )
    secret_previous: str = Field(
        "",
        description="The master key before this one, while `socle keys rewrap` runs and as long as backups made under "
        "it may be restored.",
        repr=False,
    )
    territory: str = Field(
        "fr", description="The package of facts of the country served: `socle.territory.<name>`."
    )
    demo_size: Literal["village", "town", "department", "nation"] = Field(
        "town", description="Size of the fictional territory that `socle up` loads into an empty demo."
    )
    request_seconds: float = Field(
        30.0, gt=0, description="A request that takes longer is stopped and told so."
    )
    body_bytes: int = Field(1_048_576, ge=1024, description="Largest request body accepted.")
    target_bytes: int = Field(16_384, ge=512, description="Longest request target (path and query) accepted.")
    reader_connections: int = Field(4, ge=1, le=64, description="PostgreSQL connections kept for reading.")
    writer_connections: int = Field(8, ge=1, le=64, description="PostgreSQL connections kept for writing.")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'socle.sqlite3'}"

    @property
    def public_url(self) -> str:
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def production(self) -> bool:
        return self.profile == "production"


@cache
def settings() -> Settings:
    """The installation's settings, read once per process; tests call `settings.cache_clear()`.

    Raises SocleError: SETTINGS_UNREADABLE.
    """
    return read_settings(Settings, _read(Settings, None).home)


def read_settings(kind: type[S], home: Path | None = None) -> S:
    """Settings of this class from the environment, then from `socle.env` in the data folder.

    Raises SocleError: SETTINGS_UNREADABLE.
    """
    file = (home or settings().home) / "socle.env"
    return _read(kind, file if file.exists() else None)


def _read(kind: type[S], file: Path | None) -> S:
    try:
        return kind(_env_file=file)
    except ValidationError as wrong:
        raise unreadable(kind, wrong) from None
