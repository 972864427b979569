"""The card of a professional and the card of a structure, with the people who work there."""

import re
from operator import itemgetter
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from socle.engines.fhirstore.faults import GONE, UNKNOWN_RESOURCE
from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.read import Version, read
from socle.engines.fhirstore.search import Page, Start, search
from socle.foundations.directory.cards import Number, person_card, structure_card
from socle.foundations.directory.criteria import ACTIVITY, PERSON, STRUCTURE, Request
from socle.foundations.directory.doors.asked import Asked, Resumed, page_tokens, resumed
from socle.foundations.directory.doors.drawing import people_lines
from socle.foundations.directory.doors.pages import moment
from socle.foundations.directory.doors.programs import command_for
from socle.foundations.directory.doors.results import people_of
from socle.foundations.directory.doors.state import State, published
from socle.foundations.directory.elements import first, identifier
from socle.foundations.directory.labels import Labels
from socle.foundations.directory.resources import each, loaded
from socle.foundations.directory.rows import Row, in_activity, person_row, structure_name
from socle.foundations.directory.searching import Results, places_of
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.words import Reading
from socle.kernel.edge import wants_html
from socle.kernel.errors import SocleError
from socle.standards.annuaire import systems

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_RPPS: Final = re.compile(r"\d{11}", re.ASCII)
_FINESS: Final = re.compile(r"\d[0-9A-Z]\d{7}", re.ASCII)
_SITES: Final = 100
_PEOPLE: Final = 30
_NUMBERS: Final[dict[str, Promise]] = {
    "RPPS": gettext_lazy("Numéro RPPS"),
    "IDNPS": gettext_lazy("Identification nationale"),
    "FINEG": gettext_lazy("Numéro FINESS (site)"),
    "FINEJ": gettext_lazy("Numéro FINESS (entité juridique)"),
    "SIRET": gettext_lazy("Numéro SIRET"),
    "SIREN": gettext_lazy("Numéro SIREN"),
    "IDNST": gettext_lazy("Identification nationale"),
    "INTRN": gettext_lazy("Identifiant technique"),
}


def professional(request: HttpRequest, fid: str) -> HttpResponseBase:
    """A professional, by the id of the resource; an RPPS number leads there."""
    with published() as state:
        if _RPPS.fullmatch(fid):
            return _moved(request, state, PERSON, fid, "professionnel")
        found = _found(state, PERSON, fid)
        if isinstance(found, SocleError):
            return _absent(request, found, fid)
        person = loaded(found.body)
        card = person_card(
            person, state.run(places_of([fid], state.snapshot)).get(fid, []), state.library.labels()
        )
        return render(
            request, "directory/professional.html", {"card": card, **_about(found, PERSON, fid, card.numbers)}
        )


def structure(request: HttpRequest, fid: str) -> HttpResponseBase:
    """A structure, by the id of the resource; a FINESS number leads there."""
    with published() as state:
        if _FINESS.fullmatch(fid):
            return _moved(request, state, STRUCTURE, fid, "structure")
        found = _found(state, STRUCTURE, fid)
        if isinstance(found, SocleError):
            return _absent(request, found, fid)
        organization = loaded(found.body)
        card = structure_card(organization, state.library.labels())
        told = {
            "card": card,
            "parent": _parent(state, card.parent_id),
            "sites": _sites(state, fid) if card.legal else [],
            **_about(found, STRUCTURE, fid, card.numbers),
            **_people(request, state, fid),
            "among": _among(identifier(organization, systems.FINESS)),
        }
        return render(request, "directory/structure.html", told)


def _found(state: State, type_name: str, fid: str) -> Version | SocleError:
    """The resource, or the refusal to tell."""
    if not _ID.fullmatch(fid):
        return SocleError(UNKNOWN_RESOURCE, type=type_name, id=fid[:64])
    try:
        return state.run(read(PUBLIC, type_name, fid))
    except SocleError as refusal:
        if refusal.kind not in (UNKNOWN_RESOURCE, GONE):
            raise
        return refusal


def _absent(request: HttpRequest, refusal: SocleError, fid: str) -> HttpResponse:
    """That there is no such card, told with a way on; programs get the refusal itself."""
    if not wants_html(request.META.get("HTTP_ACCEPT", "")):
        raise refusal
    told = {"gone": refusal.kind is GONE, "fid": fid[:64], "of_structure": refusal.data["type"] == STRUCTURE}
    return render(request, "directory/absent.html", told, status=refusal.status)


def _moved(request: HttpRequest, state: State, type_name: str, number: str, path: str) -> HttpResponseBase:
    """The lasting address of a card is its resource's; people and links also come by the national number."""
    query = read_query(PUBLIC, type_name, [("identifier", number), ("_count", "1"), ("_total", "none")])
    page = state.run(search(PUBLIC, query, state.snapshot, Start()))
    if not page.matches:
        return _absent(request, SocleError(UNKNOWN_RESOURCE, type=type_name, id=number), number)
    return HttpResponseRedirect(f"/annuaire/{path}/{loaded(page.matches[0][1])['id']}")


def _about(version: Version, type_name: str, fid: str, numbers: list[Number]) -> dict[str, Any]:
    """What every card ends with: its identifiers, its last change, how a program reads it."""
    return {
        "numbers": [(str(_NUMBERS[number.kind]), number.value) for number in numbers],
        "changed": moment(version.updated),
        "version": version.number,
        "command": command_for(f"{type_name}/{fid}"),
    }


def _parent(state: State, fid: str) -> tuple[str, str] | None:
    """(id, name) of the legal entity."""
    found = _found(state, STRUCTURE, fid) if fid else None
    return (fid, structure_name(loaded(found.body))) if isinstance(found, Version) else None


def _sites(state: State, fid: str) -> list[tuple[str, str]]:
    page = _searched(state, STRUCTURE, [("partof", fid), ("_count", str(_SITES))])
    sites = (one for one in each(page.matches) if one.get("active", True))
    return sorted(((site["id"], structure_name(site)) for site in sites), key=lambda site: site[1])


def _searched(state: State, type_name: str, pairs: list[tuple[str, str]]) -> Page:
    query = read_query(PUBLIC, type_name, [*pairs, ("_total", "none")])
    return state.run(search(PUBLIC, query, state.snapshot, Start()))


def _people(request: HttpRequest, state: State, fid: str) -> dict[str, Any]:
    """Who works in a structure: one page of its activities, by profession."""
    everyone = Request(ACTIVITY, ((("organization", fid),),))
    token = request.GET.get("suite", "")
    on = resumed(token, state.snapshot) if token else None
    if on is None or on.request != everyone:
        on = Resumed(everyone, state.snapshot, Start())
    results = state.run(state.searcher(on.snapshot).page_of(everyone, Reading(()), on.start, _PEOPLE))
    tokens = page_tokens(everyone, results.page)
    return {
        "groups": _by_profession(results, state.library.labels()),
        "people_total": results.page.total,
        "previous": f"?suite={tokens['previous']}#personnes" if "previous" in tokens else "",
        "following": f"?suite={tokens['next']}#personnes" if "next" in tokens else "",
        "restarted": bool(token) and on.start == Start(),
    }


def _among(finess: str) -> str:
    """The address of a search among the people of a structure; only a FINESS number names it in words."""
    return Asked(text=finess, target="people").address() if finess else ""


def _by_profession(results: Results, labels: Labels) -> list[tuple[str, SafeString]]:
    """The people of a page drawn under the profession of each, in the order of professions and names."""
    groups: dict[str, list[tuple[str, Row]]] = {}
    for person, places in people_of(results):
        if not in_activity(places):
            continue
        row = person_row(person, places, labels)
        family = first(person.get("name")).get("family", "")
        groups.setdefault(row["trade"].partition(" · ")[0], []).append((family, row))
    return [
        (trade, people_lines([row for _, row in sorted(named, key=itemgetter(0))]))
        for trade, named in sorted(groups.items())
    ]
