"""Certificates: of an authority, and of those whom it certifies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from socle.standards.igc.names import Authority, Naming
from socle.standards.igc.profiles import PROFILES, Offer

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
LEAST_RSA_BITS: Final = 2_048
CURVES: Final = ("secp256r1", "secp384r1")
SERIAL_BITS: Final = 159
"""RFC 5280 §4.1.2.2: a positive number of twenty bytes at most."""
_ROOT_YEARS, _AUTHORITY_YEARS = 20, 10
_YEAR: Final = timedelta(days=365)


class RequestFault(ValueError):
    """A request for a certificate that is refused; the message says what was received and what would pass."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority at work: its certificate, its key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class Places:
    """Where an authority publishes: its own certificate, its list of revoked ones, its OCSP responder."""

    certificate: str
    revoked: str
    ocsp: str


def authority_certificate(
    authority: Authority,
    key: PrivateKey,
    naming: Naming,
    *,
    serial: int,
    begins: datetime,
    by: Issuer | None = None,
) -> x509.Certificate:
    """That of a root, signed by itself; or of an authority that the root `by` certifies, which certifies no other."""
    subject = naming.of(authority)
    builder = _begun(subject, key.public_key(), by.certificate.subject if by else subject, serial)
    years = _AUTHORITY_YEARS if by else _ROOT_YEARS
    builder = builder.not_valid_before(begins).not_valid_after(begins + years * _YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0 if by else 1), critical=True)
    builder = builder.add_extension(_AUTHORITY_USE, critical=True)
    if by:
        builder = builder.add_extension(_key_of(by), critical=False)
    return _signed(builder, by.key if by else key)


def certify(
    offer: Offer,
    subject: x509.Name,
    key: PublicKey,
    by: Issuer,
    places: Places,
    *,
    serial: int,
    begins: datetime,
    ends: datetime | None = None,
    hosts: Sequence[str] = (),
) -> x509.Certificate:
    """A certificate of an offer; `ends` is sooner than its years, `hosts` are the names of a server. Raises
    RequestFault for a key that is too weak, and for a server without a name."""
    check_key(key)
    if offer is Offer.SERV_SSL and not hosts:
        raise RequestFault("a server's certificate holds the names it is reached by: give one or more")
    profile = PROFILES[offer]
    last = min(begins + profile.years * _YEAR, by.certificate.not_valid_after_utc)
    builder = _begun(subject, key, by.certificate.subject, serial)
    builder = builder.not_valid_before(begins).not_valid_after(min(ends or last, last))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(profile.key_usage, critical=True)
    builder = builder.add_extension(_key_of(by), critical=False)
    if profile.uses:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.uses), critical=False)
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return _signed(_published(builder, places), by.key)


def check_request(request: x509.CertificateSigningRequest) -> PublicKey:
    """The key of a request (PKCS #10), whose holder has shown to hold it. Its subject and extensions are not looked at:
    the authority writes its own. Raises RequestFault."""
    try:
        proven = request.is_signature_valid
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        proven = False
    if not proven:
        raise RequestFault(
            "the request is not signed with the key that it holds; make it again from your key"
        )
    return check_key(request.public_key())


def check_key(key: object) -> PublicKey:
    """Raises RequestFault for what is neither RSA of 2048 bits or more nor a curve of NIST."""
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < LEAST_RSA_BITS:
            raise RequestFault(f"the RSA key has {key.key_size} bits, fewer than {LEAST_RSA_BITS}")
        return key
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in CURVES:
            raise RequestFault(f"the curve is {key.curve.name}; {' and '.join(CURVES)} are taken")
        return key
    raise RequestFault(f"the key is {type(key).__name__.strip('_')}; RSA and elliptic curves are taken")


_AUTHORITY_USE: Final = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _begun(subject: x509.Name, key: PublicKey, issuer: x509.Name, serial: int) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(serial)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _key_of(by: Issuer) -> x509.AuthorityKeyIdentifier:
    known = by.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def _published(builder: x509.CertificateBuilder, places: Places) -> x509.CertificateBuilder:
    lists = x509.DistributionPoint([x509.UniformResourceIdentifier(places.revoked)], None, None, None)
    access = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(place))
        for method, place in (
            (AuthorityInformationAccessOID.OCSP, places.ocsp),
            (AuthorityInformationAccessOID.CA_ISSUERS, places.certificate),
        )
    ]
    builder = builder.add_extension(x509.CRLDistributionPoints([lists]), critical=False)
    return builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)


def _signed(builder: x509.CertificateBuilder, key: PrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())
