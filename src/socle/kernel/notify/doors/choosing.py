"""Preferences: how each kind comes; and the page to which the link of a mail leads, without signing in."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from socle.kernel.access import allows
from socle.kernel.accounts.personal import person
from socle.kernel.db import database
from socle.kernel.notify.acts import choosing
from socle.kernel.notify.kinds import CATALOGUE, Channel, NoticeKind
from socle.kernel.notify.letters import PREFERENCES
from socle.kernel.notify.mails import last_refused
from socle.kernel.notify.queries import choices, language_of
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.unsubscribing import read_link
from socle.kernel.web.language import LANGUAGES
from socle.kernel.web.views import by, lang, moment, moved, private

CHANNELS = {
    Channel.CENTRE: _("ici seulement"),
    Channel.MAIL: _("ici, et par courriel tout de suite"),
    Channel.DIGEST: _("ici, et dans le courriel du jour"),
    Channel.OFF: _("ne pas m’en informer"),
}


class PreferencesForm(forms.Form):
    """One choice for each kind that this person may be told, and the language of the mails."""

    langue = forms.ChoiceField(label=_("Langue des courriels"), choices=list(LANGUAGES.items()))

    def __init__(self, *arguments: Any, kinds: list[NoticeKind], **named: Any) -> None:
        super().__init__(*arguments, **named)
        for kind in kinds:
            self.fields[kind.code] = forms.ChoiceField(
                label=kind.title.of(lang()), choices=[(one.value, CHANNELS[one]) for one in kind.channels]
            )


def preferences(request: HttpRequest) -> HttpResponse:
    me = by(request).actor.id
    told = [kind for kind in CATALOGUE.values() if kind.reader is None or allows(by(request), kind.reader)]
    chosen = [kind for kind in told if not kind.security]
    with database().reading() as session:
        known = {"langue": language_of(session, me), **choices(session, me)}
        address, refused = person(session, me).email, last_refused(session, me)
    form = PreferencesForm(request.POST or None, initial=known, kinds=chosen)
    if form.is_valid():
        asked = dict(form.cleaned_data)
        language = asked.pop("langue")
        with database().unit() as unit:
            choosing.choose(unit, by(request), asked, language)
        return moved(f"{PREFERENCES}?fait=1")
    shown = {
        "form": form,
        "always": [kind.title.of(lang()) for kind in told if kind.security],
        "address": address,
        "refused": moment(refused),
        "relay": bool(notify_settings().mail_relay),
        "done": "fait" in request.GET,
    }
    return private(request, "notify/preferences.html", shown, 400 if form.is_bound else 200)


def unsubscribe(request: HttpRequest) -> HttpResponse:
    """Asked by a person, or at one click by the program that reads their mail (RFC 8058 §3.2), which sends no form of
    ours: the link is the proof. Opening it changes nothing, because mail programs open links by themselves."""
    token = request.GET.get("jeton", "")
    if not token:
        return private(request, "notify/unsubscribe.html", {})
    what = read_link(token)
    state = ""
    if request.method == "POST":
        again = request.POST.get("do") == "resume"
        act, state = (choosing.resubscribe, "resumed") if again else (choosing.unsubscribe, "stopped")
        with database().unit() as unit:
            act(unit, by(request), what)
    titles = [CATALOGUE[code].title.of(lang()) for code in what.kinds if code in CATALOGUE]
    shown = {"titles": titles, "state": state, "digest": what.channel is Channel.DIGEST}
    return private(request, "notify/unsubscribe.html", shown)


unsubscribe.csrf_exempt = True  # type: ignore[attr-defined]
