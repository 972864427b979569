"""The pages alone, as a WSGI application (PEP 3333) for an operator who prefers a WSGI server:

    gunicorn 'socle.app.portal:application()'

It answers what `serve("portal")` answers: the pages and the gateway's own addresses.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus

import django
from django.core.handlers.wsgi import WSGIHandler

from socle.app.health import liveness, readiness
from socle.app.manifests import covers
from socle.app.metrics import admit, figures
from socle.app.profile import check_profile, check_server
from socle.app.services import listed
from socle.app.watching import observer, proxies, start_logging
from socle.kernel.edge import Limits, Reply, WsgiEdge
from socle.kernel.edge.wsgi import Environ, StartResponse, WsgiApplication
from socle.kernel.errors import METHOD_NOT_ALLOWED, SocleError
from socle.kernel.settings import settings
from socle.kernel.web.assets import served
from socle.kernel.web.errors import told

OWN: dict[str, Callable[[Environ], Reply]] = {
    "/static": lambda environ: served(environ["PATH_INFO"], environ.get("HTTP_ACCEPT_ENCODING", "")),
    "/healthz": lambda environ: liveness(),
    "/readyz": lambda environ: readiness(),
    "/services.json": lambda environ: listed(),
    "/metrics": lambda environ: _figures(environ),
}


def _figures(environ: Environ) -> Reply:
    forwarded = "HTTP_FORWARDED" in environ or "HTTP_X_FORWARDED_FOR" in environ
    admit(
        environ.get("REMOTE_ADDR", ""),
        forwarded=forwarded,
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
    )
    return figures()


class Portal:
    def __init__(self, pages: WsgiApplication) -> None:
        self._pages = pages

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        own = next((answer for prefix, answer in OWN.items() if covers(prefix, environ["PATH_INFO"])), None)
        if own is None:
            return self._pages(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method != "GET":
            raise SocleError(METHOD_NOT_ALLOWED, method=method, allowed="GET, HEAD")
        status, headers, body = own(environ)
        start_response(
            f"{status} {HTTPStatus(status).phrase}",
            [(name.decode(), value.decode("latin-1")) for name, value in headers],
        )
        return [body]


def application() -> WsgiEdge:
    """The portal behind its edge. Raises ManifestFault or PermissionMissing on an unsound house."""
    start_logging()
    check_profile(settings())
    check_server(settings())
    django.setup(set_prefix=False)
    scheme = settings().public_url.partition(":")[0]
    return WsgiEdge(
        Portal(WSGIHandler()),
        Limits.of(settings()),
        told,
        scheme=scheme,
        proxies=proxies(),
        observe=observer(),
    )
