"""The home page: the house as its manifests have built it, and where to start.

The page is remembered for a few seconds in each language: its figures count the whole country, which may take longer
than all the rest, and it is the page that most visitors ask for.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_lazy

from socle.app.manifests import house
from socle.app.plan import Plan, Room, plan_of
from socle.app.services import command
from socle.app.story import step_lines
from socle.kernel.db import database
from socle.kernel.manifest import Counter, Manifest, load_attribute
from socle.kernel.web.context import shell_of
from socle.kernel.web.visitor import visitor_of

log = logging.getLogger("socle.home")
_REMEMBERED_SECONDS = 5
_UNKNOWN = "—"
_UNAVAILABLE = gettext_lazy("indisponible")
_TROUBLES = {"empty": gettext_lazy("vide, rien n’est encore chargé")}


@dataclass(frozen=True, slots=True)
class RoomView:
    title: str
    subtitle: str
    built: bool
    href: str = ""
    figure: int | str = ""
    label: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class FloorView:
    wing: str
    title: str
    rooms: list[RoomView]


def page(request: HttpRequest) -> HttpResponse:
    lang, window = get_language() or "fr", int(monotonic() / _REMEMBERED_SECONDS)
    if visitor_of(request):
        return render(request, "app/home.html", figures(lang, window))
    return HttpResponse(drawn(lang, window))


@lru_cache(maxsize=4)
def drawn(lang: str, window: int) -> str:
    """The page in one language, the same for one window of time, as every visitor without an account sees it."""
    return render_to_string("app/home.html", {"shell": shell_of("/", "", lang), **figures(lang, window)})


@lru_cache(maxsize=4)
def figures(lang: str, window: int) -> dict[str, object]:
    """What the page shows in one window of time."""
    plan = plan_of(house())
    return {
        "floors": [
            FloorView(floor.wing.value, floor.title.of(lang), [_room(room, lang) for room in floor.rooms])
            for floor in plan.floors
        ],
        "built": sum(room.manifest is not None for room in plan.rooms),
        "planned": sum(room.manifest is None for room in plan.rooms),
        "steps": step_lines(plan.steps),
        **_doors(plan),
    }


def _room(room: Room, lang: str) -> RoomView:
    if room.manifest is None:
        return RoomView(room.title.of(lang), room.subtitle.of(lang), built=False)
    door = room.manifest.door()
    counter = next(iter(room.manifest.counters), None)
    return RoomView(
        room.title.of(lang),
        room.subtitle.of(lang),
        built=True,
        href=f"/{door.route}" if door else f"/services#{room.name}",
        figure=_UNKNOWN if counter is None else count(counter),
        label=counter.label.of(lang) if counter else "",
        trouble=trouble(room.manifest),
    )


def trouble(manifest: Manifest) -> str:
    """Why a service cannot answer, for people; empty when all is well or when it does not say."""
    if not manifest.health:
        return ""
    try:
        reason = load_attribute(manifest.health)(database())
    except Exception:
        log.exception("health of %s", manifest.name)
        return str(_UNAVAILABLE)
    return str(_TROUBLES.get(reason, _UNAVAILABLE)) if reason else ""


def count(counter: Counter) -> int | str:
    """The figure of a room; a dash when it cannot be read, the reason in the log."""
    try:
        read = load_attribute(counter.read)(database())
    except Exception:
        log.exception("counter %s", counter.read)
        return _UNKNOWN
    return _UNKNOWN if read is None else read


def _doors(plan: Plan) -> dict[str, object]:
    """Where to start, of what exists: the first service with a page of its own, its first command, the first step."""
    guests = [room for room in plan.rooms if room.manifest and room.name != "gateway"]
    directory = next(
        (room.manifest.door() for room in guests if room.manifest and room.name == "directory"), None
    )
    endpoints = [endpoint for room in guests if room.manifest for endpoint in room.manifest.endpoints]
    endpoints += [endpoint for manifest in house() for endpoint in manifest.endpoints]
    return {
        "directory": f"/{directory.route}" if directory else "",
        "command": next((command(endpoint) for endpoint in endpoints if endpoint.curl), ""),
        "first": next((step for step in plan.steps if step.story), None),
    }
