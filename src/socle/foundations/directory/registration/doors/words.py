"""Registrations in words: states, what happened, roles, contracts, clocks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from socle.foundations.directory.registration.contract import roles
from socle.foundations.directory.registration.doors.forms import CONTRACTS
from socle.foundations.directory.registration.evidence import KINDS
from socle.foundations.directory.registration.numbers import rpps_of
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FINAL, HELD, Reason, State, Step
from socle.foundations.directory.registration.steps import Told
from socle.kernel.clock import business_date
from socle.kernel.web.views import lang, moment

STATES: Final[dict[State, Promise]] = {
    State.DECLARED: _("adresse à confirmer"),
    State.CONFIRMED: _("identité à vérifier"),
    State.IDENTIFIED: _("à valider"),
    State.TO_CORRECT: _("à corriger"),
    State.VALIDATED: _("validé"),
    State.PUBLISHED: _("publié"),
    State.CLOSED: _("fermé"),
    State.REFUSED: _("refusé"),
    State.ABANDONED: _("abandonné"),
}
REASONS: Final[dict[str, Promise]] = {
    Reason.CONTRACT_ENDED: _("le contrat a pris fin"),
    Reason.LEFT: _("l’employeur y a mis fin"),
    Reason.WITHDRAWN: _("la personne l’a retiré"),
    Reason.NOT_CONFIRMED: _("l’adresse n’a pas été confirmée à temps"),
    Reason.NOT_VALIDATED: _("l’employeur n’a pas décidé à temps"),
    Reason.NOT_CORRECTED: _("la correction n’est pas venue à temps"),
    Reason.ERASED: _("la personne a été effacée"),
}
_HAPPENED: Final[dict[str, Promise]] = {
    "declared": _("Rôle déclaré"),
    Step.CONFIRM: _("Adresse confirmée"),
    Step.IDENTIFY: _("Identité vérifiée par l’employeur"),
    Step.ASK_CORRECTION: _("L’employeur demande une correction"),
    Step.CORRECT: _("Enregistrement corrigé"),
    Step.VALIDATE: _("Rôle validé par l’employeur"),
    Step.PUBLISH: _("Rôle publié dans l’annuaire"),
    Step.REFUSE: _("Rôle refusé par l’employeur"),
    Step.REOPEN: _("L’employeur revient sur son refus"),
    Step.WITHDRAW: _("Demande retirée"),
    Step.EXPIRE: _("Demande abandonnée, hors délai"),
    Step.END: _("Rôle fermé"),
    "contract": _("Fin du contrat changée"),
    "matched": _("Une personne du même nom est dans les fichiers nationaux"),
    "reconciled": _("Rattaché au numéro national"),
    "kept-apart": _("Deux personnes distinctes"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """What is left until a day, that day included."""

    day: date
    left: str
    urgent: bool


def clock(due: date | None) -> Clock | None:
    if due is None:
        return None
    days = (due - business_date()).days
    if days < 0:
        return Clock(due, str(_("délai passé")), True)
    if days == 0:
        return Clock(due, str(_("dernier jour")), True)
    words = ngettext("encore %(days)s jour", "encore %(days)s jours", days) % {"days": days}
    return Clock(due, words, days <= 3)


def tone(state: State) -> str:
    if state is State.PUBLISHED:
        return "good"
    return "plain" if state in HELD | FINAL else "warm"


def role(code: str) -> str:
    return roles()[code][0 if lang() == "fr" else 1] if code in roles() else code


def shown(one: Registration) -> dict[str, Any]:
    """A registration, for a template."""
    kind = KINDS.get(one.evidence)
    return {
        "id": one.id,
        "name": one.person.shown if one.person else "—",
        "person": one.person,
        "state": one.state.value,
        "state_word": STATES[one.state],
        "tone": tone(one.state),
        "role": role(one.contract.role),
        "contract": CONTRACTS[one.contract.kind],
        "starts": one.contract.starts,
        "ends": one.contract.ends,
        "structure": one.structure,
        "rpps": rpps_of(one.national_id),
        "matched": rpps_of(one.matched),
        "same_number": one.matched == one.national_id,
        "evidence": (kind.fr if lang() == "fr" else kind.en) if kind else "",
        "reason": REASONS.get(one.reason, ""),
        "since": moment(one.entered),
        "clock": clock(one.due),
    }


def line(told: Told) -> dict[str, Any]:
    """One line of the story, for a template."""
    at: datetime | None = moment(told.at)
    return {"at": at, "what": _HAPPENED.get(told.what, told.what), "note": told.note}
