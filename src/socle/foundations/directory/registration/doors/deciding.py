"""One registration before the directory manager: who it is, what to check, what to decide."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from socle.foundations.directory.registration import gate
from socle.foundations.directory.registration.acts import employer, matching
from socle.foundations.directory.registration.acts.moving import tell_read
from socle.foundations.directory.registration.acts.person import duplicates
from socle.foundations.directory.registration.doors import words
from socle.foundations.directory.registration.doors.forms import EndForm, EvidenceForm, NoteForm, NumberForm
from socle.foundations.directory.registration.faults import OWN_REGISTRATION
from socle.foundations.directory.registration.lookup import Namesake, namesakes, structure_of
from socle.foundations.directory.registration.numbers import rpps_of
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FOR_EMPLOYER, HELD, State
from socle.foundations.directory.registration.steps import story_of
from socle.foundations.directory.statements import practitioner_id
from socle.kernel.db import Session, Unit, database
from socle.kernel.errors import SocleError
from socle.kernel.web.asking import Risk, question
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import by, lang, moved, private

DESK: Final = "/annuaire/enregistrements"
_RISKS: Final = {
    "reconcile": Risk(
        _("Est-ce bien la même personne ?"),
        _("Le rôle passe sous le numéro national. Le numéro donné ici ne servira plus à personne."),
        _("Oui, c’est la même personne"),
    ),
}


@dataclass
class _Forms:
    """The forms of the page; the one that was sent is bound, and `opened` names it when it must be seen again."""

    evidence: ActForm
    number: ActForm
    correction: ActForm
    refusal: ActForm
    end: ActForm
    opened: str = ""
    wrong: str = field(default="")


def dossier(request: HttpRequest, id: str) -> HttpResponse:
    if (asking := question(request, _RISKS)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    with database().reading() as session:
        one = gate.of_employer(session, by(request), id)
        found = _namesakes(session, one)
    shown = _forms(request, chosen, one, found)
    act = _act(chosen, shown)
    if act is None:
        return _page(request, one, found, shown, 400 if shown.opened else 200)
    try:
        with database().unit() as unit:
            act(unit, by(request), one.id)
    except SocleError as refusal:
        return _refused(request, one, found, shown, refusal)
    return moved(f"{DESK}/{one.id}")


def _namesakes(session: Session, one: Registration) -> list[Namesake]:
    if one.state is not State.IDENTIFIED or one.person is None:
        return []
    return namesakes(session, one.person)


def _forms(request: HttpRequest, chosen: str, one: Registration, found: list[Namesake]) -> _Forms:
    data = request.POST
    choices = [(other.national_id, f"{other.name}, RPPS {rpps_of(other.national_id)}") for other in found]
    return _Forms(
        evidence=EvidenceForm(data if chosen == "identify" else None, prefix="evidence"),
        number=NumberForm(data if chosen == "validate" else None, found=choices, prefix="number"),
        correction=NoteForm(data if chosen == "ask-correction" else None, prefix="correction"),
        refusal=NoteForm(data if chosen == "refuse" else None, prefix="refusal"),
        end=EndForm(data if chosen == "end" else None, prefix="end", initial={"ends": one.contract.ends}),
    )


Act = Callable[[Unit, Any, str], Any]


def _act(chosen: str, shown: _Forms) -> Act | None:
    """What the button does; None when its form is not filled in, or nothing was pressed."""
    plain: dict[str, Act] = {
        "reopen": lambda unit, who, id: employer.reopen(unit, who, registration=id),
        "reconcile": lambda unit, who, id: matching.reconcile(unit, who, registration=id),
        "keep-apart": lambda unit, who, id: matching.keep_apart(unit, who, registration=id),
    }
    if chosen in plain:
        return plain[chosen]
    asked: dict[str, tuple[ActForm, Callable[..., Any], dict[str, str]]] = {
        "identify": (shown.evidence, employer.verify_identity, {"evidence": "evidence"}),
        "validate": (shown.number, employer.validate, {"national_id": "known"}),
        "ask-correction": (shown.correction, employer.ask_correction, {"why": "why"}),
        "refuse": (shown.refusal, employer.refuse, {"why": "why"}),
        "end": (shown.end, employer.change_end, {"ends": "ends"}),
    }
    if chosen not in asked:
        return None
    form, act, names = asked[chosen]
    shown.opened = chosen
    if not form.is_valid():
        return None
    given = {name: form.cleaned_data[name_in_form] for name, name_in_form in names.items()}
    return lambda unit, who, id: act(unit, who, registration=id, **given)


def _refused(
    request: HttpRequest, one: Registration, found: list[Namesake], shown: _Forms, refusal: SocleError
) -> HttpResponse:
    form = next((each for each in _all(shown) if each.is_bound), None)
    if form is not None and form.fields_of.get(refusal.code):
        return _page(request, one, found, shown, form.refuse(refusal))
    shown.wrong = refusal.sentence(lang())
    return _page(request, one, found, shown, refusal.status)


def _all(shown: _Forms) -> list[ActForm]:
    return [shown.evidence, shown.number, shown.correction, shown.refusal, shown.end]


def _page(
    request: HttpRequest, one: Registration, found: list[Namesake], shown: _Forms, status: int
) -> HttpResponse:
    # Whatever was pressed, these details are about to be shown.
    with database().unit() as unit:
        tell_read(unit, by(request), one)
    with database().reading() as session:
        story = [words.line(step) for step in story_of(session, one.id)]
        others = duplicates(session, one)
        structure = structure_of(session, one.structure)
        own = gate.is_own(session, by(request), one)
    told = {
        "one": words.shown(one),
        "story": story,
        "structure": structure,
        "forms": shown,
        "namesakes": found,
        "others": [words.shown(other) for other in others] if one.state in FOR_EMPLOYER else [],
        "own": SocleError(OWN_REGISTRATION).sentence(lang()) if own else "",
        "to_decide": one.state in FOR_EMPLOYER and not own,
        "held": one.state in HELD and not own,
        "next": _next(one, own),
        "card": practitioner_id(one.national_id) if one.state is State.PUBLISHED else "",
        "twin_card": practitioner_id(one.matched) if one.matched else "",
    }
    return private(request, "directory/registration/dossier.html", told, status)


def _next(one: Registration, own: bool) -> str:
    """Who does what next, in a sentence."""
    if own and one.state in FOR_EMPLOYER:
        return gettext("Un autre gestionnaire d’annuaire : s’occuper de cet enregistrement.")
    said = {
        State.CONFIRMED: gettext("Vous : vérifier l’identité de la personne."),
        State.IDENTIFIED: gettext("Vous : valider son rôle, ou le refuser."),
        State.TO_CORRECT: gettext("La personne : corriger ce que vous avez demandé."),
        State.VALIDATED: gettext("L’annuaire publie le rôle sous 24 heures, dès le premier jour du contrat."),
        State.PUBLISHED: gettext("Rien à faire : le rôle se fermera avec le contrat."),
    }
    return said.get(one.state, gettext("Plus rien : c’est terminé."))
