"""Addresses of the pages, generated from the manifests: one that is in none does not exist, and none is reached without
the permission that it declares."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from socle.app.manifests import house
from socle.kernel.access import Refused, allows, require_declared
from socle.kernel.accounts.acts.refusal import journaled
from socle.kernel.actors import ANONYMOUS, Acting, Assurance
from socle.kernel.db import database
from socle.kernel.edge import wants_html
from socle.kernel.errors import METHOD_NOT_ALLOWED, SocleError
from socle.kernel.manifest import Page, load_attribute

View = Callable[..., HttpResponseBase]
SIGN_IN, SECOND_FACTOR = "/compte/connexion", "/compte/second-facteur"


def _gated(page: Page, view: View) -> View:
    """The page behind its methods and its permission. Who has not signed in, or not with both factors, is led to where
    one does; a refusal, of the page or inside of it, is in the audit trail before it is told."""
    allowed = tuple(dict.fromkeys([*page.methods, "HEAD"]))

    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.method not in allowed:
            raise SocleError(METHOD_NOT_ALLOWED, method=request.method, allowed=", ".join(allowed))
        by: Acting = getattr(request, "acting", Acting(ANONYMOUS, door="page"))
        try:
            if not allows(by, page.permission):
                return _entrance(request, by, page)
            return view(request, *arguments, **named)
        except Refused as refused:
            raise journaled(database(), refused) from refused

    # A page that is only read refuses what would write before anybody asks where the form came from.
    # Nor does a page whose link is the proof, which programs send to that have no form of ours.
    by_link = getattr(view, "csrf_exempt", False)
    checked.csrf_exempt = by_link or "POST" not in allowed  # type: ignore[attr-defined]
    return checked


def _entrance(request: HttpRequest, by: Acting, page: Page) -> HttpResponseBase:
    """Where somebody who may not enter yet is led. Raises Refused for who has entered, and for programs."""
    if by.actor.assurance >= Assurance.SUBSTANTIAL or not wants_html(request.headers.get("Accept", "")):
        raise Refused(by, page.permission)
    to = SIGN_IN if by.actor == ANONYMOUS else SECOND_FACTOR
    return HttpResponseRedirect(f"{to}?{urlencode({'suite': request.get_full_path()})}", status=303)


def _pattern(page: Page) -> URLPattern:
    require_declared(page.route, page.permission)
    return path(page.route, _gated(page, load_attribute(page.view)), name=page.name)


urlpatterns = [_pattern(page) for manifest in house() for page in manifest.pages]
handler404 = "socle.kernel.web.errors.not_found"
handler400 = "socle.kernel.web.errors.bad_request"
