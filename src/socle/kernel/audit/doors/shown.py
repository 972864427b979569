"""How entries are told to people."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socle.kernel.accounts.faults import NO_ACCOUNT
from socle.kernel.accounts.personal import person
from socle.kernel.actors import ActorKind
from socle.kernel.audit.actions import CATALOGUE, Outcome
from socle.kernel.audit.doors.filters import OUTCOMES
from socle.kernel.audit.queries import Found
from socle.kernel.audit.wanted import CLOCK_SUBJECT
from socle.kernel.db import Session
from socle.kernel.errors import SocleError
from socle.kernel.web.templatetags.components import Column, Table, tag
from socle.kernel.web.views import lang, moment

ENTRIES = "/trace/entrees"
_KINDS = {
    ActorKind.PROFESSIONAL: gettext_lazy("Professionnel"),
    ActorKind.CITIZEN: gettext_lazy("Citoyen"),
    ActorKind.AGENT: gettext_lazy("Agent"),
    ActorKind.SOFTWARE: gettext_lazy("Logiciel"),
    ActorKind.SYSTEM: gettext_lazy("Le système"),
    ActorKind.ANONYMOUS: gettext_lazy("Un visiteur sans compte"),
}
_ASSURANCES = {
    "none": gettext_lazy("non identifié"),
    "eidas1": gettext_lazy("faible (eIDAS)"),
    "eidas2": gettext_lazy("substantielle (eIDAS)"),
    "eidas3": gettext_lazy("élevée (eIDAS)"),
}
_NAMELESS = (ActorKind.SYSTEM, ActorKind.ANONYMOUS)


class Names:
    """The names of agents, as the accounts hold them; everybody else is their internal name."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, str] = {}

    def of(self, who: str) -> str:
        """Empty for who has no account here, or none any more."""
        if who not in self._known:
            self._known[who] = self._look(who)
        return self._known[who]

    def _look(self, who: str) -> str:
        kind, _colon, account = who.partition(":")
        if kind != ActorKind.AGENT:
            return ""
        try:
            found = person(self._session, account)
        except SocleError as refusal:
            if refusal.kind is not NO_ACCOUNT:
                raise
            return ""
        return found.name or found.email

    def told(self, who: str) -> tuple[str, str]:
        """What to show, and the internal name below it where it says more."""
        kind, _colon, identifier = who.partition(":")
        if not who:
            return _("aucune personne en particulier"), ""
        if who == CLOCK_SUBJECT:
            return _("l’horloge"), ""
        if name := self.of(who):
            return name, who
        words = _KINDS.get(ActorKind(kind)) if kind in set(ActorKind) else None
        if words is None:
            return who, ""
        return (str(words), "") if kind in _NAMELESS else (f"{words} {identifier}", "")


def titled(code: str) -> str:
    known = CATALOGUE.get(code)
    return (known.fr if lang() == "fr" else known.en) if known else code or _("entrée illisible")


def actor_of(document: Mapping[str, Any]) -> str:
    actor = document.get("actor", {})
    return f"{actor['kind']}:{actor['id']}" if actor else ""


def outcome_tag(document: Mapping[str, Any]) -> SafeString:
    known = document.get("outcome") in set(Outcome)
    words, tone = OUTCOMES[Outcome(document["outcome"])] if known else (_("inconnue"), "bad")
    return tag(str(words), tone)


def trail_table(found: Sequence[Found], names: Names, caption: str) -> Table:
    columns = (
        *(Column(_("Acte")), Column(_("Quand")), Column(_("Auteur"))),
        *(Column(_("À propos de")), Column(_("Résultat"))),
    )
    return Table(caption, columns, [_row(one, names) for one in found])


def _row(one: Found, names: Names) -> tuple[Any, ...]:
    code = one.document.get("action", "")
    act = format_html(
        '<a href="{}/{}">{}</a><span class="second">{}</span>', ENTRIES, one.position, titled(code), code
    )
    return (act, when(one.at), _who(names, actor_of(one.document)), *_rest(one, names))


def _rest(one: Found, names: Names) -> tuple[Any, Any]:
    subject = str(one.document.get("subject", ""))
    return _who(names, subject) if subject else "—", outcome_tag(one.document)


def _who(names: Names, who: str) -> SafeString:
    shown, below = names.told(who)
    if not below:
        return format_html("{}", shown)
    return format_html('{}<span class="second">{}</span>', shown, below)


def when(micros: int) -> str:
    """To the second, in the country's legal time."""
    told = moment(micros)
    if told is None:
        return "—"
    return _("le %(day)s à %(hour)s") % {"day": date_format(told, "DATE_FORMAT"), "hour": f"{told:%H:%M:%S}"}


def facts_of_entry(one: Found, names: Names) -> list[tuple[str, str, str]]:
    """(what, the answer, what is below it) of one entry, without what it does not say."""
    document, actor = one.document, one.document.get("actor", {})
    who, below = names.told(actor_of(document))
    about, about_below = names.told(str(document.get("subject", "")))
    lines = [
        (_("Quand"), when(one.at), f"{document.get('at', '')} (UTC)"),
        (_("Auteur"), who, below),
        (_("Identification"), str(_ASSURANCES.get(actor.get("assurance", ""), "")), ""),
        (_("Pour la structure"), actor.get("organisation", ""), ""),
        (_("À propos de"), about, about_below),
        (_("Ce qui a été touché"), document.get("target", ""), ""),
        (_("Motif (code)"), document.get("purpose", ""), ""),
        (_("Point d’entrée"), document.get("door", ""), ""),
        (_("Référence de la demande"), document.get("request", ""), ""),
        (_("Date retenue pour les délais"), document.get("business", ""), ""),
        (_("Position dans la trace"), str(one.position), ""),
    ]
    return [(what, answer, more) for what, answer, more in lines if answer]


def data_table(document: Mapping[str, Any]) -> Table | None:
    """The coded facts of the act; None when it has none."""
    data = document.get("data", {})
    rows = [(name, _value(value)) for name, value in data.items()]
    columns = (Column(_("Information")), Column(_("Valeur")))
    return Table(_("Informations codées"), columns, rows) if rows else None


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return str(value) or "—"
