"""Settings of those who run an installation: what it logs, who may read its figures, its TLS door and its proxies."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from socle.kernel.settings import ServiceSettings, read_settings

Network = IPv4Network | IPv6Network


class OperationSettings(ServiceSettings):
    """A secret among settings is declared with `repr=False`: the log masks its value wherever it turns up."""

    model_config = SettingsConfigDict(env_prefix="SOCLE_", extra="ignore", frozen=True)

    log_format: Literal["auto", "json", "human"] = Field(
        "auto",
        description="Form of the log, on standard error: `json` is one object a line; `human` is for a terminal; "
        "`auto` is human for a demo on a terminal, JSON elsewhere.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least serious records that are logged."
    )
    log_access: Literal["auto", "on", "off"] = Field(
        "auto",
        description="One line a request: method, path without its query, status, duration, identifier. `auto`: in "
        "production only.",
    )
    metrics_token: str = Field(
        "",
        description="Bearer token that reads `/metrics`; empty: only this machine reads it, and in production only if "
        "SOCLE_PROXIES names proxies that are elsewhere.",
        repr=False,
    )
    proxies: str = Field(
        "",
        description="Addresses or networks, with commas between, of the proxies in front: only they are believed "
        "about whom they speak for (`X-Forwarded-For`, `X-Forwarded-Proto`) and about a client's certificate "
        "(`Client-Cert`).",
        examples=["10.0.0.5, 192.168.1.0/24"],
    )
    tls_port: int = Field(
        0, ge=0, le=65535, description="Port of the TLS door, beside the plain port; 0: there is none."
    )
    tls_certificate: Path | None = Field(
        None, description="The server's certificate and its chain, in PEM; with it, the TLS door can open."
    )
    tls_key: Path | None = Field(
        None, description="The private key of that certificate, in PEM, without a password."
    )
    tls_client_ca: Path | None = Field(
        None, description="The authorities, in PEM, whose client certificates are accepted."
    )
    tls_client: Literal["required", "optional", "none"] = Field(
        "required", description="Whether who comes through the TLS door must show a certificate."
    )

    @field_validator("proxies")
    @classmethod
    def _networks(cls, listed: str) -> str:
        _parsed(listed)
        return listed

    @property
    def trusted_proxies(self) -> tuple[Network, ...]:
        return _parsed(self.proxies)


def _parsed(listed: str) -> tuple[Network, ...]:
    return tuple(ip_network(one.strip()) for one in listed.split(",") if one.strip())


def operation() -> OperationSettings:
    """As the environment and `socle.env` say now."""
    return read_settings(OperationSettings)
