"""Around every page: whose session it is, and the protection against forged requests bound to that session."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.functional import SimpleLazyObject

from socle.kernel.accounts import sessions
from socle.kernel.accounts.doors.visitor import visitor
from socle.kernel.accounts.faults import FORGED
from socle.kernel.accounts.sessions import Held, cookie_name, is_https
from socle.kernel.actors import ANONYMOUS, Acting
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.keys import derived_key
from socle.kernel.web import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# Django's own length; it takes letters and digits.
_SECRET_DIGITS = 32


class SessionMiddleware:
    """Sets `request.held` (the open session, or None), `request.acting` and `request.visitor` (what the header shows).

    Without our cookie the database is not asked.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        held = _held(request.COOKIES.get(cookie_name(), ""))
        told: Any = request
        told.held = held
        told.acting = Acting(
            held.actor if held else ANONYMOUS,
            door="page",
            request=str(request.META.get("socle.request_id", "")),
            client=str(request.META.get("REMOTE_ADDR", "")),
        )
        told.visitor = SimpleLazyObject(lambda: visitor(held))
        response = self.get_response(request)
        if held is not None:
            # What one person sees is nobody else's business, not even that of the next user of this browser.
            response.headers["Cache-Control"] = "no-store"
        return response


def _held(token: str) -> Held | None:
    if not token:
        return None
    with database().reading() as session:
        held = sessions.held_by(session, token)
    if held is not None and held.stale:
        with database().unit() as unit:
            sessions.touch(unit, held.digest)
    return held


def remember(response: HttpResponse, token: str) -> HttpResponse:
    """Give the browser its session. The cookie has no date: it goes with the browser, and the database knows how long
    the session lasts (OWASP ASVS 5.0, 3.3)."""
    response.set_cookie(cookie_name(), token, path="/", secure=is_https(), httponly=True, samesite="Lax")
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        cookie_name(), "", max_age=0, path="/", secure=is_https(), httponly=True, samesite="Lax"
    )
    return response


class FormMiddleware(CsrfViewMiddleware):
    """Django's protection (origin check and token) with a secret that belongs to the session; visitors without one get
    a cookie, which protects the sign-in form itself. A form opened before signing in is worth nothing after it."""

    def _get_secret(self, request: HttpRequest) -> str | None:
        held: Held | None = getattr(request, "held", None)
        if held is None:
            return super()._get_secret(request)  # type: ignore[misc,no-any-return]
        return form_secret(held.digest)

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if getattr(request, "held", None) is None:
            super()._set_csrf_cookie(request, response)  # type: ignore[misc]


def form_secret(digest: bytes) -> str:
    """The secret of the forms of one session, which nobody who holds another can know."""
    return hmac.digest(derived_key("accounts.form"), digest, sha256).hex()[:_SECRET_DIGITS]


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`."""
    return errors.answer(request, SocleError(FORGED))
