"""Parked deliveries: the desk, one delivery, what an operator does about it, and the list as a file."""

from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from socle.kernel.clock import from_micros, micros
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.outbox import operate
from socle.kernel.outbox.events import CATALOGUE
from socle.kernel.outbox.queries import Figures, Held, Wanted, count_held, delivery, figures, held, names_held
from socle.kernel.outbox.states import SECOND, State
from socle.kernel.web.durations import lasting
from socle.kernel.web.forms import ActForm
from socle.kernel.web.spreadsheet import csv_response
from socle.kernel.web.templatetags.components import Column, Table
from socle.kernel.web.views import by, lang, moment, moved, private

DESK: Final = "/exploitation/livraisons"
EXPORT: Final = "/exploitation/livraisons.csv"
_A_PAGE = 25
_STATES = {
    State.PARKED: (gettext_lazy("bloquée"), "bad"),
    State.WAITING: (gettext_lazy("en attente d’un nouvel essai"), "warm"),
    State.SET_ASIDE: (gettext_lazy("écartée"), "plain"),
    State.BEHIND: (gettext_lazy("derrière une autre"), "warm"),
    State.READY: (gettext_lazy("prête"), "good"),
}
_SHOWN = (State.PARKED, State.WAITING, State.SET_ASIDE)
_DONE = {
    "retry": gettext_lazy("La livraison est relancée ; sa file reprend dès qu’elle aboutit."),
    "set-aside": gettext_lazy("La livraison est écartée ; sa file repart sans elle."),
    "take-back": gettext_lazy("La livraison est de nouveau bloquée, et sa file attend derrière elle."),
}


class FilterForm(forms.Form):
    """What the desk shows. Choices that are not there any more are shown as empty lists, not refused."""

    etat = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[(one.value, _STATES[one][0]) for one in _SHOWN]
    )
    ecouteur = forms.CharField(label=gettext_lazy("Écouteur"), required=False, max_length=200)
    evenement = forms.CharField(label=gettext_lazy("Évènement"), required=False, max_length=200)

    def offer(self, listeners: list[str], kinds: list[str]) -> None:
        for name, offered in (("ecouteur", listeners), ("evenement", kinds)):
            choices = [("", _("tous")), *((one, one) for one in offered)]
            self.fields[name].widget = forms.Select(choices=choices)


class ReasonForm(ActForm):
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        help_text=gettext_lazy("Elle est scellée dans la trace, avec votre nom."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the operator, the oldest first."""
    form, wanted = _asked(request)
    number = _page_number(request)
    with database().reading() as session:
        told = figures(session, micros())
        form.offer(*names_held(session, wanted.state))
        found = held(session, wanted, _A_PAGE, (number - 1) * _A_PAGE)
        total = count_held(session, wanted)
    return private(
        request,
        "outbox/desk.html",
        {
            "form": form,
            "table": _table(found, total, wanted.state),
            "total": total,
            "parked": told.parked,
            "listeners": _listeners(told),
            "filtered": bool(wanted.listener or wanted.kind or wanted.state is not State.PARKED),
            "export": f"{EXPORT}?{request.GET.urlencode()}" if request.GET else EXPORT,
            "age": lasting(told.age),
            "done": _DONE.get(request.GET.get("fait", "")),
            **_pages(request, number, total),
        },
    )


def _asked(request: HttpRequest) -> tuple[FilterForm, Wanted]:
    """The filters as they were typed; a state that does not exist is the first one."""
    form = FilterForm({"etat": State.PARKED.value, **request.GET.dict()})
    form.is_valid()
    chosen = form.cleaned_data
    state = State(chosen["etat"]) if chosen.get("etat") else State.PARKED
    return form, Wanted(state, chosen.get("ecouteur", ""), chosen.get("evenement", ""))


def _page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def _pages(request: HttpRequest, number: int, total: int) -> dict[str, str]:
    last = max(1, -(-total // _A_PAGE))

    def address(wanted: int) -> str:
        kept = {**request.GET.dict(), "page": str(wanted)}
        kept.pop("fait", None)
        return f"{DESK}?{urlencode(kept)}"

    return {
        "previous": address(min(number - 1, last)) if number > 1 else "",
        "following": address(number + 1) if number < last else "",
        "position": _("Page %(number)s sur %(last)s") % {"number": min(number, last), "last": last},
    }


def _table(found: list[Held], total: int, state: State) -> Table:
    caption = ngettext(
        "%(count)s livraison, la plus ancienne d’abord",
        "%(count)s livraisons, la plus ancienne d’abord",
        total,
    ) % {"count": total}
    columns = (
        Column(_("Écouteur et évènement")),
        Column(_("Concerne")),
        Column(_("Attend depuis")),
        Column(_("Tentatives"), numeric=True),
        Column(_("Derrière elle"), numeric=True),
        Column(_("Dernière erreur")),
    )
    now = micros()
    return Table(caption, columns, [_row(one, now) for one in found])


def _row(one: Held, now: int) -> tuple[Any, ...]:
    name = format_html(
        '<a href="{}">{} · {}</a><span class="second">{}</span>',
        address_of(one.listener, one.sequence),
        one.listener,
        one.sequence,
        _titled(one.kind),
    )
    since = lasting(max(0, now - one.at) / SECOND) or _("à l’instant")
    return (name, one.lane, since, one.tries, one.behind, one.last_error)


def _titled(kind: str) -> str:
    known = CATALOGUE.get(kind)
    return f"{known.fr if lang() == 'fr' else known.en} ({kind})" if known else kind


def address_of(listener: str, sequence: int) -> str:
    return f"{DESK}/{quote(listener, safe='')}/{sequence}"


def _listeners(told: Figures) -> Table:
    """What each listener has still to hear."""
    columns = (
        Column(_("Écouteur")),
        *(
            Column(words, numeric=True)
            for words in (
                *(_("Prêtes"), _("En attente"), _("Derrière"), _("Bloquées"), _("Écartées")),
                _("La plus ancienne"),
            )
        ),
    )
    rows = [
        (one.listener, one.ready, one.waiting, one.behind, one.parked, one.set_aside, lasting(one.age) or "—")
        for one in told.listeners
    ]
    return Table(_("Ce que chaque écouteur doit encore recevoir"), columns, rows)


def export(request: HttpRequest) -> HttpResponse:
    """The list as a file, filtered as the desk is."""
    wanted = _asked(request)[1]
    with database().reading() as session:
        found = held(session, wanted, count_held(session, wanted))
    header = (
        *(_("écouteur"), _("numéro"), _("évènement"), _("file"), _("état"), _("annoncé le")),
        *(_("tentatives"), _("derrière"), _("dernière erreur")),
    )
    lines = (
        (
            *(one.listener, one.sequence, one.kind, one.lane, one.state, from_micros(one.at).isoformat()),
            *(one.tries, one.behind, one.last_error),
        )
        for one in found
    )
    response = csv_response(_("livraisons.csv"), header, lines)
    response.headers["Cache-Control"] = "no-store"
    return response


def card(request: HttpRequest, delivery: str) -> HttpResponse:
    """One delivery: what it says, and what to do about it. Its address is `listener/sequence`."""
    listener, _, number = delivery.rpartition("/")
    sequence = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    chosen = request.POST.get("do", "")
    form = ReasonForm(request.POST if chosen == "set-aside" else None)
    try:
        if chosen and (chosen != "set-aside" or form.is_valid()):
            return _acted(request, chosen, listener, sequence, form)
    except SocleError as refusal:
        return _card(request, listener, sequence, form, refusal)
    return _card(request, listener, sequence, form)


def _acted(request: HttpRequest, chosen: str, listener: str, sequence: int, form: ReasonForm) -> HttpResponse:
    with database().unit() as unit:
        if chosen == "retry":
            operate.retry(unit, by(request), listener, sequence)
        elif chosen == "set-aside":
            operate.set_aside(unit, by(request), listener, sequence, form.cleaned_data["reason"])
        elif chosen == "take-back":
            operate.take_back(unit, by(request), listener, sequence)
    # What was tried again may be delivered, and gone, before the next page is asked.
    to = DESK if chosen == "retry" else address_of(listener, sequence)
    return moved(f"{to}?fait={chosen}")


def _card(
    request: HttpRequest, listener: str, sequence: int, form: ReasonForm, refusal: SocleError | None = None
) -> HttpResponse:
    with database().reading() as session:
        one, document = delivery(session, listener, sequence)
    told = {
        "one": one,
        "titled": _titled(one.kind),
        "state": State(one.state),
        "told": _STATES[State(one.state)],
        "at": moment(one.at),
        "next": moment(one.next_at) if one.state == State.WAITING else None,
        "since": lasting(max(0, micros() - one.at) / SECOND),
        "document": orjson.dumps(document, option=orjson.OPT_INDENT_2).decode(),
        "form": form,
        "asking": form.is_bound or "ecarter" in request.GET,
        "refusal": refusal.sentence(lang()) if refusal else "",
        "done": _DONE.get(request.GET.get("fait", "")),
    }
    wrong = form.is_bound and not form.is_valid()
    return private(
        request, "outbox/delivery.html", told, refusal.status if refusal else 400 if wrong else 200
    )
