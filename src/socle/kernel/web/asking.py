"""What cannot be undone is asked once more, with what will happen."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from socle.kernel.web.views import private


@dataclass(frozen=True, slots=True)
class Risk:
    """The question, what happens when the answer is yes, and the words of the button that says yes."""

    title: str | Promise
    consequence: str | Promise
    yes: str | Promise


def question(request: HttpRequest, risks: Mapping[str, Risk]) -> HttpResponse | None:
    """The page that asks, when a button (`do`) was pressed that is among the risks; None once the answer was yes."""
    chosen = request.POST.get("do", "")
    if chosen not in risks or "sure" in request.POST:
        return None
    here = request.get_full_path()
    told = {"risk": risks[chosen], "do": chosen, "what": request.POST.get("what", ""), "here": here}
    return private(request, "socle/question.html", told)
