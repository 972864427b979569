"""The guided visit: its list, and one page per step with what happened underneath and how to repeat it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from socle.app.manifests import house
from socle.app.plan import Step, plan_of
from socle.app.services import describe
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.manifest import Manifest, command
from socle.kernel.settings import settings


def visit(request: HttpRequest) -> HttpResponse:
    steps = plan_of(house()).steps
    first = next((step for step in steps if step.story), None)
    return render(request, "app/visit.html", {"steps": step_lines(steps), "first": first})


def step(request: HttpRequest, order: int) -> HttpResponse:
    steps = plan_of(house()).steps
    at = next((step for step in steps if step.order == order), None)
    if at is None or at.story is None:
        raise SocleError(NOT_FOUND, path=request.path)
    lang = get_language() or "fr"
    story = at.story
    told = {
        "order": order,
        "total": len(steps),
        "title": story.title.of(lang),
        "tells": story.tells.of(lang),
        "page": story.page,
        "command": command(story.curl, settings().public_url, demo=not settings().production),
        "service": describe(_teller(order), lang),
    }
    built = [other.order for other in steps if other.story]
    told["previous"] = max((other for other in built if other < order), default=None)
    told["next"] = min((other for other in built if other > order), default=None)
    return render(request, "app/step.html", told)


def _teller(order: int) -> Manifest:
    """The service that tells this step."""
    return next(manifest for manifest in house() if any(story.order == order for story in manifest.story))


def step_lines(steps: tuple[Step, ...], current: int | None = None) -> list[dict[str, object]]:
    """The steps as a list shows them: number, title, address when the step exists."""
    lang = get_language() or "fr"
    return [
        {
            "order": step.order,
            "title": step.title.of(lang),
            "href": f"/visite/{step.order}" if step.story else "",
            "current": step.order == current,
        }
        for step in steps
    ]
