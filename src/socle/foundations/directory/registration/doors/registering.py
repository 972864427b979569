"""The form by which a person registers: one question at a time, all the answers shown before they are sent.

Nothing is kept before the end: each page carries the answers of those before it, and every part is read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from socle.foundations.directory.criteria import STRUCTURE
from socle.foundations.directory.doors.asked import Asked
from socle.foundations.directory.doors.results import answer, structures_of
from socle.foundations.directory.doors.state import published
from socle.foundations.directory.registration.acts.moving import delays
from socle.foundations.directory.registration.acts.person import declare
from socle.foundations.directory.registration.contract import checked_contract
from socle.foundations.directory.registration.doors import words
from socle.foundations.directory.registration.doors.forms import (
    CONTRACTS,
    IdentityPart,
    Part,
    ReachPart,
    StructurePart,
    WorkPart,
    contract_of,
    person_of,
)
from socle.foundations.directory.registration.faults import FROM_HERE
from socle.foundations.directory.registration.lookup import Structure, open_structure, structure_from
from socle.kernel.clock import business_date
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.web.views import by, lang, later, moved, private

FORM: Final = "/annuaire/s-enregistrer/demande"
_FOUND: Final = 10
_CHECK: Final = "verification"
# Said by who changes one answer of all: they come back to where they read them.
_REREAD: Final = "relecture"


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    title: Promise
    part: type[Part]


QUESTIONS: Final = (
    Question("structure", _("Où travaillez-vous ?"), StructurePart),
    Question("identite", _("Qui êtes-vous ?"), IdentityPart),
    Question("travail", _("Quel est votre rôle ?"), WorkPart),
    Question("contact", _("Comment vous joindre ?"), ReachPart),
)
_PLACES: Final = {question.name: place for place, question in enumerate(QUESTIONS)}
_ANSWERS: Final = tuple(name for question in QUESTIONS for name in question.part.base_fields if name != "q")


def welcome(request: HttpRequest) -> HttpResponse:
    """Who registers here, what for, what happens next and by when."""
    chosen = delays()
    told = {"confirm": chosen.confirm, "decide": chosen.decide, "form": FORM}
    return render(request, "directory/registration/welcome.html", told)


def form(request: HttpRequest) -> HttpResponse:
    """One question, or the answers to check, or the end."""
    data = request.POST.dict()
    if request.method != "POST":
        return _ask(request, 0, {"structure": request.GET.get("structure", "")})
    chosen = data.get("do", "")
    if chosen.startswith("vers-") and (place := _PLACES.get(chosen.removeprefix("vers-"))) is not None:
        return _ask(request, place, data)
    if data.get("etape") == _CHECK:
        return _sent(request, data)
    return _answered(request, _PLACES.get(data.get("etape", ""), 0), data)


def _part(place: int, data: Mapping[str, str], *, bound: bool) -> Part:
    """The form of a question: `bound` when it was answered, else with the answers given before."""
    part, given = QUESTIONS[place].part, data if bound else None
    if issubclass(part, StructurePart):
        return part(given, initial=dict(data), found=[(one.key, one.shown) for one in _found(data)])
    return part(given, initial=dict(data))


def _answered(request: HttpRequest, place: int, data: dict[str, str]) -> HttpResponse:
    part = _part(place, data, bound=True)
    if not part.is_valid() or not _agrees(part, data):
        return _ask(request, place, data, part, 400)
    if place == 0 and (not data.get("structure") or data.get("do") == "chercher"):
        return _ask(request, place, data, part)
    if place + 1 < len(QUESTIONS) and not data.get(_REREAD):
        return _ask(request, place + 1, data)
    return _check(request, data)


def _agrees(part: Part, data: Mapping[str, str]) -> bool:
    """What fields say together; a refusal is told at its field."""
    try:
        if isinstance(part, WorkPart):
            checked_contract(contract_of(part.cleaned_data), business_date())
        if isinstance(part, StructurePart) and data.get("structure"):
            with database().reading() as session:
                open_structure(session, data["structure"])
    except SocleError as refusal:
        part.refuse(refusal)
        return False
    return True


def _ask(
    request: HttpRequest, place: int, data: Mapping[str, str], part: Part | None = None, status: int = 200
) -> HttpResponse:
    part = part or _part(place, data, bound=False)
    question, offered = QUESTIONS[place], isinstance(part.fields.get("structure"), ChoiceField)
    told = {
        "form": part,
        "question": question,
        "number": place + 1,
        "total": len(QUESTIONS),
        "back": QUESTIONS[place - 1].name if place else "",
        "carried": _carried(data, part),
        "searching": place == 0,
        "offered": offered,
        "searched": "" if offered or place else data.get("q", ""),
        "action": FORM,
    }
    return private(request, "directory/registration/question.html", told, status)


def _carried(data: Mapping[str, str], part: Part) -> list[tuple[str, str]]:
    return [(name, data[name]) for name in (*_ANSWERS, _REREAD) if name in data and name not in part.fields]


def _found(data: Mapping[str, str]) -> list[Structure]:
    """The structures that the words find, with the one chosen before."""
    text, key = " ".join(data.get("q", "").split()), data.get("structure", "")
    found = _searched(text) if text else []
    if key and all(one.key != key for one in found) and (chosen := _chosen(key)):
        found.insert(0, chosen)
    return found


def _searched(text: str) -> list[Structure]:
    with published() as state:
        results = answer(Asked(text=text, target="structures"), state, _FOUND).results
        if results is None or results.request.type != STRUCTURE:
            return []
        found = [structure_from(one) for one in structures_of(results)]
    return [one for one in found if one is not None and one.active]


def _chosen(key: str) -> Structure | None:
    try:
        with database().reading() as session:
            return open_structure(session, key)
    except SocleError:
        return None


def _read_all(data: Mapping[str, str]) -> tuple[dict[str, Any], int, Part | None]:
    """The cleaned answers; the first question that is not answered well, with its form, if there is one."""
    told: dict[str, Any] = {}
    for place, question in enumerate(QUESTIONS):
        part = question.part(data)
        if not part.is_valid() or not _agrees(part, data) or (place == 0 and not data.get("structure")):
            return told, place, part
        told |= part.cleaned_data
    return told, 0, None


def _check(request: HttpRequest, data: Mapping[str, str], refusal: SocleError | None = None) -> HttpResponse:
    """The answers before they are sent, or once more when nothing more is heard from there for a while."""
    told, place, wrong = _read_all(data)
    if wrong is not None:
        return _ask(request, place, data, wrong, 400)
    with database().reading() as session:
        structure = open_structure(session, told["structure"])
    person, contract = person_of(told), contract_of(told)
    shown = {
        "structure": structure,
        "person": person,
        "role": words.role(contract.role),
        "contract": CONTRACTS[contract.kind],
        "starts": contract.starts,
        "ends": contract.ends,
        "carried": [(name, data.get(name, "")) for name in _ANSWERS],
        "action": FORM,
        "refusal": refusal.sentence(lang()) if refusal else "",
    }
    response = private(
        request, "directory/registration/check.html", shown, refusal.status if refusal else 200
    )
    return later(response, refusal) if refusal else response


def _sent(request: HttpRequest, data: Mapping[str, str]) -> HttpResponse:
    told, place, wrong = _read_all(data)
    if wrong is not None:
        return _ask(request, place, data, wrong, 400)
    try:
        with database().unit() as unit:
            made = declare(
                unit,
                by(request),
                person=person_of(told),
                contract=contract_of(told),
                structure=told["structure"],
            )
    except SocleError as refusal:
        return _refused(request, data, refusal)
    return moved(made.path)


def _refused(request: HttpRequest, data: Mapping[str, str], refusal: SocleError) -> HttpResponse:
    """Back to the question whose field the act refused; what concerns none of them is told above the first. What is
    only to be sent again later waits where it was."""
    if refusal.kind is FROM_HERE:
        return _check(request, data, refusal)
    field = Part.fields_of.get(refusal.code, "")
    place = next((n for n, one in enumerate(QUESTIONS) if field in one.part.base_fields), 0)
    part = _part(place, data, bound=True)
    part.full_clean()
    return _ask(request, place, data, part, part.refuse(refusal))
