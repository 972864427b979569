"""Where a request stands, for who made it, and what they may do about it: the same by a link as from an account. The
callers checked that it is theirs."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from socle.kernel.clock import micros
from socle.kernel.db import Session, database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.acts.files import take_file
from socle.kernel.privacy.acts.instruct import reply
from socle.kernel.privacy.acts.requests import withdraw
from socle.kernel.privacy.doors.forms import ReplyForm
from socle.kernel.privacy.doors.words import answer_words, authority, line, message_line, readable
from socle.kernel.privacy.files import file_of
from socle.kernel.privacy.messages import messages_of
from socle.kernel.privacy.requests import Request, answer_of
from socle.kernel.web.asking import Risk, question
from socle.kernel.web.views import by, lang, moment, moved, private

_RISKS = {
    "withdraw": Risk(
        _("Retirer cette demande ?"),
        _("Elle ne sera plus instruite. Vous pourrez en déposer une autre, avec un nouveau délai."),
        _("Oui, retirer cette demande"),
    ),
    "take": Risk(
        _("Télécharger vos données ?"),
        _("Le fichier se télécharge une seule fois, puis il est retiré d’ici. Enregistrez-le en lieu sûr."),
        _("Oui, télécharger maintenant"),
    ),
}
WITHDRAWING = {"withdraw": _RISKS["withdraw"]}


def standing(request: HttpRequest, known: Request, above: tuple[str, str | Promise]) -> HttpResponse:
    """The page, or what one of its buttons does; `above` is the page that it hangs under."""
    if (asking := question(request, _RISKS)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    form = ReplyForm(request.POST if chosen == "reply" else None)
    try:
        if chosen == "take":
            with database().unit() as unit:
                return attached(take_file(unit, by(request), known.id), known)
        if chosen == "withdraw" or (chosen == "reply" and form.is_valid()):
            with database().unit() as unit:
                if chosen == "withdraw":
                    withdraw(unit, by(request), known.id)
                else:
                    reply(unit, by(request), known.id, form.cleaned_data["text"])
            return moved(request.get_full_path())
    except SocleError as refusal:
        return _page(request, known, above, form, refusal.status, refusal.sentence(lang()))
    return _page(request, known, above, form, 400 if form.is_bound else 200)


def _page(
    request: HttpRequest,
    known: Request,
    above: tuple[str, str | Promise],
    form: ReplyForm,
    status: int,
    refusal: str = "",
) -> HttpResponse:
    with database().reading() as session:
        told = {**_state(session, known), "form": form, "refusal": refusal, "here": request.get_full_path()}
    return private(request, "privacy/follow.html", {**told, "above": above}, status)


def _state(session: Session, known: Request) -> dict[str, Any]:
    file = file_of(session, known.id)
    return {
        "request": line(known),
        "asked": known.asked is not None and known.closed is None,
        "messages": [message_line(one) for one in messages_of(session, known)],
        "answer": answer_words(readable(lambda: answer_of(session, known))),
        "refused": known.state.value == "refused",
        "file": bool(file and file.there and file.expires > micros()),
        "file_until": moment(file.expires) if file else None,
        "authority": authority(),
    }


def attached(document: Any, request: Request) -> HttpResponse:
    return file_response(document, f"donnees-{request.id}.json")


def file_response(document: Any, name: str) -> HttpResponse:
    """A person's data as a file to keep: JSON, which other services read (GDPR art. 20(1))."""
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
