"""Pages about the installation itself: error catalogue, accessibility, easy to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from socle.app.faults import catalogue


def errors(request: HttpRequest) -> HttpResponse:
    lang = get_language() or "fr"
    entries = [
        {
            "code": kind.code,
            "status": kind.status,
            "sentence": kind.fr if lang == "fr" else kind.en,
            "rule": kind.rule,
        }
        for kind in sorted(catalogue().values(), key=lambda kind: (kind.status, kind.code))
    ]
    return render(request, "app/errors.html", {"entries": entries})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "app/accessibility.html")


def easy_read(request: HttpRequest) -> HttpResponse:
    return render(request, "app/easy_read.html")
