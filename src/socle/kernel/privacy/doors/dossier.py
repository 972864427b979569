"""One request: what it says, what may be done about it, where it stands, its story."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socle.kernel.accounts.personal import person as account_person
from socle.kernel.accounts.personal import subject_of
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Session, Unit, database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.acts.erasing import ERASING, call_off_erasure, order_erasure
from socle.kernel.privacy.acts.files import discard_file, make_file, take_file
from socle.kernel.privacy.acts.instruct import ask, identify, note_read, unidentify
from socle.kernel.privacy.acts.requests import answer, extend, refuse, reopen
from socle.kernel.privacy.acts.restricting import lift_for, restrict_for
from socle.kernel.privacy.doors.following import attached
from socle.kernel.privacy.doors.forms import AnswerForm, IdentifyForm, MoreForm, RefuseForm
from socle.kernel.privacy.doors.words import answer_words, line, message_line, readable
from socle.kernel.privacy.files import file_of
from socle.kernel.privacy.grounds import ground_of
from socle.kernel.privacy.holdings import holdings
from socle.kernel.privacy.messages import messages_of
from socle.kernel.privacy.requests import Request, State, answer_of, details_of, find
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.privacy.story import Step, story_of
from socle.kernel.web.asking import Risk, question
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import by, lang, moment, moved, private

DESK = "/droits/instruction"
_RISKS = {
    "take": Risk(
        gettext_lazy("Télécharger ce fichier ?"),
        gettext_lazy(
            "Il se télécharge une fois, puis il est retiré d’ici : la personne ne pourra plus le prendre."
        ),
        gettext_lazy("Oui, télécharger maintenant"),
    ),
    "unidentify": Risk(
        gettext_lazy("Annuler la vérification ?"),
        gettext_lazy("La demande attendra de nouveau que l’identité soit vérifiée."),
        gettext_lazy("Oui, annuler la vérification"),
    ),
    "reopen": Risk(
        gettext_lazy("Rouvrir la demande ?"),
        gettext_lazy(
            "La réponse donnée aujourd’hui est annulée, et le délai court comme s’il n’avait pas été interrompu."
        ),
        gettext_lazy("Oui, rouvrir"),
    ),
}
Form = Callable[..., ActForm]


def dossier(request: HttpRequest, id: str) -> HttpResponse:
    if (asking := question(request, _RISKS)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    with database().reading() as session:
        known = find(session, id)
    forms = _forms(known, chosen, request)
    if chosen == "look":
        return _page(request, id, forms, 200, "", looked=request.POST.get("person", ""))
    bound = forms.get(chosen)
    if chosen == "erase" and "sure" not in request.POST:
        return _erasing(request, known)
    status, refusal = 200, ""
    if chosen and (bound is None or bound.is_valid()):
        try:
            return _done(request, known, chosen, bound.cleaned_data if bound else {})
        except SocleError as refused:
            status = refused.status
            if bound is not None:
                bound.refuse(refused)
            else:
                refusal = refused.sentence(lang())
    elif chosen:
        status = 400
    return _page(request, id, forms, status, refusal)


def _forms(known: Request, chosen: str, request: HttpRequest) -> dict[str, ActForm]:
    """One for each thing that is done with words; the one that was sent is bound."""

    def data(name: str) -> Any:
        return request.POST if chosen == name else None

    return {
        "identify": IdentifyForm(data("identify"), auto_id="identify_%s", initial=_typed(request)),
        "ask": MoreForm(data("ask"), auto_id="ask_%s"),
        "extend": MoreForm(data("extend"), auto_id="extend_%s"),
        "refuse": RefuseForm(known.kind, data("refuse"), auto_id="refuse_%s"),
        "answer": AnswerForm(data("answer"), auto_id="answer_%s"),
    }


def _typed(request: HttpRequest) -> dict[str, str]:
    """What is kept in the fields while one looks at what is held."""
    return {name: request.POST.get(name, "")[:300] for name in ("proof", "person")}


def _done(request: HttpRequest, known: Request, chosen: str, said: dict[str, str]) -> HttpResponse:
    """One of the buttons of the page."""
    acting, here = by(request), f"{DESK}/{known.id}"
    if chosen == "file":
        make_file(database(), acting, known.id, holdings())
        return moved(here)
    with database().unit() as unit:
        if chosen == "take":
            return attached(take_file(unit, acting, known.id), known)
        if (act := _PLAIN.get(chosen)) is not None:
            act(unit, acting, known.id)
        elif chosen == "identify":
            identify(unit, acting, known.id, person=said["person"], proof=said["proof"])
        elif chosen in _WITH_TEXT:
            _WITH_TEXT[chosen](unit, acting, known.id, said["text"])
        elif chosen == "refuse":
            ground = ground_of(said["ground"])
            assert ground is not None
            refuse(unit, acting, known.id, ground, said["text"])
    return moved(here)


_PLAIN: dict[str, Callable[[Unit, Any, str], Any]] = {
    "unidentify": unidentify,
    "discard": discard_file,
    "restrict": restrict_for,
    "lift": lift_for,
    "erase": order_erasure,
    "call-off": call_off_erasure,
    "reopen": reopen,
}
_WITH_TEXT: dict[str, Callable[[Unit, Any, str, str], Any]] = {"ask": ask, "extend": extend, "answer": answer}


def _page(
    request: HttpRequest, id: str, forms: dict[str, ActForm], status: int, refusal: str, looked: str = ""
) -> HttpResponse:
    with database().unit() as unit:
        note_read(unit, by(request), id)
    with database().reading() as session:
        known = find(session, id)
        told = _told(session, known)
        told["held"] = _held(session, known.person or looked[:254])
    wrong = next((form for form in forms.values() if form.errors), None)
    named = {name.replace("-", "_"): form for name, form in forms.items()}
    told |= {
        "forms": named,
        "refusal": refusal,
        "wrong": wrong,
        "opened": request.POST.get("do", ""),
        "looked": looked,
    }
    return private(request, "privacy/dossier.html", told, status)


def _held(session: Session, words: str) -> list[dict[str, str]]:
    """Under which identifiers something is held of somebody."""
    return [{"subject": one.subject, "what": one.what.of(lang())} for one in holdings().find(session, words)]


def _told(session: Session, known: Request) -> dict[str, Any]:
    file, since = file_of(session, known.id), None
    if known.person:
        since = restricted_since(session, known.person)
    today = business_date()
    return {
        "request": line(known),
        "known": known,
        "who": readable(lambda: details_of(session, known)) or {},
        "person": _shown(session, known.person),
        "messages": [message_line(one) for one in messages_of(session, known)],
        "answer": answer_words(readable(lambda: answer_of(session, known))),
        "file": file,
        "file_there": bool(file and file.there and file.expires > micros()),
        "file_until": moment(file.expires) if file else None,
        "file_taken": moment(file.taken) if file else None,
        "restricted": since,
        "erasing": known.kind in ERASING,
        "erase_at": moment(known.erase_at),
        "extendable": not known.extended and today <= known.due,
        "reopenable": known.closed == today and known.state is not State.WITHDRAWN and not known.erased,
        "story": [_step(session, step) for step in story_of(session, known)],
    }


def _shown(session: Session, person: str) -> str:
    """A person with an account is named; anybody else goes by an internal identifier."""
    account = person.removeprefix(subject_of(""))
    if account == person:
        return person
    try:
        return f"{account_person(session, account).shown} ({person})"
    except SocleError:
        return person


def _step(session: Session, step: Step) -> dict[str, Any]:
    kind = step.actor.partition(":")[0]
    if kind == "agent":
        who = _shown(session, step.actor).partition(" (")[0]
    else:
        who = {"anonymous": _("la personne, par son lien"), "system": _("le système")}.get(kind, step.actor)
    return {"at": moment(step.at), "what": step.what.of(lang()), "who": who}


def _erasing(request: HttpRequest, known: Request) -> HttpResponse:
    """Asked once more, with what goes and what the law keeps."""
    gone, kept, house = [], [], holdings()
    for manifest in house.processings():
        for one in manifest.personal_data:
            row = {"service": manifest.title.of(lang()), "what": one.what.of(lang())}
            if one.kept_because is None:
                gone.append(row)
            else:
                kept.append(
                    {
                        **row,
                        "because": one.kept_because.of(lang()),
                        "kept": house.in_force(one.retention.of(lang())),
                    }
                )
    return private(request, "privacy/erasing.html", {"request": line(known), "gone": gone, "kept": kept})
