"""Handing a mail to a relay that takes it, refuses it, puts it off, or says nothing."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from pydantic import ValidationError

from socle.kernel.errors import ErrorKind, SocleError
from socle.kernel.logs import Redactor, secret_values
from socle.kernel.notify.faults import MAIL_DEFERRED, MAIL_REFUSED, RELAY_UNREACHABLE
from socle.kernel.notify.mail.letter import Letter, Passage, message
from socle.kernel.notify.mail.relay import Answer, Relay, read_relay, send
from socle.kernel.notify.settings import NotifySettings
from socle.kernel.outbox.heard import Hopeless
from tests.support.mail_relay import DRIPPING, HANG_UP, PASSWORD, SILENCE, USER, MailRelay

NOBODY = "lea@exemple.test"
FROM = "socle@exemple.test"
STOP = "https://x.test/notifications/desabonnement?jeton=" + "a" * 200


def letter(to: str = NOBODY) -> EmailMessage:
    said = Letter(
        "fr",
        "Une délégation",
        [Passage("Titre", "Un texte accentué.\n.point seul\n.", "http://x.test/", "Ouvrir")],
        unsubscribe=STOP,
    )
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    return message(said, id="0123456789abcdef", at=at, sender=Address("Socle", addr_spec=FROM), to=to)


def handed(relay: Relay, to: str = NOBODY) -> Answer:
    return send(relay, letter(to), sender=FROM, to=to, own_name="socle.test")


@contextmanager
def listening(answers: dict[str, str] | None = None, **chosen: object) -> Iterator[tuple[MailRelay, Relay]]:
    """A relay of this machine, in clear, and how it is reached."""
    with MailRelay(answers=answers or {}, **chosen).listening() as there:  # type: ignore[arg-type]
        yield there, Relay("127.0.0.1", there.port, tls=False, starttls=False, seconds=5)


def refused(relay: Relay, kind: ErrorKind) -> SocleError:
    with pytest.raises(SocleError) as told:
        handed(relay)
    assert told.value.kind is kind
    return told.value


def server_context(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_relay_takes_a_mail_and_says_under_what_number() -> None:
    with listening() as (there, relay):
        assert str(handed(relay)) == "250 2.0.0 queued as 1"
        assert handed(relay) == Answer(250, "2.0.0 queued as 2")
    first, second = there.taken
    assert (first.sender, first.to, first.message["To"]) == (FROM, NOBODY, NOBODY)
    assert first.data == second.data, "a repetition is the same mail, under the same Message-ID"
    assert "\n.point seul\n.\n" in first.body().replace("\r\n", "\n")


def test_every_line_is_ascii_and_short_enough_for_any_relay() -> None:
    with listening(extensions=()) as (there, relay):
        handed(relay)
    lines = there.taken[0].data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() and b"\n" not in line for line in lines)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "TAKEN"])
@pytest.mark.parametrize(("status", "kind"), [(450, MAIL_DEFERRED), (550, MAIL_REFUSED)])
def test_4yz_is_tried_again_and_5yz_is_not(stage: str, status: int, kind: ErrorKind) -> None:
    with listening({stage: f"{status} 5.1.1 <{NOBODY}> not here"}) as (_, relay):
        told = refused(relay, kind)
    assert isinstance(told, Hopeless) is (kind is MAIL_REFUSED)
    assert told.data["status"] == status
    assert NOBODY not in str(told), "what a relay says may quote the address"


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "TAKEN"])
@pytest.mark.parametrize("answer", [SILENCE, DRIPPING])
def test_a_relay_that_never_answers_is_left(stage: str, answer: str) -> None:
    """One limit for the whole exchange: a byte now and then does not make it longer."""
    with listening({stage: answer}) as (_, relay):
        short = Relay(relay.host, relay.port, tls=False, starttls=False, seconds=0.1)
        assert refused(short, RELAY_UNREACHABLE).data == {"reason": "timeout"}


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"CONNECT": HANG_UP}, RELAY_UNREACHABLE),
        ({"RCPT": HANG_UP}, RELAY_UNREACHABLE),
        ({"CONNECT": "554 5.7.1 no service"}, MAIL_DEFERRED),
        ({"EHLO": "421 closing"}, MAIL_DEFERRED),
        ({"MAIL": "this is not SMTP"}, MAIL_DEFERRED),
        ({"RCPT": "250 " + "x" * 9_000}, MAIL_DEFERRED),
    ],
)
def test_a_relay_that_is_out_of_order_is_tried_again(answers: dict[str, str], kind: ErrorKind) -> None:
    with listening(answers) as (_, relay):
        assert not isinstance(refused(relay, kind), Hopeless)


def test_a_relay_that_is_not_there_is_tried_again() -> None:
    with listening() as (_, relay):
        pass
    assert refused(relay, RELAY_UNREACHABLE).data == {"reason": "ConnectionRefusedError"}


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_the_password_goes_over_tls_to_whom_the_certificate_names(
    scheme: str, authority: trustme.CA, tmp_path: Path
) -> None:
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    with listening(tls=server_context(authority), from_the_start=scheme == "smtps") as (there, _):
        written = f"{scheme}://{USER}:{quote(PASSWORD, safe='')}@localhost:{there.port}"
        handed(read_relay(written, ca_file=trusted, seconds=5))
        wrong = written.replace(quote(PASSWORD, safe=""), "autre")
        told = refused(read_relay(wrong, ca_file=trusted, seconds=5), RELAY_UNREACHABLE)
        assert told.data == {"reason": "auth 535"}
        assert refused(read_relay(written, seconds=5), RELAY_UNREACHABLE).data == {"reason": "tls"}
    (taken,) = there.taken
    assert taken.tls
    assert taken.signed_in


def test_a_certificate_for_another_name_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    with listening(tls=server_context(authority, "other.test")) as (there, _):
        told = refused(
            read_relay(f"smtp://localhost:{there.port}", ca_file=trusted, seconds=5), RELAY_UNREACHABLE
        )
    assert told.data == {"reason": "tls"}
    assert there.taken == []


def test_a_relay_that_no_longer_offers_starttls_gets_nothing() -> None:
    """As when somebody in between takes the offer away (RFC 3207 §6)."""
    with listening() as (there, _):
        told = refused(read_relay(f"smtp://127.0.0.1:{there.port}", seconds=5), RELAY_UNREACHABLE)
    assert told.data == {"reason": "starttls, auth"}
    assert there.taken == []


def test_an_address_with_accents_needs_a_relay_that_knows_them() -> None:
    with listening() as (there, relay):
        handed(relay, "léa@exemple.test")
        handed(relay)
    assert there.taken[0].to == "léa@exemple.test"
    for taken in there.taken:
        assert f"\r\nList-Unsubscribe: <{STOP}>\r\n".encode() in taken.data
    with listening(extensions=()) as (_, relay), pytest.raises(Hopeless):
        handed(relay, "léa@exemple.test")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("smtp://relay.test", Relay("relay.test", 587, tls=False, starttls=True)),
        ("smtps://relay.test", Relay("relay.test", 465, tls=True, starttls=False)),
        ("smtp://127.0.0.1:25?starttls=no", Relay("127.0.0.1", 25, tls=False, starttls=False)),
        ("smtp://u:p%40s@[::1]:2525", Relay("::1", 2525, tls=False, starttls=True, user="u", password="p@s")),
    ],
)
def test_a_relay_is_written_as_an_address(written: str, expected: Relay) -> None:
    assert read_relay(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "relay.test",
        "https://u:tres-secret@relay.test",
        "smtp://u:tres-secret@relay.test:port",
        "smtp://u:tres-secret@relay.test/path",
        "smtp://u:tres-secret@relay.test?starttls=maybe",
        "smtp://u:tres-secret@relay.test?verify=no",
        "smtp://u:tres-secret@relay.test?starttls=no",
        "smtp://relay.test?starttls=no",
        "smtp://192.0.2.1:25?starttls=no",
        "smtp://u:tres-secret@[::1",
    ],
)
def test_a_relay_that_cannot_be_read_is_refused_without_telling_its_password(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCLE_MAIL_RELAY", written)
    with pytest.raises(ValidationError) as told:
        NotifySettings()
    assert "SOCLE_MAIL_RELAY" in str(told.value)
    assert "tres-secret" not in str(told.value)


@pytest.mark.parametrize("written", ["", "Socle", "a@", "@b", "Socle <a@b>\nBcc: c@d"])
def test_a_sender_is_an_address(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_MAIL_FROM", written)
    with pytest.raises(ValidationError):
        NotifySettings()


def test_the_password_is_masked_wherever_it_turns_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCLE_MAIL_RELAY", "smtp://u:tr%C3%A8s-secret@relay.test")
    chosen = NotifySettings()
    assert "secret" not in repr(chosen)
    assert chosen.relay is not None
    assert "secret" not in repr(chosen.relay)
    masked = Redactor(secret_values(chosen))
    assert masked("AUTH très-secret, smtp://u:tr%C3%A8s-secret@relay.test") == "AUTH ***, ***"
