"""The desk of a structure's directory manager: what waits, who is registered, the same as a file."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.acts.moving import tell_listed
from socle.foundations.directory.registration.doors import words
from socle.foundations.directory.registration.lookup import structure_of
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FINAL, FOR_EMPLOYER, HELD, State
from socle.kernel.db import Session, database
from socle.kernel.web.spreadsheet import csv_response
from socle.kernel.web.views import by, private

DESK: Final = "/annuaire/enregistrements"
A_PAGE = 25
_CHOICES: Final = {"": HELD, "fermes": frozenset((State.CLOSED,)), "tous": HELD | FINAL}


@dataclass(frozen=True, slots=True)
class _List:
    """One list of the desk; `matched`: only those whom the national files may name."""

    states: frozenset[State]
    matched: bool = False


_LISTS: Final = {
    "doublons": _List(HELD, matched=True),
    "decisions": _List(FOR_EMPLOYER),
    "corrections": _List(frozenset((State.TO_CORRECT,))),
}


def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the manager, what has waited longest first; what waits for somebody else; whom the national files
    name. A list that is longer than a page goes on alone."""
    structure, alone = by(request).actor.organisation, request.GET.get("liste", "")
    shown = [alone] if alone in _LISTS else list(_LISTS)
    after = request.GET.get("apres", "") if alone in _LISTS else ""
    with database().reading() as session:
        told: dict[str, Any] = {
            "place": structure_of(session, structure),
            "structure": structure,
            "lists": {name: _section(session, structure, name, after) for name in shown},
            "held": records.count_of_structure(session, structure, HELD),
            "alone": alone in _LISTS,
            "desk": DESK,
        }
    return private(request, "directory/registration/desk.html", told)


def _section(session: Session, structure: str, name: str, after: str) -> dict[str, Any]:
    which = _LISTS[name]
    found = records.page_of_structure(
        session, structure, which.states, A_PAGE + 1, after, matched=which.matched
    )
    more, found = len(found) > A_PAGE, found[:A_PAGE]
    return {
        "name": name,
        "rows": [words.shown(one) for one in found],
        "total": records.count_of_structure(session, structure, which.states, matched=which.matched),
        "following": f"?{urlencode({'liste': name, 'apres': found[-1].place})}" if more else "",
    }


def _asked(request: HttpRequest) -> str:
    """Which of them; what is not known shows those whose contract runs."""
    asked = request.GET.get("etat", "")
    return asked if asked in _CHOICES else ""


def _listed(structure: str, asked: str) -> list[Registration]:
    with database().reading() as session:
        found = records.of_structure(session, structure, _CHOICES[asked])
    return sorted(found, key=lambda one: (one.person.practice_name if one.person else "", one.id))


def people(request: HttpRequest) -> HttpResponse:
    """By name, which only opened details tell: a structure's people are all read to show a page of them."""
    structure, asked = by(request).actor.organisation, _asked(request)
    found = _listed(structure, asked)
    last = max(1, -(-len(found) // A_PAGE))
    number = min(_page_number(request), last)
    with database().reading() as session:
        place = structure_of(session, structure)
    told = {
        "people": [words.shown(one) for one in found[(number - 1) * A_PAGE : number * A_PAGE]],
        "total": len(found),
        "asked": asked,
        "place": place,
        "structure": structure,
        "previous": _address(asked, number - 1) if number > 1 else "",
        "following": _address(asked, number + 1) if number < last else "",
        "position": _("Page %(number)s sur %(last)s") % {"number": number, "last": last},
    }
    return private(request, "directory/registration/people.html", told)


def _page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def _address(asked: str, number: int) -> str:
    return f"?{urlencode({'etat': asked, 'page': number})}"


def export(request: HttpRequest) -> HttpResponse:
    """The people of the list, as a file; that it was taken out is in the trail."""
    structure = by(request).actor.organisation
    found = _listed(structure, _asked(request))
    with database().unit() as unit:
        tell_listed(unit, by(request), structure, len(found))
    header = (_("Numéro RPPS"), _("Nom"), _("Prénom"), _("Rôle"), _("Contrat"), _("Du"), _("Au"), _("État"))
    return csv_response(_("personnes.csv"), header, [_cells(one) for one in found])


def _cells(one: Registration) -> tuple[str, ...]:
    told, person = words.shown(one), one.person
    return (
        *(told["rpps"], person.practice_name if person else "", person.given_name if person else ""),
        *(told["role"], str(told["contract"]), one.contract.starts.isoformat()),
        *(one.contract.ends.isoformat() if one.contract.ends else "", str(told["state_word"])),
    )
