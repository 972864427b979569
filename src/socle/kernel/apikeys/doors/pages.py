"""API keys: those one tends, a new one, and one of them."""

from typing import Any, Final

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from socle.kernel.access import allows
from socle.kernel.apikeys import acts
from socle.kernel.apikeys.doors.forms import IncidentsForm, KeyForm, QuotaForm
from socle.kernel.apikeys.keys import DAY, SOON_DAYS, Listed, listed
from socle.kernel.clock import micros
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.settings import settings
from socle.kernel.web.asking import Risk, question
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import by, lang, moment, moved, private

LIST: Final = "/cles-api"
_RISKS = {
    "end": Risk(
        _("Fermer cette clé ?"),
        _(
            "Elle est refusée partout dans la demi-minute, et le logiciel qui la présente n’entre plus. Une clé fermée "
            "ne se rouvre pas."
        ),
        _("Oui, fermer cette clé"),
    )
}
_DONE = {
    "end": _("La clé est fermée."),
    "limit": _("Le quota est changé ; il compte partout dans la demi-minute."),
    "incidents": _("Les incidents de cette clé sont changés ; ils comptent dans la demi-minute."),
}


def listing(request: HttpRequest) -> HttpResponse:
    """The keys that this person tends."""
    everywhere = allows(by(request), acts.EVERY_KEY)
    with database().reading() as session:
        found = listed(session, None if everywhere else by(request).actor.id)
    now = micros()
    told = {
        "lines": [_line(one, now) for one in found],
        "expiring": sum(_condition(one, now) == "soon" for one in found),
        "everywhere": everywhere,
        "done": _DONE.get(request.GET.get("fait", "")),
    }
    return private(request, "apikeys/list.html", told)


_CONDITIONS = {
    "used": (_("en service"), "good"),
    "soon": (_("expire bientôt"), "warm"),
    "past": (_("expirée"), "plain"),
    "ended": (_("fermée"), "plain"),
}


def _condition(one: Listed, now: int) -> str:
    if one.ended is not None:
        return "ended"
    if one.key.expires is None or one.key.expires > now + SOON_DAYS * DAY:
        return "used"
    return "soon" if one.key.expires > now else "past"


def _line(one: Listed, now: int) -> dict[str, Any]:
    condition = _condition(one, now)
    services = dict(django_settings.SOCLE_KEYED)
    known = services.get(one.key.service)
    return {
        "id": one.key.id,
        "label": one.key.label,
        "service": known.of(lang()) if known else one.key.service,
        "tag": _CONDITIONS[condition],
        "open": one.is_open(now),
        "quota": one.key.a_second,
        "incidents": " ".join(f"{share.incident}:{share.percent:g} %" for share in one.key.incidents),
        "of_publisher": bool(one.owner),
        "created": moment(one.created),
        "ended": moment(one.ended),
        # What ends with a day is told by that day, not by the first moment after it.
        "until": moment(one.key.expires - 1) if one.key.expires else None,
        "used": moment(one.used),
    }


def creating(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST or None, everywhere=allows(by(request), acts.EVERY_KEY))
    status = 400 if form.is_bound and not form.is_valid() else 200
    if form.is_valid():
        try:
            with database().unit() as unit:
                key, presented = acts.issue(unit, by(request), **form.asked())
            # The only time that the key is shown.
            return private(request, "apikeys/made.html", {"key": key, "presented": presented})
        except SocleError as refusal:
            status = form.refuse(refusal)
    return private(request, "apikeys/create.html", {"form": form}, status)


def card(request: HttpRequest, id: str) -> HttpResponse:
    """One key."""
    if (asking := question(request, _RISKS)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    with database().reading() as session:
        one = acts.seen(session, by(request), id)
    forms: dict[str, ActForm] = {
        "limit": QuotaForm(
            request.POST if chosen == "limit" else None, initial={"a_second": one.key.a_second}
        ),
        "incidents": IncidentsForm(
            request.POST if chosen == "incidents" else None,
            initial={share.incident.name.lower(): int(share.percent) for share in one.key.incidents},
        ),
    }
    bound = forms.get(chosen)
    try:
        if chosen and (bound is None or bound.is_valid()):
            return _acted(request, id, chosen, forms)
    except SocleError as refusal:
        if bound is not None:
            return _card(request, one, forms, status=bound.refuse(refusal))
        return _card(request, one, forms, refusal=refusal.sentence(lang()), status=refusal.status)
    return _card(request, one, forms, status=400 if chosen else 200)


def _acted(request: HttpRequest, id: str, chosen: str, forms: dict[str, ActForm]) -> HttpResponse:
    with database().unit() as unit:
        if chosen == "end":
            acts.end(unit, by(request), id)
        elif chosen == "limit":
            acts.limit(unit, by(request), id, forms["limit"].cleaned_data["a_second"])
        elif isinstance(form := forms.get(chosen), IncidentsForm):
            acts.set_incidents(unit, by(request), id, form.written())
    return moved(f"{LIST if chosen == 'end' else f'{LIST}/{id}'}?fait={chosen}")


def _card(
    request: HttpRequest, one: Listed, forms: dict[str, ActForm], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    told = {
        "line": _line(one, micros()),
        "everywhere": allows(by(request), acts.EVERY_KEY),
        "demo": not settings().production,
        "quota": forms["limit"],
        "incidents": forms["incidents"],
        "refusal": refusal,
        "done": _DONE.get(request.GET.get("fait", "")),
    }
    return private(request, "apikeys/key.html", told, status)
