"""What does not count any more: lists (RFC 5280 §5) and answers about one certificate (RFC 6960)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from socle.standards.igc.certificates import Issuer, PrivateKey


class Reason(Enum):
    """Why a certificate is revoked (RFC 5280 §5.3.1)."""

    UNSPECIFIED = x509.ReasonFlags.unspecified
    KEY_COMPROMISE = x509.ReasonFlags.key_compromise
    AFFILIATION_CHANGED = x509.ReasonFlags.affiliation_changed
    SUPERSEDED = x509.ReasonFlags.superseded
    CESSATION_OF_OPERATION = x509.ReasonFlags.cessation_of_operation


@dataclass(frozen=True, slots=True)
class Revoked:
    serial: int
    at: datetime
    reason: Reason = Reason.UNSPECIFIED


class Unknown:
    """The authority never issued this number."""


Known = Revoked | None | Unknown
"""What an authority knows of a serial number: revoked, well (None), never issued."""


def revocation_list(
    by: Issuer, revoked: Iterable[Revoked], *, number: int, updated: datetime, next_update: datetime
) -> bytes:
    """The list in DER. `number` grows by one each time (§5.2.3)."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
    builder = builder.last_update(updated).next_update(next_update)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    builder = builder.add_extension(_issuer_key(by), critical=False)
    for one in sorted(revoked, key=lambda each: each.serial):
        builder = builder.add_revoked_certificate(_entry(one))
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _entry(one: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(one.serial).revocation_date(one.at)
    if one.reason is not Reason.UNSPECIFIED:
        # §5.3.1: the code «unspecified» is left out.
        builder = builder.add_extension(x509.CRLReason(one.reason.value), critical=False)
    return builder.build()


def _issuer_key(by: Issuer) -> x509.AuthorityKeyIdentifier:
    known = by.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def answer(
    request: bytes, by: Issuer, look_up: Callable[[int], Known], *, updated: datetime, next_update: datetime
) -> bytes:
    """The OCSP answer in DER to a request in DER: signed by the authority itself, its nonce given back (RFC 8954). What
    is no request, and a question about another authority's certificates, get their own status without signature."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        digest = asked.hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return _without_answer(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not _is_about(asked, by, digest):
        return _without_answer(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    known = look_up(asked.serial_number)
    revoked = known if isinstance(known, Revoked) else None
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=digest,
        cert_status=_status(known),
        this_update=updated,
        next_update=next_update,
        revocation_time=revoked.at if revoked else None,
        revocation_reason=revoked.reason.value
        if revoked and revoked.reason is not Reason.UNSPECIFIED
        else None,
    )
    return _signed(builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate), asked, by.key)


def _is_about(asked: ocsp.OCSPRequest, by: Issuer, digest: hashes.HashAlgorithm) -> bool:
    """Whether the question names this authority: by the hash of its name and that of its key (RFC 6960 §4.1.1)."""
    name, key = by.certificate.subject.public_bytes(), _key_bits(by.key)
    return (asked.issuer_name_hash, asked.issuer_key_hash) == (_hash(digest, name), _hash(digest, key))


def _key_bits(key: PrivateKey) -> bytes:
    """What a certificate holds of a key, without its kind."""
    public = key.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public.public_bytes(Encoding.DER, PublicFormat.PKCS1)


def _hash(digest: hashes.HashAlgorithm, content: bytes) -> bytes:
    hashed = hashes.Hash(digest)
    hashed.update(content)
    return hashed.finalize()


def _status(known: Known) -> ocsp.OCSPCertStatus:
    if isinstance(known, Revoked):
        return ocsp.OCSPCertStatus.REVOKED
    return ocsp.OCSPCertStatus.GOOD if known is None else ocsp.OCSPCertStatus.UNKNOWN


def _signed(builder: ocsp.OCSPResponseBuilder, asked: ocsp.OCSPRequest, key: PrivateKey) -> bytes:
    try:
        nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        pass
    else:
        builder = builder.add_extension(nonce, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _without_answer(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
