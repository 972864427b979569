"""Handing one message to the relay (RFC 5321), over TLS (RFC 3207, RFC 8314), within one time limit.

What the relay says decides: 2xx it has taken charge, 4xx try again, 5xx trying again cannot help (RFC 5321 §4.2.1).
Its text may quote the address, and is told to nobody but who asked for a trial.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from io import BufferedReader
from ipaddress import ip_address
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import parse_qsl, unquote, urlsplit

from socle.kernel.errors import SocleError
from socle.kernel.notify.faults import MAIL_DEFERRED, MAIL_REFUSED, RELAY_UNREACHABLE
from socle.kernel.notify.mail.policy import MAIL, MAIL_UTF8
from socle.kernel.outbox.heard import Hopeless

_PORTS = {"smtp": 587, "smtps": 465}
_STARTTLS = ("required", "no")


@dataclass(frozen=True, slots=True)
class Relay:
    """`tls` from the first byte, `starttls` after the greeting; `seconds` is the limit of the whole exchange."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    seconds: float = 20.0


def read_relay(written: str, *, ca_file: Path | None = None, seconds: float = 20.0) -> Relay:
    """The relay of an address as the settings write it. Raises ValueError, which quotes nothing of a password."""
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        raise ValueError("SOCLE_MAIL_RELAY: its host or its port cannot be read") from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    chosen = options.pop("starttls", "required")
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("SOCLE_MAIL_RELAY: expected smtp://user:password@host:port or smtps://…")
    if options or chosen not in _STARTTLS:
        raise ValueError("SOCLE_MAIL_RELAY: the only option is starttls, `required` or `no`")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = parts.scheme == "smtps"
    if not tls and chosen == "no" and not _is_loopback(parts.hostname):
        # Mails lead into the house; an invitation opens an account.
        raise ValueError("SOCLE_MAIL_RELAY: starttls=no is for a relay of this machine; leave it out")
    starttls = not tls and chosen == "required"
    return Relay(
        parts.hostname, port or _PORTS[parts.scheme], tls, starttls, user, password, ca_file, seconds
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the relay said when it took charge: a code 2yz and a text, which may quote the address."""

    status: int
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.status} {self.text}"


def send(relay: Relay, message: EmailMessage, *, sender: str, to: str, own_name: str) -> Answer:
    """Hand one message to the relay; what it answered. `own_name` is what we call ourselves (EHLO).

    Raises SocleError: RELAY_UNREACHABLE, MAIL_DEFERRED; Hopeless: MAIL_REFUSED.
    """
    try:
        with _connected(relay, own_name) as server:
            return _handed(server, message, sender, to)
    except smtplib.SMTPAuthenticationError as failure:
        # What the operator mends in the settings: the mail itself is tried again.
        raise SocleError(RELAY_UNREACHABLE, reason=f"auth {failure.smtp_code}") from None
    except smtplib.SMTPNotSupportedError:
        raise SocleError(RELAY_UNREACHABLE, reason="starttls, auth") from None
    except smtplib.SMTPResponseException as failure:
        raise SocleError(MAIL_DEFERRED, status=failure.smtp_code, stage="connect") from None
    except ssl.SSLError:
        raise SocleError(RELAY_UNREACHABLE, reason="tls") from None
    except TimeoutError:
        raise SocleError(RELAY_UNREACHABLE, reason="timeout") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as failure:
        raise SocleError(RELAY_UNREACHABLE, reason=type(failure).__name__) from None


class _WholeLines:
    """What a relay says, line by line; smtplib takes the beginning of a line that was cut off for an answer."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        if line and not line.endswith(b"\n") and len(line) < limit:
            raise ConnectionError("an answer was cut off")
        return line

    def close(self) -> None:
        self._file.close()


class _Session(smtplib.SMTP):
    def getreply(self) -> tuple[int, bytes]:
        """The code and the text of an answer."""
        if self.file is None and self.sock is not None:
            self.file = _WholeLines(self.sock.makefile("rb"))
        return super().getreply()


class _SecureSession(_Session, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte."""


@contextmanager
def _connected(relay: Relay, own_name: str) -> Iterator[smtplib.SMTP]:
    """A session with the relay, ended when its time is over however slowly the other side speaks."""
    context = _trusting(relay.ca_file)
    server = (
        _SecureSession(timeout=relay.seconds, local_hostname=own_name, context=context)
        if relay.tls
        else _Session(timeout=relay.seconds, local_hostname=own_name)
    )
    # What `connect` sets and the check of the certificate reads.
    server._host = relay.host  # type: ignore[attr-defined]
    expired: list[bool] = []
    watch = Timer(relay.seconds, _cut, (server, expired))
    watch.daemon = True
    watch.start()
    try:
        _begun(server, relay, context)
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    except (smtplib.SMTPException, OSError) as failure:
        # smtplib tells a silence as a connection that was lost.
        if expired or isinstance(failure.__context__, TimeoutError):
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        server.close()


def _cut(server: smtplib.SMTP, expired: list[bool]) -> None:
    expired.append(True)
    with suppress(OSError, TypeError):
        # That of TCP, below TLS, whose state belongs to the thread that reads.
        socket.shutdown(server.sock, SHUT_RDWR)  # type: ignore[arg-type]


def _begun(server: smtplib.SMTP, relay: Relay, context: ssl.SSLContext) -> None:
    code, text = server.connect(relay.host, relay.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, text)
    server.ehlo_or_helo_if_needed()
    if relay.starttls:
        server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
    if relay.user:
        server.login(relay.user, relay.password)


def _handed(server: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> Answer:
    ascii_only = (sender + to).isascii()
    if not ascii_only and not server.has_extn("smtputf8"):
        # RFC 6531 §3.2: such an address needs a relay that knows the extension.
        raise Hopeless(MAIL_REFUSED, status=553, stage="smtputf8")
    options = () if ascii_only else ("SMTPUTF8", "BODY=8BITMIME")
    _accepted(server.mail(sender, options), "MAIL")
    _accepted(server.rcpt(to), "RCPT")
    try:
        answer = server.data(message.as_bytes(policy=MAIL if ascii_only else MAIL_UTF8))
    except smtplib.SMTPDataError as failure:
        answer = (failure.smtp_code, b"")
    code, text = _accepted(answer, "DATA")
    return Answer(code, text.decode("utf-8", "replace"))


def _accepted(answer: tuple[int, bytes], stage: str) -> tuple[int, bytes]:
    """Raises SocleError(MAIL_DEFERRED), or Hopeless(MAIL_REFUSED)."""
    code, _ = answer
    if code >= 500:
        raise Hopeless(MAIL_REFUSED, status=code, stage=stage)
    if not 200 <= code < 300:
        raise SocleError(MAIL_DEFERRED, status=code, stage=stage)
    return answer


@cache
def _trusting(extra: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if extra is not None:
        context.load_verify_locations(cafile=extra)
    return context
