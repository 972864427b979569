"""What each kind of certificate may be used for (gabarits IGC-Santé; RFC 5280 §4.2.1.3 and §4.2.1.12)."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from socle.standards.igc.names import Authority

CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH


class Offer(StrEnum):
    """A kind of certificate that can be asked for."""

    ORG_AUTH_CLI = "ORG_AUTH_CLI"
    ORG_SIGN = "ORG_SIGN"
    ORG_CONF = "ORG_CONF"
    SERV_SSL = "SERV_SSL"
    PS_AUTH = "PS_AUTH"


@dataclass(frozen=True, slots=True)
class Profile:
    """`years` is how long one counts. Servers of the sector are clients of one another with the same certificate, as
    mail operators are: both uses are written."""

    issuer: Authority
    years: int
    signs: bool = False
    commits: bool = False
    enciphers_keys: bool = False
    enciphers_data: bool = False
    uses: tuple[x509.ObjectIdentifier, ...] = ()

    @property
    def key_usage(self) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=self.signs,
            content_commitment=self.commits,
            key_encipherment=self.enciphers_keys,
            data_encipherment=self.enciphers_data,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )


PROFILES: Final = MappingProxyType(
    {
        Offer.ORG_AUTH_CLI: Profile(Authority.ORGANISATIONS, 3, signs=True, uses=(CLIENT,)),
        Offer.ORG_SIGN: Profile(Authority.ORGANISATIONS, 3, signs=True, commits=True),
        Offer.ORG_CONF: Profile(Authority.ORGANISATIONS, 3, enciphers_keys=True, enciphers_data=True),
        Offer.SERV_SSL: Profile(
            Authority.ORGANISATIONS, 3, signs=True, enciphers_keys=True, uses=(SERVER, CLIENT)
        ),
        Offer.PS_AUTH: Profile(Authority.PERSONS, 3, signs=True, uses=(CLIENT,)),
    }
)
