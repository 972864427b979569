"""The matrix: who may do what, drawn from the permissions, the roles and the routes of this very installation."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from socle.app.manifests import house
from socle.kernel.access import CATALOGUE, PUBLIC, ROLES, Permission, Role
from socle.kernel.web.templatetags.components import Column, Table


@dataclass(frozen=True, slots=True)
class Route:
    """`methods` and `path` as a caller sees them."""

    methods: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One permission: its words, who holds it, which routes ask for it."""

    code: str
    words: str
    roles: list[str]
    routes: list[Route]
    by_all: bool
    by_door: bool


def page(request: HttpRequest) -> HttpResponse:
    lang = "fr" if (get_language() or "fr") == "fr" else "en"
    lines = [line(permission, lang) for permission in CATALOGUE.values()]
    told = {
        "table": table(lang),
        "lines": [one for one in lines if not one.by_all],
        "public": next(one for one in lines if one.by_all),
        "roles": [_role(role, lang) for role in ROLES.values()],
    }
    return render(request, "app/matrix.html", told)


def table(lang: str) -> Table:
    """Permissions down, roles across; an empty cell is a refusal."""
    columns = (Column(_("Permission")), *(Column(_words(role, lang)) for role in ROLES.values()))
    rows = [
        (_words(permission, lang), *(_("oui") if role in permission.roles else "" for role in ROLES.values()))
        for permission in CATALOGUE.values()
        if permission is not PUBLIC
    ]
    return Table(_("Une case vide est un refus"), columns, rows)


def _words(one: Permission | Role, lang: str) -> str:
    return one.fr if lang == "fr" else one.en


def line(permission: Permission, lang: str) -> Line:
    endpoints = [e for manifest in house() for e in manifest.endpoints if e.permission is permission]
    pages = [p for manifest in house() for p in manifest.pages if p.permission is permission]
    routes = [Route(" ".join(e.methods), e.path, e.title.of(lang)) for e in endpoints]
    routes += [Route(" ".join(p.methods), f"/{p.route}", p.title.of(lang)) for p in pages]
    return Line(
        code=permission.code,
        words=_words(permission, lang),
        roles=[_words(role, lang) for role in permission.roles],
        routes=sorted(routes, key=lambda route: route.path),
        by_all=permission is PUBLIC,
        by_door=any(endpoint.by_door for endpoint in endpoints),
    )


def _role(role: Role, lang: str) -> dict[str, object]:
    held = [permission for permission in CATALOGUE.values() if role in permission.roles]
    return {
        "code": role.code,
        "title": _words(role, lang),
        "per_structure": role.per_structure,
        "assurance": role.assurance.code if role.assurance else "",
        "permissions": [_words(one, lang) for one in held],
    }
