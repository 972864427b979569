"""The authorities of this installation: made the first time that one is needed, each certified by its root."""

import secrets
from datetime import timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.certificates.faults import AUTHORITY_UNKNOWN, TEST_AUTHORITY
from socle.kernel.certificates.settings import certificate_settings
from socle.kernel.clock import micros, now
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.signing import SigningKey, signing_key
from socle.kernel.settings import settings
from socle.kernel.work import record
from socle.standards.igc.certificates import SERIAL_BITS, Issuer, Places, PrivateKey, authority_certificate
from socle.standards.igc.names import Authority

MADE: Final = action(
    "certificates.authority", Kind.CREATE, "Autorité de certification créée", "Certification authority made"
)
PREFIX: Final = "/igc"
_CODES: Final = {
    Authority.ROOT: "racine-elementaire",
    Authority.ORGANISATIONS: "elementaire-organisations",
    Authority.STRONG_ROOT: "racine-fort",
    Authority.PERSONS: "fort-personnes",
}
_NAMED: Final = {code: authority for authority, code in _CODES.items()}
_HELD = "SELECT der FROM certificates_authority WHERE kid = ?1"
_LATEST = "SELECT kid, der FROM certificates_authority WHERE name = ?1 ORDER BY made DESC, kid LIMIT 1"
_ALL = "SELECT name, der FROM certificates_authority ORDER BY name, made, kid"
_MAKE = "INSERT INTO certificates_authority (kid, name, parent, der, made) VALUES (?1, ?2, ?3, ?4, ?5)"
# Clocks of clients that are a little behind take a new certificate too.
BEFORE: Final = timedelta(minutes=5)


def code_of(authority: Authority) -> str:
    """How an authority is called in addresses and in the keyring."""
    return _CODES[authority]


def authority_of(code: str) -> Authority:
    """Raises SocleError(AUTHORITY_UNKNOWN)."""
    if code not in _NAMED:
        raise SocleError(AUTHORITY_UNKNOWN, received=code[:60])
    return _NAMED[code]


def purpose_of(authority: Authority) -> str:
    return f"igc-{code_of(authority)}"


def new_serial() -> int:
    """A number that nobody foresees (CA/Browser Forum BR §7.1: 64 bits of chance at least)."""
    return secrets.randbits(SERIAL_BITS) | 1


def places_of(authority: Authority) -> Places:
    """Where an authority publishes, at the public address of this installation."""
    base, code = settings().public_url + PREFIX, code_of(authority)
    return Places(f"{base}/ac/{code}.cer", f"{base}/crl/{code}.crl", f"{base}/ocsp/{code}")


def issuer(unit: Unit, authority: Authority) -> tuple[str, Issuer]:
    """The name of the key that signs for an authority, and the authority at work; made when it is not yet. Raises
    SocleError(TEST_AUTHORITY) in a production that has no authority of its own."""
    if settings().production and certificate_settings().is_test:
        raise SocleError(TEST_AUTHORITY)
    key = signing_key(unit, purpose_of(authority))
    row = unit.fetch_one(_HELD, key.kid)
    if row is not None:
        return key.kid, _at_work(bytes(row[0]), key)
    return key.kid, _made(unit, authority, key)


def _made(unit: Unit, authority: Authority, key: SigningKey) -> Issuer:
    parent, by = ("", None) if authority.parent is authority else issuer(unit, authority.parent)
    serial, begins = new_serial(), now().replace(microsecond=0) - BEFORE
    naming = certificate_settings().naming
    made = authority_certificate(authority, _private(key), naming, serial=serial, begins=begins, by=by)
    unit.execute(_MAKE, key.kid, authority.name, parent, made.public_bytes(Encoding.DER), micros())
    record(unit, Entry(MADE, BY_SYSTEM, target=f"Authority/{code_of(authority)}", data={"kid": key.kid}))
    return Issuer(made, _private(key))


def published(session: Session, authority: Authority) -> tuple[str, x509.Certificate] | None:
    """The key's name and the certificate of an authority; None as long as it issued nothing."""
    row = session.fetch_one(_LATEST, authority.name)
    return (row[0], x509.load_der_x509_certificate(bytes(row[1]))) if row else None


def reading_issuer(session: Session, authority: Authority) -> tuple[str, Issuer] | None:
    """An authority at work where nothing may be made; None as long as it issued nothing."""
    found = published(session, authority)
    if found is None:
        return None
    key = signing_key(session, purpose_of(authority))
    row = session.fetch_one(_HELD, key.kid)
    return (key.kid, _at_work(bytes(row[0]), key)) if row else None


def chain(session: Session) -> list[x509.Certificate]:
    """The certificates of every authority that was made."""
    return [x509.load_der_x509_certificate(bytes(der)) for _, der in session.fetch(_ALL)]


def _at_work(der: bytes, key: SigningKey) -> Issuer:
    return Issuer(x509.load_der_x509_certificate(der), _private(key))


def _private(key: SigningKey) -> PrivateKey:
    assert isinstance(key.private, PrivateKey)
    return key.private
