"""The server's HTTP/1.1 protocol on a TLS connection: every request of it carries what the handshake established."""

import asyncio

from socle.kernel.edge.protocol import BoundedProtocol
from socle.kernel.tls.peer import Extension, extension_of


class TlsProtocol(BoundedProtocol):
    """The connection is read once; requests of one connection share the extension, which nobody changes."""

    _tls: Extension

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._tls = extension_of(transport.get_extra_info("ssl_object"))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"tls": self._tls.copy()}
