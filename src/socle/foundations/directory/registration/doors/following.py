"""What the person sees by their own link: where their registration is, the code to type, what to correct."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from socle.foundations.directory.registration import gate
from socle.foundations.directory.registration.acts import person as acts
from socle.foundations.directory.registration.doors import words
from socle.foundations.directory.registration.doors.forms import (
    CodeForm,
    WholeForm,
    contract_of,
    person_of,
)
from socle.foundations.directory.registration.lookup import structure_of
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FOR_PERSON, HELD, OPEN, State
from socle.foundations.directory.registration.steps import story_of
from socle.foundations.directory.statements import practitioner_id
from socle.kernel.access import DIRECTORY_MANAGER
from socle.kernel.accounts import grants
from socle.kernel.db import Session, database
from socle.kernel.errors import SocleError
from socle.kernel.notify.settings import notify_settings
from socle.kernel.settings import settings
from socle.kernel.web.asking import Risk, question
from socle.kernel.web.views import by, lang, later, moved, private

FOLLOW: Final = "/annuaire/s-enregistrer/suivi"
CORRECT: Final = "/annuaire/s-enregistrer/correction"
_RISKS: Final = {
    "withdraw": Risk(
        _("Retirer votre demande ?"),
        _("Votre employeur ne la verra plus. Pour vous enregistrer, il faudra recommencer."),
        _("Oui, retirer ma demande"),
    )
}


def _token(request: HttpRequest) -> str:
    """The token of the link comes in the query, then in the forms themselves."""
    return request.POST.get("jeton") or request.POST.get("what") or request.GET.get("jeton", "")


def follow(request: HttpRequest) -> HttpResponse:
    token, chosen = _token(request), request.POST.get("do", "")
    if (asking := question(request, _RISKS)) is not None:
        return asking
    form = CodeForm(request.POST if chosen == "confirm" else None)
    try:
        if chosen == "confirm" and form.is_valid():
            acts.confirm_address(database(), by(request), token=token, code=form.cleaned_data["code"])
        elif chosen == "renew":
            with database().unit() as unit:
                acts.renew_code(unit, by(request), token=token)
        elif chosen == "withdraw":
            with database().unit() as unit:
                acts.withdraw(unit, by(request), token=token)
    except SocleError as refusal:
        return _refused(request, token, form, refusal)
    if chosen and not form.errors:
        return moved(f"{FOLLOW}?jeton={token}")
    return _page(request, token, form, 400 if form.errors else 200)


def _refused(request: HttpRequest, token: str, form: CodeForm, refusal: SocleError) -> HttpResponse:
    if form.is_bound and form.is_valid():
        response = _page(request, token, form, form.refuse(refusal))
    else:
        response = _page(request, token, form, refusal.status, refusal.sentence(lang()))
    return later(response, refusal)


def _page(
    request: HttpRequest, token: str, form: CodeForm, status: int = 200, refusal: str = ""
) -> HttpResponse:
    with database().reading() as session:
        one = gate.of_link(session, token)
        structure = structure_of(session, one.structure)
        told: dict[str, Any] = {
            "one": words.shown(one),
            "structure": structure,
            "story": [words.line(step) for step in story_of(session, one.id)],
            "managed": _is_managed(session, one),
            "code": _demo_code(session, one),
        }
    told |= {
        "mute": settings().production and notify_settings().relay is None,
        "form": form,
        "token": token,
        "refusal": refusal,
        "link": f"{settings().public_url}{FOLLOW}?jeton={token}",
        "open": one.state in OPEN,
        "correctable": one.state in FOR_PERSON,
        "held": one.state in HELD,
        "card": practitioner_id(one.national_id) if one.state is State.PUBLISHED else "",
    }
    return private(request, "directory/registration/follow.html", told, status)


def _is_managed(session: Session, one: Registration) -> bool:
    """Whether somebody may decide for the structure: without a manager the person would wait in vain."""
    held = grants.of_structure(session, one.structure)
    return any(grant.role == DIRECTORY_MANAGER.code for grant in held)


def _demo_code(session: Session, one: Registration) -> str:
    """A demonstration without a relay sends no mail: it shows what would have been sent."""
    if settings().production or notify_settings().relay is not None or one.state is not State.DECLARED:
        return ""
    return acts.secrets_of(session, one).code


def correction(request: HttpRequest) -> HttpResponse:
    """Everything that was answered, to put right; where nothing can be, what can be done instead."""
    token = _token(request)
    with database().reading() as session:
        one = gate.of_link(session, token)
        story = [words.line(step) for step in story_of(session, one.id)]
    sent = request.method == "POST"
    if one.state not in FOR_PERSON:
        return _uncorrectable(request, one, token, 409 if sent else 200)
    notes = [line["note"] for line in story if line["note"]]
    told = {"token": token, "note": notes[-1] if notes and one.state is State.TO_CORRECT else ""}
    form, status = WholeForm(request.POST if sent else None, initial=_initial(one)), 400 if sent else 200
    if form.is_valid():
        try:
            _correct(request, token, form.cleaned_data)
            return moved(f"{FOLLOW}?jeton={token}")
        except SocleError as refusal:
            return later(_form(request, form, told, form.refuse(refusal)), refusal)
    return _form(request, form, told, status)


def _form(request: HttpRequest, form: WholeForm, told: dict[str, Any], status: int) -> HttpResponse:
    return private(request, "directory/registration/correction.html", {"form": form, **told}, status)


def _correct(request: HttpRequest, token: str, given: dict[str, Any]) -> None:
    with database().unit() as unit:
        acts.correct(
            unit,
            by(request),
            token=token,
            person=person_of(given),
            contract=contract_of(given),
            structure=given["structure"].strip(),
        )


def _uncorrectable(request: HttpRequest, one: Registration, token: str, status: int) -> HttpResponse:
    told = {
        "one": words.shown(one),
        "token": token,
        "follow": f"{FOLLOW}?jeton={token}",
        "follow_action": FOLLOW,
        "open": one.state in OPEN,
        "held": one.state in HELD,
    }
    return private(request, "directory/registration/uncorrectable.html", told, status)


def _initial(one: Registration) -> dict[str, Any]:
    contract = one.contract
    told = one.person.as_json() if one.person else {}
    return {
        **told,
        "structure": one.structure,
        "role": contract.role,
        "contract": contract.kind.value,
        "starts": contract.starts,
        "ends": contract.ends,
    }
