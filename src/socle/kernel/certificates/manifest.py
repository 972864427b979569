"""The local authority's manifest: what it publishes is open to all; the command line issues and revokes."""

from socle.kernel.access import PUBLIC
from socle.kernel.certificates.authorities import PREFIX
from socle.kernel.certificates.settings import CertificateSettings
from socle.kernel.manifest import (
    Counter,
    Endpoint,
    Fidelity,
    Manifest,
    Mount,
    Retention,
    Standard,
    Text,
    Wing,
)

_PACKAGE = "socle.kernel.certificates"
_RFC = "https://www.rfc-editor.org/rfc/"


def _endpoint(path: str, fr: str, en: str, *methods: str, source: str, curl: str = "") -> Endpoint:
    title, fidelity = Text(fr, en), Fidelity.ASSUMED
    return Endpoint(PREFIX + path, methods or ("GET",), title, fidelity, source, PUBLIC, curl)


MANIFEST = Manifest(
    name="certificates",
    wing=Wing.GROUND,
    title=Text("Certificats", "Certificates"),
    subtitle=Text(
        "une autorité d’essai, ses listes, son OCSP", "a test authority, its lists, its OCSP responder"
    ),
    system="IGC-Santé",
    standards=(
        Standard("X.509", "RFC 5280", f"{_RFC}rfc5280"),
        Standard("OCSP", "RFC 6960", f"{_RFC}rfc6960"),
        Standard("PKCS #10", "RFC 2986", f"{_RFC}rfc2986"),
    ),
    mounts=(Mount(PREFIX, f"{_PACKAGE}.doors.publishing:door"),),
    endpoints=(
        _endpoint("/chaine.pem", "Chaîne des autorités", "Chain of the authorities", source="RFC 7468"),
        _endpoint("/chaine.p7b", "Chaîne, PKCS #7", "Chain, PKCS #7", source="RFC 2315"),
        _endpoint(
            "/ac/{authority}.cer",
            "Certificat d’une autorité",
            "Certificate of an authority",
            source="RFC 5280",
        ),
        _endpoint(
            "/crl/{authority}.crl", "Liste des certificats révoqués", "Revocation list", source="RFC 5280 §5"
        ),
        _endpoint(
            "/ocsp/{authority}", "État d’un certificat", "State of a certificate", "POST", source="RFC 6960"
        ),
        _endpoint(
            "/ocsp/{authority}/{request}",
            "État d’un certificat",
            "State of a certificate",
            source="RFC 6960 appendix A.1",
        ),
    ),
    impersonal=(
        "certificates_authority.kid",
        "certificates_authority.name",
        "certificates_authority.parent",
        "certificates_authority.der",
        "certificates_certificate.serial",
        "certificates_certificate.kid",
        "certificates_certificate.offer",
        "certificates_certificate.structure",
        "certificates_certificate.name",
        "certificates_certificate.der",
        "certificates_certificate.reason",
    ),
    retention=(
        Retention(
            "ended",
            Text("certificats finis depuis plus d’un an", "certificates that ended more than a year ago"),
            f"{_PACKAGE}.acts:forget_ended",
        ),
    ),
    settings=CertificateSettings,
    counters=(
        Counter(Text("certificats en vigueur", "certificates in force"), f"{_PACKAGE}.register:in_force"),
    ),
    django_app=_PACKAGE,
    order=940,
)
