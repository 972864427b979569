"""The services page, and the same as JSON: every service, every address with its fidelity, a command that works."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from socle import __version__
from socle.app.manifests import house
from socle.kernel.db import Database
from socle.kernel.edge import Reply, json_reply, require_get, send_reply
from socle.kernel.edge.asgi import Receive, Scope, Send
from socle.kernel.manifest import Endpoint, Manifest, Standard
from socle.kernel.manifest import command as typed
from socle.kernel.settings import settings
from socle.kernel.web.context import shell_of
from socle.kernel.web.visitor import visitor_of


def command(endpoint: Endpoint) -> str:
    """The shell command that calls this endpoint on this instance; empty when the endpoint gives none."""
    return typed(endpoint.curl, settings().public_url, demo=not settings().production)


def published(db: Database) -> int:
    """How many protocol addresses this house answers."""
    return sum(len(manifest.endpoints) for manifest in house())


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint as the page shows it."""

    methods: str
    path: str
    title: str
    fidelity: str
    source: str
    command: str


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    title: str
    subtitle: str
    system: str
    standards: tuple[Standard, ...]
    door: str
    addresses: list[Address]


def page(request: HttpRequest) -> HttpResponse:
    lang = get_language() or "fr"
    if visitor_of(request):
        return render(request, "app/services.html", told(lang))
    return HttpResponse(drawn(lang))


@lru_cache(maxsize=4)
def drawn(lang: str) -> str:
    """The page in one language: it says what the manifests say, which does not change while the process lives."""
    return render_to_string("app/services.html", {"shell": shell_of("/services", "", lang), **told(lang)})


def told(lang: str) -> dict[str, object]:
    ordered = sorted(house(), key=lambda manifest: manifest.order)
    return {
        "services": [describe(manifest, lang) for manifest in ordered],
        "listing": f"curl {settings().public_url}/services.json",
    }


def describe(manifest: Manifest, lang: str) -> Service:
    door = manifest.door()
    return Service(
        name=manifest.name,
        title=manifest.title.of(lang),
        subtitle=manifest.subtitle.of(lang),
        system=manifest.system,
        standards=manifest.standards,
        door=f"/{door.route}" if door else "",
        addresses=[_address(endpoint, lang) for endpoint in manifest.endpoints],
    )


def _address(endpoint: Endpoint, lang: str) -> Address:
    return Address(
        methods=" ".join(endpoint.methods),
        path=endpoint.path,
        title=endpoint.title.of(lang),
        fidelity=endpoint.fidelity.value,
        source=endpoint.source,
        command=command(endpoint),
    )


def described(manifest: Manifest) -> dict[str, Any]:
    """One service of `/services.json`."""
    return {
        "name": manifest.name,
        "wing": manifest.wing.value,
        "title": {"fr": manifest.title.fr, "en": manifest.title.en},
        "system": manifest.system,
        "standards": [{"name": s.name, "version": s.version, "url": s.url} for s in manifest.standards],
        "pages": [
            {"path": f"/{p.route}", "name": p.name, "permission": p.permission.code} for p in manifest.pages
        ],
        "endpoints": [
            {
                "path": e.path,
                "methods": list(e.methods),
                "title": {"fr": e.title.fr, "en": e.title.en},
                "fidelity": e.fidelity.value,
                "source": e.source,
                "permission": e.permission.code,
                "try": command(e),
            }
            for e in manifest.endpoints
        ],
    }


def listed() -> Reply:
    """Every service and every address, for programs."""
    services = [described(manifest) for manifest in house()]
    return json_reply(200, {"version": __version__, "base": settings().public_url, "services": services})


async def listing(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI door of `/services.json`."""
    require_get(scope)
    await send_reply(send, listed())
