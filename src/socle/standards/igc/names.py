"""Who a certificate names: authorities, structures, servers, professionals."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from socle.standards.annuaire.identifiers import Check, check_structure

_SERVICE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._\-]{0,62}[A-Za-z0-9])?")
_DEPARTMENT: Final = re.compile(r".{1,120} \((?:\d[0-9AB]|97\d|98\d)\)")
# RFC 5280 appendix A: the longest text of these attributes.
_TEXT_LIMIT: Final = 64
INSI_SERVICES: Final = frozenset({"INSI-AUTO", "INSI-MANU"})
"""What INSi wants a certificate to be called: for calls that a machine makes, and that a person makes."""


class NameFault(ValueError):
    """A name that no certificate bears: `received` is what came, `rule` what refuses it, `would_pass` what would do."""

    def __init__(self, received: str, rule: str, would_pass: str) -> None:
        super().__init__(f"{received[:80]!r}: {rule}; {would_pass}")
        self.received, self.rule, self.would_pass = received, rule, would_pass


class Authority(StrEnum):
    """The authorities that are played: two ranges, each with its root; the elementary one serves organisations."""

    ROOT = "AC RACINE IGC-SANTE ELEMENTAIRE"
    ORGANISATIONS = "AC IGC-SANTE ELEMENTAIRE ORGANISATIONS"
    STRONG_ROOT = "AC RACINE IGC-SANTE FORT"
    PERSONS = "AC IGC-SANTE FORT PERSONNES"

    @property
    def parent(self) -> "Authority":
        """Who certifies it; a root, itself."""
        return {self.ORGANISATIONS: self.ROOT, self.PERSONS: self.STRONG_ROOT}.get(self, self)


@dataclass(frozen=True, slots=True)
class Naming:
    """How authorities are named. The default is the published test branch, which software in the field asks for by its
    name; the keys are another's, so that nothing real trusts them."""

    prefix: str = "TEST "
    organisation: str = "ASIP-SANTE"
    units: tuple[str, ...] = ("0002 187512751", "IGC-SANTE TEST")

    def of(self, authority: Authority) -> x509.Name:
        return _name(
            (NameOID.COUNTRY_NAME, "FR"),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            *((NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in self.units),
            (NameOID.COMMON_NAME, self.prefix + authority.value),
        )


@dataclass(frozen=True, slots=True)
class Structure:
    """The legal entity that carries a certificate: `id` is its national identification (`1` and a FINESS number, `3`
    and a SIRET…), `name` what it is called, `department` as `Rhône (69)`."""

    id: str
    name: str
    department: str


def organisation_subject(structure: Structure, service: str) -> x509.Name:
    """The subject of a structure's certificate for one of its services, or for a server when `service` is a host name.
    Raises NameFault."""
    # Test structures have numbers whose key is wrong.
    if check_structure(structure.id) is Check.MALFORMED:
        rule = "the unit (OU) is the national identification of the structure (TRE_G07)"
        raise NameFault(
            structure.id, rule, "1 and nine characters of a FINESS number, 2 and a SIREN, 3 and a SIRET"
        )
    if not _DEPARTMENT.fullmatch(structure.department):
        raise NameFault(
            structure.department, "the state (ST) is the department", "a name and its code: Rhône (69)"
        )
    if not _SERVICE.fullmatch(service):
        rule = "the common name (CN) is that of a service or of a server"
        raise NameFault(service, rule, "1 to 64 letters and digits, with spaces, dots, hyphens between them")
    return _name(
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.STATE_OR_PROVINCE_NAME, structure.department),
        (NameOID.ORGANIZATION_NAME, structure.name.strip()[:_TEXT_LIMIT]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, structure.id),
        (NameOID.COMMON_NAME, service),
    )


def person_subject(national_id: str, family: str, given: str, profession: str) -> x509.Name:
    """The subject of a professional's card: the title, then one relative name of three parts, of which the common name
    is the national identification."""
    one = [
        x509.NameAttribute(NameOID.COMMON_NAME, national_id),
        x509.NameAttribute(NameOID.SURNAME, family[:_TEXT_LIMIT]),
        x509.NameAttribute(NameOID.GIVEN_NAME, given[:_TEXT_LIMIT]),
    ]
    title = x509.NameAttribute(NameOID.TITLE, profession[:_TEXT_LIMIT])
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")
    return x509.Name(
        [
            x509.RelativeDistinguishedName([country]),
            x509.RelativeDistinguishedName([title]),
            x509.RelativeDistinguishedName(one),
        ]
    )


def structure_id(subject: x509.Name) -> str:
    """The national identification of the structure that carries a certificate; empty when its subject has none."""
    return _first(subject, NameOID.ORGANIZATIONAL_UNIT_NAME)


def common_name(subject: x509.Name) -> str:
    """The service, the server or the person; empty when the subject has none."""
    return _first(subject, NameOID.COMMON_NAME)


def check_for_insi(subject: x509.Name) -> None:
    """Raises NameFault: INSi takes no certificate of another name."""
    name = common_name(subject)
    if name not in INSI_SERVICES:
        raise NameFault(name, "INSi wants a certificate of its own", " or ".join(sorted(INSI_SERVICES)))


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def _first(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next((str(one.value) for one in subject.get_attributes_for_oid(oid)), "")
