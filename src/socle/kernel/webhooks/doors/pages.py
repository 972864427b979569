"""Webhooks: who is sent to and how it goes, a new one, and what an operator does about one."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from socle.kernel.clock import micros
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.outbox.states import SECOND
from socle.kernel.web.asking import Risk, question
from socle.kernel.web.durations import lasting
from socle.kernel.web.views import by, lang, moment, moved, private
from socle.kernel.webhooks import acts
from socle.kernel.webhooks.doors.forms import HookForm, ReplayForm, titled
from socle.kernel.webhooks.hooks import Condition, Hook, figures_of, hook, hooks, last_number
from socle.kernel.webhooks.outcome import Outcome, in_words
from socle.kernel.webhooks.trial import send_trial

LIST: Final = "/exploitation/webhooks"
_CONDITIONS = {
    Condition.WELL: (_("à jour"), "good"),
    Condition.LATE: (_("en retard"), "warm"),
    Condition.STOPPED: (_("arrêté"), "bad"),
}
_RISKS = {
    "rotate": Risk(
        _("Changer le secret ?"),
        _("Le nouveau est montré une fois. L’ancien reste valable le temps que disent les réglages."),
        _("Oui, changer le secret"),
    ),
    "delete": Risk(
        _("Supprimer ce webhook ?"),
        _("Rien ne lui sera plus envoyé et son secret est détruit. On ne peut pas revenir en arrière."),
        _("Oui, supprimer ce webhook"),
    ),
}
_DONE = {
    "suspend": _("Le webhook est arrêté ; son curseur reste où il est."),
    "resume": _("Le webhook reprend là où il en était."),
    "replay": _("Ce qui suit cet évènement est envoyé de nouveau."),
    "delete": _("Le webhook est supprimé, et son secret avec lui."),
}


def listing(request: HttpRequest) -> HttpResponse:
    """The subscribers, those that need somebody first."""
    with database().reading() as session:
        last, now = last_number(session), micros()
        lines = [_line(one, last, now) for one in hooks(session)]
    worst = list(Condition)
    told = {
        "lines": sorted(lines, key=lambda line: -worst.index(line["condition"])),
        "stopped": sum(line["condition"] is Condition.STOPPED for line in lines),
        "late": sum(line["condition"] is Condition.LATE for line in lines),
        "done": _DONE.get(request.GET.get("fait", "")),
    }
    return private(request, "webhooks/list.html", told)


def _line(one: Hook, last: int, now: int) -> dict[str, Any]:
    seen = figures_of(one, last, now)
    return {
        "id": one.id,
        # The path may hold what only the subscriber should know.
        "host": urlsplit(one.url).hostname or "",
        "condition": seen.condition,
        "tag": _CONDITIONS[seen.condition],
        "reason": in_words(one.reason, lang()),
        "kinds": [titled(code) for code in sorted(one.kinds)],
        "behind": seen.behind,
        "failing": lasting(seen.failing),
        "received": moment(one.last_at),
    }


def creating(request: HttpRequest) -> HttpResponse:
    form = HookForm(request.POST or None)
    status = 400 if form.is_bound and not form.is_valid() else 200
    if form.is_valid():
        try:
            announced = django_settings.SOCLE_EVENTS
            with database().unit() as unit:
                id, secret = acts.create(unit, by(request), announced=announced, **form.cleaned_data)
            return _secret(request, id, secret)
        except SocleError as refusal:
            status = form.refuse(refusal)
    return private(request, "webhooks/create.html", {"form": form}, status)


def _secret(request: HttpRequest, id: str, secret: str) -> HttpResponse:
    """The only time that the secret is shown."""
    return private(request, "webhooks/secret.html", {"id": id, "secret": secret})


def card(request: HttpRequest, id: str) -> HttpResponse:
    """One subscriber."""
    if (asking := question(request, _RISKS)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    form = ReplayForm(request.POST if chosen == "replay" else None)
    try:
        if chosen and (chosen != "replay" or form.is_valid()):
            return _acted(request, id, chosen, form)
    except SocleError as refusal:
        if form.is_bound:
            return _card(request, id, form, status=form.refuse(refusal))
        return _card(request, id, form, refusal=refusal.sentence(lang()), status=refusal.status)
    wrong = form.is_bound and not form.is_valid()
    return _card(request, id, form, status=400 if wrong else 200)


def _acted(request: HttpRequest, id: str, chosen: str, form: ReplayForm) -> HttpResponse:
    if chosen == "test":
        # The page waits for the subscriber, no longer than the settings let it take.
        return _card(request, id, form, tried=send_trial(database(), by(request), id))
    with database().unit() as unit:
        if chosen == "rotate":
            return _secret(request, id, acts.rotate(unit, by(request), id))
        if chosen == "suspend":
            acts.suspend(unit, by(request), id)
        elif chosen == "resume":
            acts.resume(unit, by(request), id)
        elif chosen == "replay":
            acts.replay(unit, by(request), id, form.cleaned_data["after"])
        elif chosen == "delete":
            acts.delete(unit, by(request), id)
    return moved(f"{LIST if chosen == 'delete' else f'{LIST}/{id}'}?fait={chosen}")


def _card(
    request: HttpRequest,
    id: str,
    form: ReplayForm,
    *,
    tried: Outcome | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    with database().reading() as session:
        one, last, now = hook(session, id), last_number(session), micros()
    told = {
        "hook": one,
        "line": _line(one, last, now),
        "last": last,
        "created": moment(one.created),
        "next": moment(one.next_at) if one.next_at > now else None,
        "silent": lasting((now - one.last_at) / SECOND) if one.last_at else "",
        "form": form,
        "tried": tried,
        "problem": in_words(tried.problem, lang()) if tried else "",
        "refusal": refusal,
        "done": _DONE.get(request.GET.get("fait", "")),
    }
    return private(request, "webhooks/hook.html", told, status)
