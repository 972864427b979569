"""What a page behind a permission reads from its request, and how it answers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from socle.kernel.actors import Acting
from socle.kernel.clock import from_micros, legal_zone
from socle.kernel.errors import SocleError


def by(request: HttpRequest) -> Acting:
    acting: Acting = request.acting  # type: ignore[attr-defined]
    return acting


def lang() -> str:
    return "fr" if (get_language() or "fr") == "fr" else "en"


def moment(micros: int | None) -> datetime | None:
    """An instant as people read it, in the country's legal time; None for none, which some tables write 0."""
    return from_micros(micros).astimezone(legal_zone()) if micros else None


def private(request: HttpRequest, template: str, told: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that no cache keeps."""
    response = render(request, template, told, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def later(response: HttpResponse, refusal: SocleError) -> HttpResponse:
    """The same answer; when the refusal says how long to wait, programs are told too (RFC 9110 §10.2.3)."""
    if refusal.status == 429:
        response.headers["Retry-After"] = str(refusal.data["seconds"])
    return response


def moved(to: str) -> HttpResponse:
    """Go on with a GET, so that going back or reloading sends nothing twice."""
    return HttpResponseRedirect(to, status=303)
