"""The edge around a WSGI application (PEP 3333), for a portal run by a WSGI server.

Same rules as the ASGI edge, but for the time limit: a WSGI thread cannot be stopped from inside, so that limit
belongs to the server that owns the threads.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from time import perf_counter
from typing import Any

from socle.kernel.edge.asgi import Observer, unobserved
from socle.kernel.edge.failures import expected
from socle.kernel.edge.headers import SecurityHeaders
from socle.kernel.edge.limits import Limits, body_length, request_id
from socle.kernel.edge.proxies import PROXY_NOT_LISTED, Proxies
from socle.kernel.edge.replies import Header, Reply
from socle.kernel.errors import SocleError
from socle.kernel.logs import REQUEST

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApplication = Callable[[Environ, StartResponse], Iterable[bytes]]
WsgiRenderer = Callable[[Environ, SocleError, str], Reply]


class WsgiEdge:
    __slots__ = ("_application", "_headers", "_limits", "_observe", "_proxies", "_render")

    def __init__(
        self,
        application: WsgiApplication,
        limits: Limits,
        render: WsgiRenderer,
        *,
        scheme: str = "http",
        proxies: Proxies | None = None,
        observe: Observer = unobserved,
    ) -> None:
        self._application = application
        self._limits = limits
        self._render = render
        self._proxies = proxies or Proxies()
        self._observe = observe
        self._headers = SecurityHeaders.over(scheme)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        identifier = request_id(environ.get("HTTP_X_REQUEST_ID", "").encode("latin-1", "replace"))
        method, bodiless = environ["REQUEST_METHOD"], environ["REQUEST_METHOD"] == "HEAD"
        token = REQUEST.set(identifier.decode())
        began, answered = perf_counter(), 0

        def start(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Any:
            nonlocal answered
            answered = int(status[:3])
            return start_response(status, [*headers, *self._added(headers, identifier)], failure)

        inner = environ
        try:
            inner = self._admit(environ, identifier)
            body = self._application(inner, start)
        except Exception as failure:
            body = self._tell(failure, inner, identifier, start)
        finally:
            REQUEST.reset(token)
        self._observe("", method, environ.get("PATH_INFO", ""), answered, perf_counter() - began)
        return _emptied(body) if bodiless else body

    def _admit(self, environ: Environ, identifier: bytes) -> Environ:
        """The environ that the application sees; raises SocleError on what is too long."""
        target = len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", ""))
        self._limits.check_target(target)
        inner = {**self._proxied(environ), "socle.request_id": identifier.decode()}
        if environ["REQUEST_METHOD"] == "HEAD":
            inner["REQUEST_METHOD"] = "GET"
        declared = environ.get("CONTENT_LENGTH")
        if declared:
            self._limits.check_body(body_length(declared.encode("latin-1", "replace")))
        elif environ.get("HTTP_TRANSFER_ENCODING"):
            body = environ["wsgi.input"].read(self._limits.body_bytes + 1)
            self._limits.check_body(len(body))
            inner |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return inner

    def _proxied(self, environ: Environ) -> Environ:
        """Client and scheme as a listed proxy says. Pages know no certificate: one in a header is a forgery here."""
        sender = environ.get("REMOTE_ADDR", "")
        if not self._proxies.trusts(sender):
            if "HTTP_CLIENT_CERT" in environ or "HTTP_CLIENT_CERT_CHAIN" in environ:
                raise SocleError(PROXY_NOT_LISTED, address=sender or "?")
            return environ
        told = {"REMOTE_ADDR": self._proxies.client(sender, environ.get("HTTP_X_FORWARDED_FOR", ""))}
        if (scheme := environ.get("HTTP_X_FORWARDED_PROTO", "")) in ("http", "https"):
            told["wsgi.url_scheme"] = scheme
        return environ | told

    def _added(self, headers: list[tuple[str, str]], identifier: bytes) -> list[tuple[str, str]]:
        page = any(
            name.lower() == "content-type" and value.startswith("text/html") for name, value in headers
        )
        added: list[Header] = [
            (b"x-request-id", identifier),
            *(self._headers.page if page else self._headers.data),
        ]
        return [(name.decode(), value.decode()) for name, value in added]

    def _tell(
        self, failure: Exception, environ: Environ, identifier: bytes, start: StartResponse
    ) -> Iterable[bytes]:
        reference = identifier.decode()
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        error = expected(failure, method=method, path=path, reference=reference)
        status, headers, body = self._render(environ, error, reference)
        # Connection is hop-by-hop: PEP 3333 forbids an application to send it.
        told = [(name.decode(), value.decode("latin-1")) for name, value in headers if name != b"connection"]
        start(f"{status} {HTTPStatus(status).phrase}", told, (type(failure), failure, failure.__traceback__))
        return [body]


def _emptied(body: Iterable[bytes]) -> Iterable[bytes]:
    close = getattr(body, "close", None)
    if close:
        close()
    return []
