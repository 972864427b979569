"""A mail relay on this machine: a small SMTP server (RFC 5321, 3207, 4954) that keeps what it takes, and answers as it
is told to."""

import base64
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import ClassVar

SILENCE, DRIPPING, HANG_UP = "silence", "dripping", "hang up"
USER, PASSWORD = "socle", "un secret/de relais"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as it was handed over: the envelope, and whether it came over TLS and after a password."""

    sender: str
    to: str
    data: bytes
    tls: bool
    signed_in: bool

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.data, policy=default)
        assert isinstance(read, EmailMessage)
        return read

    @property
    def stop(self) -> str:
        """The address that RFC 8058 lets a program press, read in the bytes as such programs do; empty without one."""
        found = re.search(rb"\r\nList-Unsubscribe: <(https?://[^>\s]+)>\r\n", self.data)
        return found[1].decode("ascii") if found else ""

    def body(self, kind: str = "plain") -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        text: str = part.get_content()
        return text


@dataclass
class MailRelay:
    """`answers` by verb take the place of the usual ones; an answer may be SILENCE, DRIPPING or HANG_UP. `extensions`
    are those that EHLO names beside STARTTLS and AUTH."""

    tls: ssl.SSLContext | None = None
    from_the_start: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8")
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    over: Event = field(default_factory=Event)

    @contextmanager
    def listening(self) -> Iterator["MailRelay"]:
        server = _Server(("127.0.0.1", 0), _Session)
        server.relay, self.port = self, server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    relay: MailRelay


class _Session(StreamRequestHandler):
    server: _Server
    verbs: ClassVar[tuple[str, ...]] = ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT")

    def handle(self) -> None:
        self.relay = self.server.relay
        self.relay.connections += 1
        self.secured = self.signed_in = False
        self.sender = self.to = ""
        try:
            if self.relay.from_the_start:
                self._secure()
            self._say("CONNECT", "220 relay.test ESMTP")
            while line := self.rfile.readline():
                verb = line[:8].decode("latin-1").split()[0].upper()
                getattr(self, f"_{verb.lower()}" if verb in self.verbs else "_unknown")(line.decode().strip())
        except (OSError, _Gone):
            return
        finally:
            self.rfile.close()
            self.connection.close()

    def _secure(self) -> None:
        assert self.relay.tls is not None
        self.connection = self.relay.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.secured = True

    def _say(self, verb: str, usual: str) -> bool:
        """False when the answer was a refusal."""
        answer = self.relay.answers.get(verb, usual)
        if answer == HANG_UP:
            raise _Gone
        if answer == SILENCE:
            self.relay.over.wait()
            raise _Gone
        while answer == DRIPPING:
            self.connection.sendall(b"2")
            if self.relay.over.wait(0.005):
                raise _Gone
        self.connection.sendall(f"{answer}\r\n".encode())
        return answer[0] in "23"

    def _ehlo(self, line: str) -> None:
        named = ["relay.test", *self.relay.extensions]
        if self.relay.tls is not None and not self.secured:
            named.append("STARTTLS")
        elif self.secured:
            named.append("AUTH PLAIN")
        said = "\r\n".join(f"250{'-' if one != named[-1] else ' '}{one}" for one in named)
        self._say("EHLO", said)

    def _starttls(self, line: str) -> None:
        if self._say("STARTTLS", "220 go on"):
            self._secure()

    def _auth(self, line: str) -> None:
        given = base64.b64decode(line.split()[-1]).decode().split("\0")
        self.signed_in = given[1:] == [USER, PASSWORD]
        self._say("AUTH", "235 welcome" if self.signed_in else "535 5.7.8 no")

    def _mail(self, line: str) -> None:
        self.sender = line.partition("<")[2].partition(">")[0]
        self._say("MAIL", "250 ok")

    def _rcpt(self, line: str) -> None:
        self.to = line.partition("<")[2].partition(">")[0]
        self._say("RCPT", "250 ok")

    def _data(self, line: str) -> None:
        if not self._say("DATA", "354 go on"):
            return
        lines = []
        while (received := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(received.removeprefix(b".") if received.startswith(b"..") else received)
        taken = Taken(self.sender, self.to, b"".join(lines), self.secured, self.signed_in)
        # Taken before it says so: a sender that goes on has been heard.
        self.relay.taken.append(taken)
        self._say("TAKEN", f"250 2.0.0 queued as {len(self.relay.taken)}")

    def _quit(self, line: str) -> None:
        self._say("QUIT", "221 bye")

    def _unknown(self, line: str) -> None:
        self._say("UNKNOWN", "500 what?")


class _Gone(Exception):
    """This session is over."""
