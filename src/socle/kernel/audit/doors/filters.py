"""What an auditor types to find entries, read into what is wanted of the trail."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from socle.kernel.accounts.personal import find_account, subject_of
from socle.kernel.actors import ActorKind
from socle.kernel.audit.actions import CATALOGUE, Outcome
from socle.kernel.audit.acts import READINGS
from socle.kernel.audit.wanted import Member, Period, Wanted
from socle.kernel.clock import EPOCH, legal_zone
from socle.kernel.db import Session

_MICROSECOND = timedelta(microseconds=1)
_LATEST_DAY = date(9999, 12, 30)
_UNIT = re.compile(r"[0-9a-fA-F]{32}")
_KINDED = re.compile(rf"(?:{'|'.join(kind.value for kind in ActorKind)}|record):.+", re.DOTALL)
OUTCOMES = {
    Outcome.SUCCESS: (_("succès"), "good"),
    Outcome.REFUSED: (_("refus"), "warm"),
    Outcome.FAILED: (_("échec"), "bad"),
}
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FilterForm(forms.Form):
    """The names of the fields stand in addresses that people keep."""

    du = forms.DateField(label=_("Du"), required=False, widget=_DAY)
    au = forms.DateField(label=_("Au, ce jour compris"), required=False, widget=_DAY)
    acte = forms.CharField(label=_("Acte"), required=False, max_length=80)
    issue = forms.ChoiceField(
        label=_("Résultat"),
        required=False,
        choices=[("", _("tous")), *((one.value, words) for one, (words, _tone) in OUTCOMES.items())],
    )
    qui = forms.CharField(
        label=_("Auteur"),
        required=False,
        max_length=254,
        help_text=_("Adresse de messagerie ou identifiant interne"),
    )
    concerne = forms.CharField(
        label=_("À propos de"),
        required=False,
        max_length=254,
        help_text=_("Adresse de messagerie ou identifiant interne"),
    )
    structure = forms.CharField(
        label=_("Pour la structure"), required=False, max_length=80, help_text=_("FINESS ou SIRET")
    )
    reference = forms.CharField(
        label=_("Référence"),
        required=False,
        max_length=80,
        help_text=_("D’un refus, d’une demande ou d’un acte"),
    )
    sans = forms.BooleanField(label=_("Cacher les lectures de la trace"), required=False)

    def __init__(self, typed: Mapping[str, Any]) -> None:
        super().__init__(typed)
        french = (get_language() or "fr") == "fr"
        titled = sorted((one.fr if french else one.en, one.code) for one in CATALOGUE.values())
        choices = [("", _("tous")), *((code, title) for title, code in titled)]
        self.fields["acte"].widget = forms.Select(choices=choices)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        first, last = chosen.get("du"), chosen.get("au")
        if first and last and last < first:
            self.add_error("au", _("Ce jour est avant celui du début."))
        return chosen

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return any(value for name, value in self.cleaned_data.items() if name != "sans")


def wanted_of(session: Session, chosen: Mapping[str, Any]) -> Wanted:
    """`chosen` is what a valid FilterForm holds. Mail addresses are looked up among the accounts."""
    reference, members = chosen["reference"].strip(), []
    if chosen["issue"]:
        members.append(Member(("outcome",), frozenset({chosen["issue"]})))
    if chosen["structure"]:
        members.append(Member(("actor", "organisation"), frozenset({chosen["structure"].strip()})))
    if reference and not _UNIT.fullmatch(reference):
        members.append(Member(("request",), frozenset({reference})))
    return Wanted(
        period=_period(chosen["du"], chosen["au"]),
        actors=_named(session, chosen["qui"]),
        subjects=_named(session, chosen["concerne"]),
        actions=frozenset({chosen["acte"]}) if chosen["acte"] else None,
        units=frozenset({bytes.fromhex(reference)}) if _UNIT.fullmatch(reference) else None,
        without=READINGS if chosen["sans"] else frozenset(),
        members=tuple(members),
    )


def _period(first: date | None, last: date | None) -> Period:
    """Whole days of the country served."""
    return Period(
        _midnight(first) if first else None,
        _midnight(min(last, _LATEST_DAY) + timedelta(days=1)) if last else None,
    )


def _midnight(day: date) -> int:
    return (datetime.combine(day, time.min, legal_zone()) - EPOCH) // _MICROSECOND


def _named(session: Session, typed: str) -> frozenset[str] | None:
    """The internal name of who was typed: `kind:id`, the identifier of an account, or its mail address."""
    typed = typed.strip()
    if not typed:
        return None
    if _KINDED.fullmatch(typed):
        return frozenset({typed})
    if "@" in typed:
        account = find_account(session, typed.casefold())
        return frozenset({subject_of(account)} if account else ())
    return frozenset({subject_of(typed)})
