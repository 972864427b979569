"""What the authority publishes, over HTTP, read by OpenSSL."""

import asyncio
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import ocsp

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.certificates.acts import Wanted, issue, revoke
from socle.kernel.certificates.authorities import PREFIX
from socle.kernel.certificates.doors.publishing import PublishingDoor
from socle.kernel.certificates.register import Issued
from socle.kernel.db import Database, close_database, open_database
from socle.kernel.edge import Edge, Limits
from socle.kernel.settings import settings
from socle.standards.igc.names import Structure
from socle.standards.igc.profiles import Offer

OPENSSL = shutil.which("openssl")
HOSPITAL = Structure("1690900006", "CENTRE HOSPITALIER FICTIF DE LYON", "Rhône (69)")
WANTED = Wanted(Offer.ORG_AUTH_CLI, HOSPITAL, "DMP", ec.generate_private_key(ec.SECP256R1()).public_key())
AUTHORITY = "elementaire-organisations"
OCSP = {"Content-Type": "application/ocsp-request"}


@dataclass
class Asker:
    db: Database
    runner: asyncio.Runner
    edge: Edge

    def ask(self, path: str, method: str = "GET", content: bytes = b"") -> httpx.Response:
        async def once() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.edge)) as client:
                url = f"http://igc.test{PREFIX}/{path}"
                return await client.request(method, url, content=content, headers=OCSP)

        return self.runner.run(once())

    def got(self, path: str, kind: str, method: str = "GET", content: bytes = b"") -> bytes:
        answer = self.ask(path, method, content)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind), answer.text
        return answer.content

    def issued(self) -> Issued:
        with self.db.unit() as unit:
            return issue(unit, BY_SYSTEM, WANTED)

    def revoked(self, one: Issued) -> None:
        with self.db.unit() as unit:
            revoke(unit, BY_SYSTEM, serial=one.serial)


@pytest.fixture
def asker(database_url: str) -> Iterator[Asker]:
    opened, door = open_database(database_url), PublishingDoor()
    edge = Edge(door, Limits.of(settings()), lambda scope, error, reference: door.tell(error, reference))
    with asyncio.Runner() as runner:
        runner.run(opened.open())
        try:
            yield Asker(opened, runner, edge)
        finally:
            runner.run(opened.aclose())
            close_database()


def openssl(*arguments: str | Path) -> str:
    assert OPENSSL
    done = subprocess.run([OPENSSL, *arguments], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.skipif(not OPENSSL, reason="needs the openssl command: apt install openssl")
def test_openssl_follows_the_list_from_one_revocation_to_the_next(asker: Asker, tmp_path: Path) -> None:
    kept, lost = asker.issued(), asker.issued()
    igc, revoked = tmp_path / "igc.pem", tmp_path / "list.crl"
    igc.write_bytes(asker.got("chaine.pem", "application/x-pem-file"))
    files = {one.serial: tmp_path / f"{one.serial}.pem" for one in (kept, lost)}
    for one in (kept, lost):
        files[one.serial].write_bytes(one.certificate.public_bytes(Encoding.PEM))

    def verdict(one: Issued) -> str:
        revoked.write_bytes(asker.got(f"crl/{AUTHORITY}.crl", "application/pkix-crl"))
        given = ("-crl_check", "-CRLfile", revoked, "-CAfile", igc)
        return openssl("verify", *given, files[one.serial])

    assert ": OK" in verdict(lost)
    asker.revoked(lost)
    assert "certificate revoked" in verdict(lost)
    assert ": OK" in verdict(kept)


def state(answered: bytes) -> ocsp.OCSPCertStatus:
    return ocsp.load_der_ocsp_response(answered).certificate_status


def test_the_state_of_a_certificate_is_told_by_both_methods(asker: Asker) -> None:
    one = asker.issued()
    issuer = x509.load_der_x509_certificate(asker.got(f"ac/{AUTHORITY}.cer", "application/pkix-cert"))
    asked = ocsp.OCSPRequestBuilder().add_certificate(one.certificate, issuer, hashes.SHA256()).build()
    der = asked.public_bytes(Encoding.DER)
    encoded, kind = quote(b64encode(der), safe=""), "application/ocsp-response"
    assert state(asker.got(f"ocsp/{AUTHORITY}", kind, "POST", der)) is ocsp.OCSPCertStatus.GOOD
    asker.revoked(one)
    assert state(asker.got(f"ocsp/{AUTHORITY}", kind, "POST", der)) is ocsp.OCSPCertStatus.REVOKED
    assert state(asker.got(f"ocsp/{AUTHORITY}/{encoded}", kind)) is ocsp.OCSPCertStatus.REVOKED
    for wrong in ("%%%", "c29jbGU"):
        answered = ocsp.load_der_ocsp_response(asker.got(f"ocsp/{AUTHORITY}/{wrong}", kind))
        assert answered.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_a_certificate_says_where_its_authority_publishes(asker: Asker) -> None:
    extensions = asker.issued().certificate.extensions
    access = extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    lists = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    places = [one.access_location.value for one in access] + [lists[0].full_name[0].value]
    base = settings().public_url
    assert [place.removeprefix(base) for place in places] == [
        f"/igc/ocsp/{AUTHORITY}",
        f"/igc/ac/{AUTHORITY}.cer",
        f"/igc/crl/{AUTHORITY}.crl",
    ]
    for path in places[1:]:
        assert asker.ask(path.removeprefix(f"{base}{PREFIX}/")).status_code == 200


def test_the_chain_is_one_file(asker: Asker) -> None:
    asker.issued()
    der = asker.got("chaine.p7b", "application/x-pkcs7-certificates")
    assert len(pkcs7.load_der_pkcs7_certificates(der)) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"ac/{AUTHORITY}.cer", 404),
        ("GET", f"crl/{AUTHORITY}.crl", 404),
        ("POST", f"ocsp/{AUTHORITY}", 404),
        ("GET", "chaine.pem", 404),
        ("GET", "ac/another.cer", 404),
        ("GET", f"ocsp/{AUTHORITY}", 405),
        ("DELETE", f"ocsp/{AUTHORITY}", 405),
        ("POST", "chaine.pem", 405),
        ("GET", "", 404),
    ],
)
def test_what_is_not_there_is_refused_as_a_problem(asker: Asker, method: str, path: str, status: int) -> None:
    answer = asker.ask(path, method)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["rule"]
