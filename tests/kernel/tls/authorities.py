"""Certificate authorities made for one test, and a server behind the TLS door."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson
import trustme

from socle.app.server import HouseServer, configured
from socle.kernel.edge import Edge, Limits, problem_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.edge.proxies import Proxies
from socle.kernel.operation import OperationSettings
from socle.kernel.tls import peer_certificate, server_context

NAME = "poste-12.hopital.test"


@dataclass(frozen=True, slots=True)
class Files:
    """A certificate with its key, in PEM files."""

    certificate: Path
    key: Path


class Authorities:
    """One authority for the server and one for its clients, so that neither can stand for the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._servers, self._clients, self._others = trustme.CA(), trustme.CA(), trustme.CA()
        self.server = self._written("server", self._servers.issue_cert("localhost", "127.0.0.1"))
        self.client = self._written("client", self._clients.issue_cert(NAME, common_name=NAME))
        self.stranger = self._written("stranger", self._others.issue_cert(NAME))
        ended = datetime.now(UTC) - timedelta(days=1)
        self.expired = self._written(
            "expired", self._clients.issue_cert(NAME, not_before=ended - timedelta(days=9), not_after=ended)
        )
        self.client_ca, self.server_ca = folder / "client-ca.pem", folder / "server-ca.pem"
        self._clients.cert_pem.write_to_path(self.client_ca)
        self._servers.cert_pem.write_to_path(self.server_ca)

    def _written(self, name: str, issued: trustme.LeafCert) -> Files:
        files = Files(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        issued.private_key_pem.write_to_path(files.key)
        for pem in issued.cert_chain_pems:
            pem.write_to_path(files.certificate, append=True)
        return files

    def accepting(self, client: Literal["required", "optional", "none"] = "required") -> ssl.SSLContext:
        return server_context(self.server.certificate, self.server.key, self.client_ca, client)

    def presenting(self, shown: Files | None) -> ssl.SSLContext:
        """The side of a client that shows this certificate, or none."""
        context = ssl.create_default_context(cafile=self.server_ca)
        if shown is not None:
            context.load_cert_chain(shown.certificate, shown.key)
        return context


async def telling(scope: Scope, receive: Receive, send: Send) -> None:
    """A door that answers with what it knows of who came."""
    if scope["type"] != "http":
        await _live(receive, send)
        return
    certificate = peer_certificate(scope)
    told: dict[str, Any] = {
        "name": certificate.subject.rfc4514_string() if certificate else None,
        "serial": str(certificate.serial_number) if certificate else None,
        "tls": {
            name: value
            for name, value in scope.get("extensions", {}).get("tls", {}).items()
            if name != "client_cert_chain"
        },
        "client": scope["client"][0],
        "scheme": scope["scheme"],
        "headers": [name.decode() for name, _ in scope["headers"]],
    }
    body = orjson.dumps(told)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


@dataclass(frozen=True, slots=True)
class Ports:
    plain: int
    tls: int


@contextmanager
def serving(context: ssl.SSLContext, proxies: str = "") -> Iterator[Ports]:
    """Our server on two ports of the loopback, with `telling` behind our edge."""
    listed = Proxies(OperationSettings(proxies=proxies).trusted_proxies)
    edge = Edge(
        telling,
        Limits(2000, 2000, 30),
        lambda _, error, reference: problem_reply(error, reference),
        proxies=listed,
    )
    plain, secure = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
    ports = Ports(plain.getsockname()[1], secure.getsockname()[1])
    config = configured(edge, "127.0.0.1", ports.plain)
    config.load()
    server = HouseServer(config, secure, context)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[plain])))
    thread.start()
    try:
        yield ports
    finally:
        server.should_exit = True
        thread.join()
