"""Addresses of the pages, generated from the manifests: one that is in none does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from socle.app.manifests import house
from socle.kernel.access import require_declared
from socle.kernel.errors import METHOD_NOT_ALLOWED, SocleError
from socle.kernel.manifest import Page, load_attribute

View = Callable[..., HttpResponseBase]
_SAFE = ("GET", "HEAD")


def _reading(view: View) -> View:
    """Pages are read. The first that writes brings the protection against forged requests with it."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.method not in _SAFE:
            raise SocleError(METHOD_NOT_ALLOWED, method=request.method, allowed=", ".join(_SAFE))
        return view(request, *arguments, **named)

    return checked


def _pattern(page: Page) -> URLPattern:
    require_declared(page.route, page.permission)
    return path(page.route, _reading(load_attribute(page.view)), name=page.name)


urlpatterns = [_pattern(page) for manifest in house() for page in manifest.pages]
handler404 = "socle.kernel.web.errors.not_found"
handler400 = "socle.kernel.web.errors.bad_request"
