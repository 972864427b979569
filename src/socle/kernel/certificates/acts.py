"""Every write to the register: issue, revoke, forget. Each is journaled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from socle.kernel.access import OPERATOR, declare, require
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.certificates.authorities import BEFORE, issuer, new_serial, places_of
from socle.kernel.certificates.faults import (
    CERTIFICATE_UNKNOWN,
    NAME_REFUSED,
    OFFER_UNKNOWN,
    REASON_UNKNOWN,
    REQUEST_REFUSED,
)
from socle.kernel.certificates.register import Issued, by_serial
from socle.kernel.clock import EPOCH, micros, now
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.work import record
from socle.standards.igc.certificates import PublicKey, RequestFault, certify, check_request
from socle.standards.igc.names import NameFault, Structure, organisation_subject
from socle.standards.igc.profiles import PROFILES, Offer
from socle.standards.igc.revocation import Reason

ISSUED: Final = action("certificates.issued", Kind.CREATE, "Certificat émis", "Certificate issued")
REVOKED: Final = action("certificates.revoked", Kind.UPDATE, "Certificat révoqué", "Certificate revoked")
TEND: Final = declare(
    "certificates.manage",
    "Émettre et révoquer les certificats de l’autorité locale",
    "Issue and revoke the certificates of the local authority",
    roles=(OPERATOR,),
)
OF_STRUCTURES: Final = tuple(offer for offer in Offer if offer is not Offer.PS_AUTH)
"""What a structure can be given; a card is a professional's."""
_KEPT: Final = 366 * 86_400 * 1_000_000
_ADD = (
    "INSERT INTO certificates_certificate (serial, kid, offer, structure, name, der, issued, ends) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
)
_REVOKE = (
    "UPDATE certificates_certificate SET revoked = ?2, reason = ?3 WHERE serial = ?1 AND revoked IS NULL"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: `service` is the name of a service, or of a server, whose other names are `hosts`; `ends` is
    the moment after which it no longer counts, the offer's own when None."""

    offer: Offer
    structure: Structure
    service: str
    key: PublicKey
    hosts: tuple[str, ...] = ()
    ends: datetime | None = None


def read_offer(text: str) -> Offer:
    """Raises SocleError(OFFER_UNKNOWN)."""
    for offer in OF_STRUCTURES:
        if offer.value == text.strip().upper():
            return offer
    raise SocleError(OFFER_UNKNOWN, received=text[:40], known=", ".join(OF_STRUCTURES))


def read_request(content: bytes) -> PublicKey:
    """The key of a PKCS #10 request, in PEM or in DER, whose asker holds it. Raises SocleError(REQUEST_REFUSED)."""
    pem = content.lstrip().startswith(b"-----")
    try:
        request = x509.load_pem_x509_csr(content) if pem else x509.load_der_x509_csr(content)
        return check_request(request)
    except RequestFault as refused:
        raise SocleError(REQUEST_REFUSED, why=str(refused)) from None
    except (ValueError, UnsupportedAlgorithm):
        raise SocleError(REQUEST_REFUSED, why="PKCS #10, PEM or DER") from None


def issue(unit: Unit, by: Acting, wanted: Wanted) -> Issued:
    """A certificate for a structure. Raises Refused, SocleError: NAME_REFUSED, REQUEST_REFUSED, TEST_AUTHORITY."""
    require(by, TEND)
    try:
        kid, certificate = _certified(unit, wanted)
    except NameFault as refused:
        told = {"received": refused.received[:80], "would_pass": refused.would_pass}
        raise SocleError(NAME_REFUSED, **told) from None
    except RequestFault as refused:
        raise SocleError(REQUEST_REFUSED, why=str(refused)) from None
    return _registered(unit, by, wanted, kid, certificate)


def _certified(unit: Unit, wanted: Wanted) -> tuple[str, x509.Certificate]:
    """The name of the key that signed, and the certificate. Raises NameFault, RequestFault."""
    subject, authority = organisation_subject(wanted.structure, wanted.service), PROFILES[wanted.offer].issuer
    kid, signer = issuer(unit, authority)
    hosts = tuple(dict.fromkeys((wanted.service, *wanted.hosts))) if wanted.offer is Offer.SERV_SSL else ()
    begins = now().replace(microsecond=0) - BEFORE
    return kid, certify(
        wanted.offer,
        subject,
        wanted.key,
        signer,
        places_of(authority),
        serial=new_serial(),
        begins=begins,
        ends=wanted.ends,
        hosts=hosts,
    )


def _registered(unit: Unit, by: Acting, wanted: Wanted, kid: str, made: x509.Certificate) -> Issued:
    der, ends = (
        made.public_bytes(Encoding.DER),
        (made.not_valid_after_utc - EPOCH) // timedelta(microseconds=1),
    )
    one = Issued(
        f"{made.serial_number:x}",
        kid,
        wanted.offer,
        wanted.structure.id,
        wanted.service,
        der,
        micros(),
        ends,
        None,
        "",
    )
    unit.execute(
        _ADD, one.serial, kid, one.offer.value, one.structure, one.name, one.der, one.issued, one.ends
    )
    data = {"offer": one.offer.value, "structure": one.structure, "service": one.name}
    record(unit, Entry(ISSUED, by, target=f"Certificate/{one.serial}", data=data))
    return one


def read_reason(text: str) -> Reason:
    """Raises SocleError(REASON_UNKNOWN)."""
    name = text.strip().upper().replace("-", "_")
    if name not in Reason.__members__:
        known = ", ".join(sorted(one.lower().replace("_", "-") for one in Reason.__members__))
        raise SocleError(REASON_UNKNOWN, received=text[:40], known=known)
    return Reason[name]


def revoke(unit: Unit, by: Acting, *, serial: str, reason: Reason = Reason.UNSPECIFIED) -> Issued:
    """From now on it does not count. There is no way back (RFC 5280 knows one, «certificateHold», which the IGC-Santé
    does not use). Raises Refused, SocleError(CERTIFICATE_UNKNOWN)."""
    require(by, TEND)
    number, at = serial.strip().lower().replace(":", "").lstrip("0"), micros()
    if not unit.execute(_REVOKE, number, at, reason.name):
        raise SocleError(CERTIFICATE_UNKNOWN, serial=serial[:60])
    one = by_serial(unit, number)
    assert one is not None
    record(unit, Entry(REVOKED, by, target=f"Certificate/{number}", data={"reason": reason.name.lower()}))
    return one


def forget_ended(unit: Unit) -> int:
    """Those that ended more than a year ago, which no list names any more."""
    return unit.execute("DELETE FROM certificates_certificate WHERE ends < ?1", micros() - _KEPT)
