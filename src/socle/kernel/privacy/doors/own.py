"""One's own data, for who is signed in: a copy at once, and every right without having to prove who one is again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from socle.kernel.accounts.doors.asked import held_of, prove_again
from socle.kernel.accounts.faults import PROVE_AGAIN
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.acts.own import ask_for_oneself, copy_of_oneself, own, withdraw_own
from socle.kernel.privacy.doors.following import WITHDRAWING, file_response, standing
from socle.kernel.privacy.doors.forms import OwnForm
from socle.kernel.privacy.doors.words import line
from socle.kernel.privacy.holdings import holdings
from socle.kernel.privacy.requests import Right, of_subject
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.web.asking import question
from socle.kernel.web.views import by, lang, moved, private

HERE = "/compte/mes-donnees"


def own_data(request: HttpRequest) -> HttpResponse:
    if (asking := question(request, WITHDRAWING)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    form = OwnForm(request.POST if chosen == "ask" else None)
    try:
        if chosen == "copy":
            document = copy_of_oneself(database(), by(request), held_of(request), holdings())
            return file_response(document, "mes-donnees.json")
        if chosen == "withdraw" or (chosen == "ask" and form.is_valid()):
            _changed(request, chosen, form)
            return moved(HERE)
    except SocleError as refusal:
        if refusal.kind is PROVE_AGAIN:
            return prove_again(HERE)
        return _page(request, form, refusal.status, refusal.sentence(lang()))
    return _page(request, form, 400 if form.is_bound else 200)


def own_request(request: HttpRequest, id: str) -> HttpResponse:
    """One of one's own requests; the same sentence for somebody else's and for none. The file is given to a session
    whose second factor is recent."""
    with database().reading() as session:
        known = own(session, by(request), id)
    if request.POST.get("do") == "take" and not held_of(request).fresh:
        return prove_again(f"{HERE}/{id}")
    return standing(request, known, (HERE, _("Mes données")))


def _changed(request: HttpRequest, chosen: str, form: OwnForm) -> None:
    with database().unit() as unit:
        if chosen == "withdraw":
            withdraw_own(unit, by(request), request.POST.get("what", ""))
        else:
            asked = form.cleaned_data
            ask_for_oneself(unit, by(request), Right(asked["kind"]), asked["said"])


def _page(request: HttpRequest, form: OwnForm, status: int, refusal: str = "") -> HttpResponse:
    subject = by(request).actor.subject
    with database().reading() as session:
        mine = [
            {**line(one), "own": one.subject == subject} for one in reversed(of_subject(session, subject))
        ]
        restricted = restricted_since(session, subject)
    told: dict[str, Any] = {"requests": mine, "restricted": restricted, "form": form, "refusal": refusal}
    return private(request, "privacy/own.html", told, status)
