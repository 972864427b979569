"""The server's HTTP/1.1 parser, with a bound on what it keeps and our own words for what it refuses.

The edge sees a request once its head is whole; a head that never ends is therefore stopped here.
"""

from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from socle.kernel.edge.limits import BAD_REQUEST, request_id
from socle.kernel.edge.replies import problem_reply
from socle.kernel.errors import SocleError, kind

HEAD_BYTES = 65_536
# A connection closed on data not yet read is reset, and the client loses the answer that says why.
_LINGER_SECONDS = 1.0
HEAD_TOO_LARGE = kind(
    "head-too-large",
    431,
    fr="Les en-têtes de la requête dépassent {limit} octets.",
    en="The headers of the request are larger than {limit} bytes.",
    rule="RFC 6585 §5",
    fhir="too-long",
)


class BoundedProtocol(HttpToolsProtocol):
    """Counts the bytes received since the last whole head or part of a body; a body moves on, an endless head does
    not."""

    _pending = 0
    _refused = False

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._pending += len(data)
        super().data_received(data)
        if self._pending > HEAD_BYTES and not self._refused:
            self._refuse(SocleError(HEAD_TOO_LARGE, limit=HEAD_BYTES))

    def on_headers_complete(self) -> None:
        self._pending = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read; called by the server."""
        self._refuse(SocleError(BAD_REQUEST, reason=msg))

    def _refuse(self, error: SocleError) -> None:
        self._refused = True
        identifier = request_id(None)
        status, headers, body = problem_reply(error, identifier.decode())
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode(),
            *(name + b": " + value for name, value in headers),
            b"x-request-id: " + identifier,
            b"connection: close",
        ]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)
