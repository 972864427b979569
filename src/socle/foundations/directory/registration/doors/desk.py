"""The desk of a structure's directory manager: what waits, who is registered, the same as a file."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.acts.moving import tell_listed
from socle.foundations.directory.registration.doors import words
from socle.foundations.directory.registration.lookup import structure_of
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FINAL, FOR_EMPLOYER, HELD, State
from socle.kernel.db import database
from socle.kernel.web.spreadsheet import csv_response
from socle.kernel.web.views import by, private

_CHOICES: Final = {"": HELD, "fermes": frozenset((State.CLOSED,)), "tous": HELD | FINAL}


def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the manager, the oldest first; what waits for somebody else; whom the national files name."""
    structure = by(request).actor.organisation
    with database().reading() as session:
        place = structure_of(session, structure)
        mine = records.of_structure(session, structure, FOR_EMPLOYER)
        theirs = records.of_structure(session, structure, frozenset((State.TO_CORRECT,)))
        held = records.of_structure(session, structure, HELD)
    told: dict[str, Any] = {
        "place": place,
        "structure": structure,
        "mine": [words.shown(one) for one in mine],
        "theirs": [words.shown(one) for one in theirs],
        "twins": [words.shown(one) for one in held if one.matched],
        "held": len(held),
    }
    return private(request, "directory/registration/desk.html", told)


def _asked(request: HttpRequest) -> str:
    """Which of them; what is not known shows those whose contract runs."""
    asked = request.GET.get("etat", "")
    return asked if asked in _CHOICES else ""


def _listed(structure: str, asked: str) -> list[Registration]:
    with database().reading() as session:
        found = records.of_structure(session, structure, _CHOICES[asked])
    return sorted(found, key=lambda one: (one.person.practice_name if one.person else "", one.id))


def people(request: HttpRequest) -> HttpResponse:
    structure, asked = by(request).actor.organisation, _asked(request)
    found = [words.shown(one) for one in _listed(structure, asked)]
    with database().reading() as session:
        place = structure_of(session, structure)
    told = {"people": found, "asked": asked, "place": place, "structure": structure}
    return private(request, "directory/registration/people.html", told)


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
