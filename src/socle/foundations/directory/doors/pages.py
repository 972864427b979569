"""The directory's pages for people: the search, its results, and the results as a file."""

from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from socle.foundations.directory.counters import professionals, structures
from socle.foundations.directory.criteria import STRUCTURE
from socle.foundations.directory.doors.asked import SEARCH, Asked, asked_by
from socle.foundations.directory.doors.drawing import options
from socle.foundations.directory.doors.programs import command_for
from socle.foundations.directory.doors.results import answer, people_of, structures_of, told
from socle.foundations.directory.doors.state import State, published
from socle.foundations.directory.rows import person_lines, structure_line
from socle.foundations.terminology.tables import group
from socle.kernel.clock import from_micros, legal_zone
from socle.kernel.db import database
from socle.kernel.web.spreadsheet import csv_response

EXAMPLES: Final = (
    "cardio Lyon",
    "mme dupont infirmière 69003",
    "dr exemple",
    "pharmacie lyon 3",
    "kiné villeurbanne",
    "89970010016",
)


def search(request: HttpRequest) -> HttpResponse:
    """The search alone, or with its results."""
    asked = asked_by(request)
    with published() as state:
        lang = get_language() or "fr"
        form = {"professions": professions(lang, asked.profession), "search": SEARCH}
        if asked.is_blank:
            return render(request, "directory/home.html", {"asked": asked, **form, **_welcome(state)})
        # A page link sees a state of its own, and grows old.
        content = (
            _results(asked, state, form)
            if asked.page
            else state.library.once(("results", lang, asked), lambda: _results(asked, state, form))
        )
    return render(request, "directory/results.html", {"asked": asked, "content": content})


def _results(asked: Asked, state: State, form: dict[str, Any]) -> SafeString:
    """All of the page that follows from what is asked. Kept as one text: as values it would be walked through at every
    round of the garbage collector, and drawn again."""
    return render_to_string("directory/results_content.html", form | told(answer(asked, state), state))


def _welcome(state: State) -> dict[str, Any]:
    db = database()
    return {
        "examples": [(text, Asked(text=text).address()) for text in EXAMPLES],
        "professionals": professionals(db),
        "structures": structures(db),
        "updated": moment(state.library.updated),
        "command": command_for("Practitioner?identifier=89970010016"),
    }


def moment(micros: int | None) -> datetime | None:
    """An instant of the store as people read it, in the country's legal time."""
    return None if micros is None else from_micros(micros).astimezone(legal_zone())


@lru_cache(maxsize=256)
def professions(lang: str, chosen: str) -> SafeString:
    """Every profession as an option, in the order of the labels."""
    found = {
        code: table.display(code, "en" if lang == "en" else "fr") or code
        for table in group("profession").tables
        for code in table
    }
    listed = ((code, label, code == chosen) for code, label in found.items())
    return options(sorted(listed, key=itemgetter(1)))


def export(request: HttpRequest) -> HttpResponse:
    """The results of one page, as a file."""
    asked = asked_by(request)
    with published() as state:
        answered = answer(asked, state)
        labels = state.library.labels()
        if answered.results is not None and answered.results.request.type == STRUCTURE:
            lines = [structure_line(structure, labels) for structure in structures_of(answered.results)]
            return csv_response("structures.csv", _structure_columns(), lines)
        people = people_of(answered.results) if answered.results else ()
        lines = [line for person, places in people for line in person_lines(person, places, labels)]
        return csv_response(_("professionnels.csv"), _person_columns(), lines)


def _place_columns() -> tuple[str, ...]:
    return _("Structure"), "FINESS", _("Adresse"), _("Code postal"), _("Ville"), _("Téléphone")


def _person_columns() -> tuple[str, ...]:
    first = (_("Numéro RPPS"), _("Titre"), _("Nom"), _("Prénom"), _("Métier"), _("Mode d’exercice"))
    return (*first, *_place_columns(), _("Messageries MSSanté"))


def _structure_columns() -> tuple[str, ...]:
    return (*_place_columns(), _("Secteur d’activité"), "SIRET", _("Messageries MSSanté"))
