"""Keys that sign, and their life: announced, active, retired, removed.

Who checks a signature must have been able to read its key before: a new key is announced, and signs only once it has
been readable for as long as its purpose asks. A retired key signs no more (its private part is destroyed) and is served
as long as something it signed may be shown; then it is removed from what is served. Its row stays.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.introductions import HEAD_PURPOSE
from socle.kernel.audit.succession import statement
from socle.kernel.clock import EPOCH, from_micros, now
from socle.kernel.db import Database, Row, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.faults import NO_SIGNING_KEY, TOO_EARLY, UNKNOWN_PURPOSE
from socle.kernel.keys import current_master, master_named
from socle.kernel.work import record

WRAPPED_FOR = "signing"
_KID_BYTES, _ES256_BYTES = 16, 32
_RSA_EXPONENT, _RSA_BITS = 65_537, 3_072
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
_SPKI = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
_PKCS8 = (
    serialization.Encoding.DER,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)
PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey

ANNOUNCED = action("keys.announced", Kind.CREATE, "Clé de signature annoncée", "Signing key announced")
ACTIVATED = action("keys.activated", Kind.UPDATE, "Clé de signature mise en usage", "Signing key put in use")
REMOVED = action("keys.removed", Kind.DELETE, "Clé de signature retirée", "Signing key removed")


@dataclass(frozen=True, slots=True)
class Purpose:
    """`announced` is how long a key must have been readable before it signs, `kept` how long it is served after it
    signed last."""

    algorithm: str
    announced: timedelta
    kept: timedelta


PURPOSES = {
    # The sequencer signs a head over the announcement within seconds; heads are checked for as long as the trail lives.
    "audit-head": Purpose("Ed25519", timedelta(minutes=1), timedelta(days=36_500)),
    # Who checks tokens reads the keys anew once a day at least; a token and its renewals last less than two days.
    "token": Purpose("ES256", timedelta(days=1), timedelta(days=2)),
    # An authority's certificate follows its key, and lasts ten years, a root's twenty; a list is signed by the key that
    # signed what it names.
    **{
        f"igc-{name}": Purpose("RS256", timedelta(0), timedelta(days=20 * 365))
        for name in ("racine-elementaire", "elementaire-organisations", "racine-fort", "fort-personnes")
    },
}
_GENERATE: dict[str, Callable[[], PrivateKey]] = {
    "Ed25519": Ed25519PrivateKey.generate,
    "ES256": lambda: generate_private_key(SECP256R1()),
    "RS256": lambda: generate_rsa(_RSA_EXPONENT, _RSA_BITS),
}
_COLUMNS = "kid, purpose, algorithm, state, public, announced, activated, retired, removed"
_OF_STATE = (
    "SELECT kid, algorithm, public, sealed, master FROM keyring_signing WHERE purpose = ?1 AND state = ?2"
)
_INSERT = (
    "INSERT INTO keyring_signing (kid, purpose, algorithm, state, public, sealed, master, announced, activated) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING"
)


_SUCCEED = (
    "INSERT INTO keyring_succession (kid, public, predecessor, signature, at) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (kid) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What is served of a key. `public` is a SubjectPublicKeyInfo in DER."""

    kid: str
    purpose: str
    algorithm: str
    state: str
    public: bytes
    announced: datetime
    activated: datetime | None
    retired: datetime | None
    removed: datetime | None

    @property
    def raw(self) -> bytes:
        """The 32 bytes of an Ed25519 key (RFC 8032 §5.1.5)."""
        return _raw(self.public)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key in use; `public` is a SubjectPublicKeyInfo in DER."""

    kid: str
    algorithm: str
    public: bytes
    private: PrivateKey

    def sign(self, data: bytes) -> bytes:
        """64 bytes: the Ed25519 signature, or that of ES256 as RFC 7518 §3.4 writes it (R then S); as many as the key
        has for RS256 (RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 §3.3)."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(data)
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(data, ECDSA(hashes.SHA256())))
        return r.to_bytes(_ES256_BYTES, "big") + s.to_bytes(_ES256_BYTES, "big")

    @property
    def raw(self) -> bytes:
        """The 32 bytes of an Ed25519 public key (RFC 8032 §5.1.5)."""
        return _raw(self.public)


def signing_key(session: Session, purpose: str) -> SigningKey:
    """The key in use. In a unit the first one is made when there is none, and the trail says so; a reading session
    raises SocleError(NO_SIGNING_KEY)."""
    _purpose(purpose)
    row = session.fetch_one(_OF_STATE, purpose, "active")
    if row is None and hasattr(session, "execute_together"):
        _create(session, purpose, "active", BY_SYSTEM)  # type: ignore[arg-type]
        row = session.fetch_one(_OF_STATE, purpose, "active")
    if row is None:
        raise SocleError(NO_SIGNING_KEY, purpose=purpose)
    kid, algorithm, public, sealed, master = row
    return SigningKey(kid, algorithm, bytes(public), _private(kid, bytes(sealed), master))


def public_keys(session: Session, purpose: str = "", *, removed: bool = False) -> list[PublicKey]:
    """The keys that are served, the oldest first: of one purpose or of all, with those removed since when asked."""
    rows = session.fetch(f"SELECT {_COLUMNS} FROM keyring_signing ORDER BY announced, kid")
    keys = [_public_key(row) for row in rows]
    return [key for key in keys if purpose in ("", key.purpose) and (removed or key.state != "removed")]


def rotate(unit: Unit, purpose: str, by: Acting = BY_SYSTEM, *, forced: bool = False) -> PublicKey:
    """One step of a key's replacement: announce a new one; or, when one is announced, put it in use.

    Raises SocleError(TOO_EARLY) as long as the announced key may not be known everywhere, unless `forced` (the key in
    use was stolen). Returns the key that was announced or put in use.
    """
    _purpose(purpose)
    waiting = [key for key in public_keys(unit, purpose) if key.state == "announced"]
    if waiting:
        _activate(unit, waiting[0], by, forced)
        kid = waiting[0].kid
    else:
        first = unit.fetch_one(_OF_STATE, purpose, "active") is None
        kid = _create(unit, purpose, "active" if first else "announced", by)
        if purpose == HEAD_PURPOSE and not first:
            _vouch(unit, kid)
    return next(key for key in public_keys(unit, purpose) if key.kid == kid)


def introduce_again(unit: Unit, key: PublicKey, by: Acting) -> None:
    """Tell the trail of a key that it has forgotten: it was restored from before the key's entry."""
    told = ANNOUNCED if key.state == "announced" else ACTIVATED
    _tell(unit, told, by, key.kid, key.purpose, key.algorithm, key.public)


def remove_outlived(unit: Unit, by: Acting = BY_SYSTEM) -> list[str]:
    """Stop serving the retired keys whose signatures nobody shows any more; returns their names."""
    moment = now()
    outlived = [
        key
        for key in public_keys(unit)
        if key.retired is not None and key.retired + PURPOSES[key.purpose].kept <= moment
    ]
    for key in outlived:
        unit.execute(
            "UPDATE keyring_signing SET state = 'removed', removed = ?2 WHERE kid = ?1",
            key.kid,
            _micros(moment),
        )
        record(unit, Entry(REMOVED, by, target=f"Key/{key.kid}", data={"purpose": key.purpose}))
    return [key.kid for key in outlived]


def remove_outlived_keys(db: Database) -> Mapping[str, int]:
    """The daily job."""
    with db.unit() as unit:
        return {"keys": len(remove_outlived(unit))}


def _create(unit: Unit, purpose: str, state: str, by: Acting) -> str:
    """The name of the new key; of two units that create one at once, the second keeps the first's."""
    algorithm, master, moment = _purpose(purpose).algorithm, current_master(), _micros(now())
    private = _GENERATE[algorithm]()
    public = private.public_key().public_bytes(*_SPKI)
    kid = sha256(public).digest()[:_KID_BYTES].hex()
    sealed = master.wrap(WRAPPED_FOR, kid, private.private_bytes(*_PKCS8))
    activated = moment if state == "active" else None
    if unit.execute(_INSERT, kid, purpose, algorithm, state, public, sealed, master.id, moment, activated):
        _tell(unit, ACTIVATED if activated else ANNOUNCED, by, kid, purpose, algorithm, public)
        return kid
    row = unit.fetch_one(_OF_STATE, purpose, state)
    return row[0] if row else kid


def _vouch(unit: Unit, kid: str) -> None:
    """The key in use signs for the one that will follow it: so a trail restored from before knows the new one."""
    outgoing = signing_key(unit, HEAD_PURPOSE)
    public = next(key.raw for key in public_keys(unit, HEAD_PURPOSE) if key.kid == kid)
    signature = outgoing.sign(statement(outgoing.raw, public))
    unit.execute(_SUCCEED, kid, public, outgoing.raw, signature, _micros(now()))


def _activate(unit: Unit, key: PublicKey, by: Acting, forced: bool) -> None:
    moment = now()
    earliest = key.announced + PURPOSES[key.purpose].announced
    if moment < earliest and not forced:
        raise SocleError(
            TOO_EARLY,
            purpose=key.purpose,
            announced=f"{key.announced:%Y-%m-%d %H:%M:%S} UTC",
            earliest=f"{earliest:%Y-%m-%d %H:%M:%S} UTC",
        )
    unit.execute(
        "UPDATE keyring_signing SET state = 'retired', retired = ?2, sealed = NULL "
        "WHERE purpose = ?1 AND state = 'active'",
        key.purpose,
        _micros(moment),
    )
    unit.execute(
        "UPDATE keyring_signing SET state = 'active', activated = ?2 WHERE kid = ?1", key.kid, _micros(moment)
    )
    _tell(unit, ACTIVATED, by, key.kid, key.purpose, key.algorithm, key.public)


def _tell(unit: Unit, told: Any, by: Acting, kid: str, purpose: str, algorithm: str, public: bytes) -> None:
    data = {"purpose": purpose, "algorithm": algorithm, "public": b64encode(public).decode()}
    record(unit, Entry(told, by, target=f"Key/{kid}", data=data))


def _purpose(name: str) -> Purpose:
    if name not in PURPOSES:
        raise SocleError(UNKNOWN_PURPOSE, purpose=name, known=", ".join(PURPOSES))
    return PURPOSES[name]


@lru_cache(maxsize=8)
def _private(kid: str, sealed: bytes, master: str) -> PrivateKey:
    clear = master_named(master).unwrap(WRAPPED_FOR, kid, sealed)
    key = serialization.load_der_private_key(clear, password=None)
    assert isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey)
    return key


def _raw(public: bytes) -> bytes:
    key = serialization.load_der_public_key(public)
    assert isinstance(key, Ed25519PublicKey)
    return key.public_bytes(*_RAW)


def _public_key(row: Row) -> PublicKey:
    kid, purpose, algorithm, state, public, *moments = row
    announced, activated, retired, removed = (_moment(one) for one in moments)
    assert announced is not None
    return PublicKey(kid, purpose, algorithm, state, bytes(public), announced, activated, retired, removed)


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
