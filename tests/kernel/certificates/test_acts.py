"""The local authority on both engines: what it issues is its own, is in the trail, and ends when it is told to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from socle.kernel.access import AUDITOR, Refused
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.certificates.acts import (
    Wanted,
    forget_ended,
    issue,
    read_offer,
    read_reason,
    read_request,
    revoke,
)
from socle.kernel.certificates.authorities import chain, published
from socle.kernel.certificates.faults import (
    CERTIFICATE_UNKNOWN,
    NAME_REFUSED,
    OFFER_UNKNOWN,
    REASON_UNKNOWN,
    REQUEST_REFUSED,
    TEST_AUTHORITY,
)
from socle.kernel.certificates.register import Issued, by_serial, known, listed, revoked_by
from socle.kernel.certificates.settings import certificate_settings
from socle.kernel.clock import micros, now
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.settings import settings
from socle.standards.igc.names import Authority, Structure, common_name
from socle.standards.igc.profiles import Offer
from socle.standards.igc.revocation import Reason, Revoked, Unknown
from tests.support.inbox import facts_in_inbox

HOSPITAL = Structure("1690900006", "CENTRE HOSPITALIER FICTIF DE LYON", "Rhône (69)")
KEY = ec.generate_private_key(ec.SECP256R1())
WANTED = Wanted(Offer.ORG_AUTH_CLI, HOSPITAL, "INSI-AUTO", KEY.public_key())


def issued(db: Database, wanted: Wanted = WANTED) -> Issued:
    with db.unit() as unit:
        return issue(unit, BY_SYSTEM, wanted)


def told(db: Database, action: str) -> list[dict[str, object]]:
    return [one for one in facts_in_inbox(db) if one["action"] == action]


def refused(db: Database, wanted: Wanted) -> SocleError:
    with pytest.raises(SocleError) as failure, db.unit() as unit:
        issue(unit, BY_SYSTEM, wanted)
    return failure.value


def test_a_certificate_is_issued_by_an_authority_made_once(database: Database) -> None:
    first, second = issued(database), issued(database, replace(WANTED, service="DMP"))
    with database.reading() as session:
        found = published(session, Authority.ORGANISATIONS)
        assert found is not None
        kid, authority = found
        made = {common_name(one.subject): one for one in chain(session)}
        assert [one.serial for one in listed(session)] == [second.serial, first.serial]
        assert by_serial(session, first.serial) == first
    assert set(made) == {
        "TEST AC RACINE IGC-SANTE ELEMENTAIRE",
        "TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS",
    }
    for one in (first, second):
        assert one.kid == kid
        one.certificate.verify_directly_issued_by(authority)
        assert one.certificate.public_key() == KEY.public_key()
    authority.verify_directly_issued_by(made["TEST AC RACINE IGC-SANTE ELEMENTAIRE"])
    assert len(told(database, "certificates.authority")) == 2
    assert [one["target"] for one in told(database, "certificates.issued")] == [
        f"Certificate/{one.serial}" for one in (first, second)
    ]


def test_a_server_bears_every_name_once(database: Database) -> None:
    hosts = ("imap.exemple.test", "mss.exemple.test")
    one = issued(database, replace(WANTED, offer=Offer.SERV_SSL, service="mss.exemple.test", hosts=hosts))
    names = one.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["mss.exemple.test", "imap.exemple.test"]


def test_what_is_refused_leaves_nothing(database: Database) -> None:
    wrong = replace(WANTED, structure=replace(HOSPITAL, department="Rhône"))
    assert refused(database, wrong).kind is NAME_REFUSED
    assert "Rhône (69)" in str(refused(database, wrong).as_json())
    weak = ec.generate_private_key(ec.SECP192R1()).public_key()
    assert refused(database, replace(WANTED, key=weak)).kind is REQUEST_REFUSED
    with database.reading() as session:
        assert (listed(session), chain(session)) == ([], [])


def test_the_operator_alone_issues_and_revokes(database: Database) -> None:
    auditor = Actor(ActorKind.AGENT, "a-1", Assurance.SUBSTANTIAL, roles=frozenset({AUDITOR.code}))
    by, one = Acting(auditor, door="page"), issued(database)
    with database.unit() as unit:
        with pytest.raises(Refused):
            issue(unit, by, WANTED)
        with pytest.raises(Refused):
            revoke(unit, by, serial=one.serial)


def test_a_revoked_certificate_is_named_until_it_ends(database: Database) -> None:
    one, other = issued(database), issued(database)
    written = ":".join(one.serial.upper()[at : at + 2] for at in range(0, len(one.serial), 2))
    with database.unit() as unit:
        assert revoke(unit, BY_SYSTEM, serial=written, reason=Reason.KEY_COMPROMISE).revoked
        with pytest.raises(SocleError) as again:
            revoke(unit, BY_SYSTEM, serial=one.serial)
    assert again.value.kind is CERTIFICATE_UNKNOWN
    number = int(one.serial, 16)
    with database.reading() as session:
        named = known(session, one.kid, number)
        assert isinstance(named, Revoked)
        assert (named.serial, named.reason) == (number, Reason.KEY_COMPROMISE)
        assert known(session, one.kid, int(other.serial, 16)) is None
        assert isinstance(known(session, one.kid, 42), Unknown)
        assert isinstance(known(session, "another key", number), Unknown)
        assert revoked_by(session, one.kid, micros()) == [named]
        assert revoked_by(session, one.kid, one.ends) == []
    (entry,) = told(database, "certificates.revoked")
    assert entry["data"] == {"reason": "key_compromise"}


def test_the_register_forgets_a_year_after_the_end(database: Database) -> None:
    short = issued(database, replace(WANTED, ends=now() + timedelta(days=2)))
    for days, gone in ((3, 0), (370, 1)):
        with time_machine.travel(now() + timedelta(days=days)), database.unit() as unit:
            assert forget_ended(unit) == gone
    with database.reading() as session:
        assert by_serial(session, short.serial) is None


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOCLE_PROFILE", "production")
    monkeypatch.setenv("SOCLE_SECRET", "x" * 32)
    for read in (settings, certificate_settings):
        read.cache_clear()
    yield
    monkeypatch.undo()
    for read in (settings, certificate_settings):
        read.cache_clear()


@pytest.mark.usefixtures("production")
def test_production_issues_nothing_under_names_of_tests(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(database, WANTED).kind is TEST_AUTHORITY
    monkeypatch.setenv("SOCLE_CERTIFICATES_ORGANISATION", "REGION FICTIVE")
    monkeypatch.setenv("SOCLE_CERTIFICATES_PREFIX", "")
    certificate_settings.cache_clear()
    named = issued(database).certificate.issuer.rfc4514_string()
    assert "O=REGION FICTIVE" in named
    assert "TEST AC" not in named


def test_a_request_is_read_in_both_forms() -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    made = builder.sign(KEY, hashes.SHA256())
    for encoding in (Encoding.PEM, Encoding.DER):
        assert read_request(made.public_bytes(encoding)) == KEY.public_key()
    for content in (b"", b"-----BEGIN CERTIFICATE REQUEST-----", made.public_bytes(Encoding.DER)[:-9]):
        with pytest.raises(SocleError) as failure:
            read_request(content)
        assert failure.value.kind is REQUEST_REFUSED


def test_words_are_read_or_listed() -> None:
    assert read_offer(" org_auth_cli") is Offer.ORG_AUTH_CLI
    assert read_reason("key-compromise") is Reason.KEY_COMPROMISE
    for read, word, kind in ((read_offer, "PS_AUTH", OFFER_UNKNOWN), (read_reason, "lost", REASON_UNKNOWN)):
        with pytest.raises(SocleError) as failure:
            read(word)
        assert failure.value.kind is kind
        assert failure.value.data["known"]
