"""Certificates and their revocation, judged by OpenSSL, which did not make them."""

import re
import shutil
import subprocess
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.igc.certificates import (
    CURVES,
    Issuer,
    Places,
    PrivateKey,
    RequestFault,
    authority_certificate,
    certify,
    check_key,
    check_request,
)
from socle.standards.igc.names import (
    Authority,
    NameFault,
    Naming,
    Structure,
    check_for_insi,
    common_name,
    organisation_subject,
    person_subject,
    structure_id,
)
from socle.standards.igc.profiles import PROFILES, Offer
from socle.standards.igc.revocation import Known, Reason, Revoked, Unknown, answer, revocation_list

OPENSSL = shutil.which("openssl")
NOW = datetime.now(UTC).replace(microsecond=0)
TOMORROW = NOW + timedelta(days=1)
BEGAN = NOW - timedelta(days=1)
HOSPITAL = Structure("1690900006", "CENTRE HOSPITALIER FICTIF DE LYON", "Rhône (69)")
PLACES = Places("http://igc.test/ac.cer", "http://igc.test/ac.crl", "http://igc.test/ocsp")
CARD = person_subject("899700000009", "MODÈLE", "CAMILLE", "Médecin")
# A seal says no use: OpenSSL then looks at what its key may do.
TAKEN = {
    Offer.ORG_AUTH_CLI: {"sslclient"},
    Offer.ORG_SIGN: {"sslclient", "sslserver"},
    Offer.ORG_CONF: {"sslserver"},
    Offer.SERV_SSL: {"sslclient", "sslserver"},
    Offer.PS_AUTH: {"sslclient"},
}
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="needs the openssl command: apt install openssl")


def new_key() -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Chain:
    roots: dict[Authority, Issuer]
    issuers: dict[Authority, Issuer]
    folder: Path

    def certified(self, offer: Offer, serial: int, ends: datetime | None = None) -> x509.Certificate:
        subject = CARD if offer is Offer.PS_AUTH else organisation_subject(HOSPITAL, "mss.exemple.test")
        by, hosts = self.issuers[PROFILES[offer].issuer], ("mss.exemple.test",)
        key = new_key().public_key()
        asked = hosts if offer is Offer.SERV_SSL else ()
        return certify(offer, subject, key, by, PLACES, serial=serial, begins=BEGAN, ends=ends, hosts=asked)

    def file(self, *certificates: x509.Certificate) -> Path:
        path = self.folder / f"{certificates[0].serial_number}-{len(certificates)}.pem"
        path.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in certificates))
        return path

    def whole(self, offer: Offer) -> Path:
        """The file of the authorities that lead to a certificate of the offer."""
        by = PROFILES[offer].issuer
        return self.file(self.issuers[by].certificate, self.roots[by.parent].certificate)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    roots: dict[Authority, Issuer] = {}
    issuers: dict[Authority, Issuer] = {}
    for serial, authority in enumerate(Authority, 1):
        key = new_key()
        by = roots.get(authority.parent)
        made = authority_certificate(authority, key, Naming(), serial=serial, begins=BEGAN, by=by)
        (issuers if by else roots)[authority] = Issuer(made, key)
    return Chain(roots, issuers, tmp_path_factory.mktemp("igc"))


def openssl(*arguments: str | Path) -> str:
    assert OPENSSL
    done = subprocess.run([OPENSSL, *arguments], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


# -- Certificates


@needs_openssl
@pytest.mark.parametrize("offer", Offer)
def test_openssl_takes_a_certificate_for_what_it_is_for(chain: Chain, offer: Offer) -> None:
    file = chain.file(chain.certified(offer, 100 + list(Offer).index(offer)))
    for purpose in ("sslclient", "sslserver"):
        said = openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", chain.whole(offer), file)
        assert (": OK" in said) is (purpose in TAKEN[offer]), said


@needs_openssl
def test_one_range_does_not_vouch_for_the_other(chain: Chain) -> None:
    file = chain.file(chain.certified(Offer.ORG_AUTH_CLI, 120))
    assert ": OK" in openssl("verify", "-CAfile", chain.whole(Offer.ORG_AUTH_CLI), file)
    assert ": OK" not in openssl("verify", "-CAfile", chain.whole(Offer.PS_AUTH), file)


@needs_openssl
def test_an_authority_of_organisations_makes_no_authority(chain: Chain) -> None:
    by = chain.issuers[Authority.ORGANISATIONS]
    key = new_key()
    naming = Naming(prefix="FAUX ")
    forged = Issuer(authority_certificate(Authority.ROOT, key, naming, serial=130, begins=BEGAN, by=by), key)
    subject = organisation_subject(HOSPITAL, "INSI-AUTO")
    leaf = certify(
        Offer.ORG_AUTH_CLI, subject, new_key().public_key(), forged, PLACES, serial=131, begins=BEGAN
    )
    between = chain.file(forged.certificate, by.certificate)
    said = openssl("verify", "-CAfile", chain.whole(Offer.ORG_SIGN), "-untrusted", between, chain.file(leaf))
    assert "path length constraint exceeded" in said


def test_authorities_bear_the_names_that_software_asks_for(chain: Chain) -> None:
    named = chain.issuers[Authority.ORGANISATIONS].certificate.subject.rfc4514_string()
    assert named == (
        "CN=TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS,OU=IGC-SANTE TEST,OU=0002 187512751,O=ASIP-SANTE,C=FR"
    )


def test_a_structure_carries_its_certificate(chain: Chain) -> None:
    subject = chain.certified(Offer.ORG_AUTH_CLI, 140).subject
    assert subject.rfc4514_string() == (
        "CN=mss.exemple.test,OU=1690900006,O=CENTRE HOSPITALIER FICTIF DE LYON,ST=Rhône (69),C=FR"
    )
    assert (structure_id(subject), common_name(subject)) == ("1690900006", "mss.exemple.test")


def test_a_card_names_the_professional(chain: Chain) -> None:
    subject = chain.certified(Offer.PS_AUTH, 141).subject
    assert common_name(subject) == "899700000009"
    assert structure_id(subject) == ""
    assert [len(part) for part in subject.rdns] == [1, 1, 3]


def test_a_certificate_ends_with_its_authority_at_the_latest(chain: Chain) -> None:
    by = chain.issuers[Authority.ORGANISATIONS]
    last = by.certificate.not_valid_after_utc
    key = new_key().public_key()
    subject = organisation_subject(HOSPITAL, "INSI-MANU")
    for begins, ends, wanted in (
        (BEGAN, None, BEGAN + timedelta(days=3 * 365)),
        (BEGAN, TOMORROW, TOMORROW),
        (last - timedelta(days=1), None, last),
    ):
        made = certify(Offer.ORG_SIGN, subject, key, by, PLACES, serial=150, begins=begins, ends=ends)
        assert made.not_valid_after_utc == wanted


# -- Refusals


@pytest.mark.parametrize(
    ("structure", "service", "said"),
    [
        (Structure("1abc", "X", "Rhône (69)"), "dmp", "'1abc'"),
        (Structure("", "X", "Rhône (69)"), "dmp", "FINESS"),
        (Structure("1690900006", "X", "Rhône"), "dmp", "'Rhône'"),
        (HOSPITAL, "", "common name"),
        (HOSPITAL, "a" * 65, "1 to 64"),
        (HOSPITAL, "dmp\n", "common name"),
    ],
)
def test_a_name_that_is_refused_says_what_would_pass(structure: Structure, service: str, said: str) -> None:
    with pytest.raises(NameFault, match=said) as refused:
        organisation_subject(structure, service)
    assert refused.value.rule
    assert refused.value.would_pass


@given(st.text(max_size=70) | st.text("aB3 .-_", max_size=70))
def test_a_service_is_named_or_refused(service: str) -> None:
    named = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?", service, re.ASCII)
    with nullcontext() if named else pytest.raises(NameFault, match="common name"):
        assert common_name(organisation_subject(HOSPITAL, service)) == service


def test_insi_has_names_of_its_own() -> None:
    for name in ("INSI-AUTO", "INSI-MANU"):
        check_for_insi(organisation_subject(HOSPITAL, name))
    with pytest.raises(NameFault, match="INSI-AUTO or INSI-MANU"):
        check_for_insi(organisation_subject(HOSPITAL, "DMP"))


def test_weak_keys_are_refused(chain: Chain) -> None:
    for key in (
        rsa.generate_private_key(65537, 1024).public_key(),
        ec.generate_private_key(ec.SECP192R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
    ):
        with pytest.raises(RequestFault):
            check_key(key)
    for curve in (ec.SECP256R1(), ec.SECP384R1()):
        assert curve.name in CURVES
        check_key(ec.generate_private_key(curve).public_key())


def test_a_server_needs_a_name(chain: Chain) -> None:
    by = chain.issuers[Authority.ORGANISATIONS]
    subject = organisation_subject(HOSPITAL, "mss.exemple.test")
    with pytest.raises(RequestFault, match="names it is reached by"):
        certify(Offer.SERV_SSL, subject, new_key().public_key(), by, PLACES, serial=1, begins=BEGAN)


def test_a_request_proves_that_its_key_is_held() -> None:
    key = new_key()
    builder = x509.CertificateSigningRequestBuilder().subject_name(organisation_subject(HOSPITAL, "dmp"))
    der = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert check_request(x509.load_der_x509_csr(der)) == key.public_key()
    with pytest.raises(RequestFault, match="not signed"):
        check_request(x509.load_der_x509_csr(der[:-1] + bytes([der[-1] ^ 1])))


# -- Revocation


def listed(by: Issuer, *revoked: Revoked) -> bytes:
    return revocation_list(by, revoked, number=7, updated=BEGAN, next_update=TOMORROW)


@needs_openssl
@pytest.mark.parametrize("reason", Reason)
def test_openssl_reads_the_list(chain: Chain, reason: Reason) -> None:
    by = chain.issuers[Authority.ORGANISATIONS]
    kept, lost = chain.certified(Offer.ORG_AUTH_CLI, 200), chain.certified(Offer.ORG_AUTH_CLI, 201)
    file = chain.folder / "list.pem"
    made = x509.load_der_x509_crl(listed(by, Revoked(201, NOW, reason)))
    file.write_bytes(made.public_bytes(Encoding.PEM))
    for one, wanted in ((kept, ": OK"), (lost, "certificate revoked")):
        whole = chain.whole(Offer.ORG_AUTH_CLI)
        assert wanted in openssl("verify", "-crl_check", "-CRLfile", file, "-CAfile", whole, chain.file(one))
    # The code of what is not said is left out.
    assert ("X509v3 CRL Reason Code" in openssl("crl", "-in", file, "-noout", "-text")) is (
        reason is not Reason.UNSPECIFIED
    )


@needs_openssl
def test_openssl_reads_the_answers(chain: Chain) -> None:
    by = chain.issuers[Authority.ORGANISATIONS]
    known: dict[int, Known] = {300: None, 301: Revoked(301, BEGAN, Reason.KEY_COMPROMISE)}
    whole = chain.whole(Offer.ORG_AUTH_CLI)
    asked, answered = chain.folder / "asked.der", chain.folder / "answered.der"
    for serial, wanted in ((300, "good"), (301, "revoked"), (302, "unknown")):
        leaf = chain.file(chain.certified(Offer.ORG_AUTH_CLI, serial))
        issuer = chain.file(by.certificate)
        openssl("ocsp", "-issuer", issuer, "-cert", leaf, "-reqout", asked)
        told = answer(
            asked.read_bytes(), by, lambda one: known.get(one, Unknown()), updated=BEGAN, next_update=TOMORROW
        )
        answered.write_bytes(told)
        trusted = ("-issuer", issuer, "-respin", answered, "-CAfile", whole)
        assert "Response verify OK" in openssl("ocsp", "-reqin", asked, *trusted), "the nonce comes back"
        said = openssl("ocsp", *trusted, "-no_nonce", "-cert", leaf)
        assert "Response verify OK" in said, said
        assert f": {wanted}" in said


def status(request: bytes, by: Issuer) -> ocsp.OCSPResponseStatus:
    def never(serial: int) -> Known:
        raise AssertionError(f"nobody asked about {serial}")

    der = answer(request, by, never, updated=BEGAN, next_update=TOMORROW)
    return ocsp.load_der_ocsp_response(der).response_status


def test_a_question_about_another_authority_is_not_answered(chain: Chain) -> None:
    other = chain.issuers[Authority.PERSONS]
    leaf = chain.certified(Offer.PS_AUTH, 310)
    asked = ocsp.OCSPRequestBuilder().add_certificate(leaf, other.certificate, hashes.SHA1()).build()
    by = chain.issuers[Authority.ORGANISATIONS]
    assert status(asked.public_bytes(Encoding.DER), by) is ocsp.OCSPResponseStatus.UNAUTHORIZED


@given(st.binary(max_size=200))
def test_what_is_no_question_is_said_to_be_none(chain: Chain, request: bytes) -> None:
    assert status(request, chain.issuers[Authority.PERSONS]) is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
