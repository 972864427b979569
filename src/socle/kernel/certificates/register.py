"""What was issued, as it is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from socle.kernel.clock import from_micros
from socle.kernel.db import Session
from socle.standards.igc.profiles import Offer
from socle.standards.igc.revocation import Known, Reason, Revoked, Unknown

_COLUMNS = "serial, kid, offer, structure, name, der, issued, ends, revoked, reason"
_ONE = f"SELECT {_COLUMNS} FROM certificates_certificate WHERE serial = ?1"
_LISTED = (
    f"SELECT {_COLUMNS} FROM certificates_certificate WHERE (?1 = '' OR structure = ?1) "
    "ORDER BY issued DESC, serial LIMIT ?2"
)
_REVOKED = (
    "SELECT serial, revoked, reason FROM certificates_certificate "
    "WHERE kid = ?1 AND revoked IS NOT NULL AND ends > ?2 ORDER BY serial"
)
_STATE = "SELECT revoked, reason FROM certificates_certificate WHERE serial = ?1 AND kid = ?2"
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Issued:
    """`serial` is in hexadecimal; moments are microseconds since 1970."""

    serial: str
    kid: str
    offer: Offer
    structure: str
    name: str
    der: bytes
    issued: int
    ends: int
    revoked: int | None
    reason: str

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    def is_in_force(self, now: int) -> bool:
        return self.revoked is None and now < self.ends


def by_serial(session: Session, serial: str) -> Issued | None:
    row = session.fetch_one(_ONE, serial)
    return _read(row) if row else None


def listed(session: Session, structure: str = "") -> list[Issued]:
    """The newest, of a structure or of all."""
    return [_read(row) for row in session.fetch(_LISTED, structure, MOST)]


def revoked_by(session: Session, kid: str, now: int) -> list[Revoked]:
    """What a key signed, was revoked since, and would still count."""
    rows = session.fetch(_REVOKED, kid, now)
    return [Revoked(int(serial, 16), _moment(at), Reason[reason]) for serial, at, reason in rows]


def known(session: Session, kid: str, serial: int) -> Known:
    """What an authority says of a number."""
    row = session.fetch_one(_STATE, f"{serial:x}", kid)
    if row is None:
        return Unknown()
    at, reason = row
    return None if at is None else Revoked(serial, _moment(at), Reason[reason])


def _moment(micros: int) -> datetime:
    return from_micros(micros).replace(microsecond=0)


def _read(row: tuple[Any, ...]) -> Issued:
    serial, kid, offer, structure, name, der, *rest = row
    return Issued(serial, kid, Offer(offer), structure, name, bytes(der), *rest)


def in_force(db: Any) -> int:
    """How many certificates count today: the room's figure."""
    from socle.kernel.clock import micros

    with db.reading() as session:
        row = session.fetch_one(
            "SELECT count(*) FROM certificates_certificate WHERE revoked IS NULL AND ends > ?1", micros()
        )
    return int(row[0]) if row else 0
