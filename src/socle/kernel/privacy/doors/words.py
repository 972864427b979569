"""How requests are said to people: rights, states, clocks, messages."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from socle.kernel.clock import business_date
from socle.kernel.errors import SocleError
from socle.kernel.keyring.faults import ERASED
from socle.kernel.manifest import LegalBasis
from socle.kernel.privacy.grounds import Ground, ground_of
from socle.kernel.privacy.messages import Message, Said
from socle.kernel.privacy.requests import Request, Right, State
from socle.kernel.territory import facts
from socle.kernel.web.views import lang

RIGHTS: dict[Right, tuple[Promise, Promise]] = {
    Right.ACCESS: (
        gettext_lazy("Accès"),
        gettext_lazy("savoir quelles données sont conservées sur vous, et en recevoir une copie"),
    ),
    Right.RECTIFICATION: (gettext_lazy("Rectification"), gettext_lazy("faire corriger ce qui est faux")),
    Right.ERASURE: (
        gettext_lazy("Effacement"),
        gettext_lazy("faire effacer ce que la loi n’oblige pas à garder"),
    ),
    Right.RESTRICTION: (
        gettext_lazy("Limitation"),
        gettext_lazy("faire geler vos données : gardées, et utilisées seulement pour ce que la loi permet"),
    ),
    Right.PORTABILITY: (
        gettext_lazy("Portabilité"),
        gettext_lazy("recevoir vos données dans un fichier qu’un autre service peut lire"),
    ),
    Right.OBJECTION: (
        gettext_lazy("Opposition"),
        gettext_lazy("refuser un usage de vos données, pour une raison qui tient à vous"),
    ),
}
BASES: dict[LegalBasis, Promise] = {
    LegalBasis.CONSENT: gettext_lazy("votre accord"),
    LegalBasis.CONTRACT: gettext_lazy("un contrat avec vous"),
    LegalBasis.LEGAL_OBLIGATION: gettext_lazy("une obligation de la loi"),
    LegalBasis.PUBLIC_TASK: gettext_lazy("une mission d’intérêt public"),
    LegalBasis.LEGITIMATE_INTEREST: gettext_lazy("un intérêt légitime"),
}
_STATES: dict[State, tuple[Promise, str]] = {
    State.OPEN: (gettext_lazy("à traiter"), "plain"),
    State.EXTENDED: (gettext_lazy("délai prolongé"), "warm"),
    State.ANSWERED: (gettext_lazy("réponse donnée"), "good"),
    State.REFUSED: (gettext_lazy("refusée"), "bad"),
    State.WITHDRAWN: (gettext_lazy("retirée"), "plain"),
}


def right_name(right: Right) -> str:
    return str(RIGHTS[right][0])


def day(value: date | None) -> str:
    """A day in full, with its name: a deadline is read by the day of the week."""
    return date_format(value, "l j F Y" if lang() == "fr" else "l, j F Y") if value else ""


def clock(request: Request) -> tuple[str, str]:
    """The time that is left, in words, and the tone of it."""
    today = business_date()
    left = request.days_left(today)
    if request.closed:
        late = ngettext("close avec %(n)s jour de retard", "close avec %(n)s jours de retard", _over(request))
        in_time = _("close le %(day)s, dans le délai") % {"day": day(request.closed)}
        return (late % {"n": _over(request)}, "bad") if request.late(today) else (in_time, "good")
    if left < 0:
        return ngettext("en retard de %(n)s jour", "en retard de %(n)s jours", -left) % {"n": -left}, "bad"
    if left == 0:
        return _("dernier jour aujourd’hui"), "bad"
    words = ngettext("il reste %(n)s jour", "il reste %(n)s jours", left) % {"n": left}
    return words, "warm" if left <= 7 else "plain"


def _over(request: Request) -> int:
    return (request.closed - request.due).days if request.closed else 0


def line(request: Request) -> dict[str, Any]:
    """A request as a list and the head of a page show it."""
    left, tone = clock(request)
    state, state_tone = _STATES[request.state]
    return {
        "id": request.id,
        "right": right_name(request.kind),
        "article": request.kind.article,
        "state": state,
        "state_tone": state_tone,
        "received": day(request.received),
        "due": day(request.due),
        "closed": day(request.closed),
        "left": left,
        "tone": tone,
        "turn": turn(request),
        "open": request.closed is None,
    }


def turn(request: Request) -> str:
    """Who does what next."""
    if request.closed:
        return _("rien, la demande est close")
    if request.erasure_ordered:
        return _("l’effacement décidé a lieu, sans autre action")
    if request.asked:
        return _("la personne donne les précisions demandées")
    if request.identified is None:
        return _("vérifier l’identité")
    return _("répondre à la demande")


def answer_words(answer: Any) -> dict[str, str]:
    """What a closing told the person: the ground of a refusal, and the words."""
    if not answer:
        return {}
    if "erased" in answer:
        return {"said": _("Vos données ont été effacées le %(day)s.") % {"day": _iso(answer["erased"])}}
    ground = ground_of(str(answer.get("ground", "")))
    return {"ground": ground_words(ground) if ground else "", "said": str(answer.get("said", ""))}


def _iso(text: str) -> str:
    return day(date.fromisoformat(text))


def ground_words(ground: Ground) -> str:
    return f"{ground.text.of(lang())} – {_('RGPD')}, {ground.cited(lang())}"


def message_line(message: Message) -> dict[str, str]:
    words = {
        Said.ASKED: _("Précisions demandées"),
        Said.REPLIED: _("Réponse de la personne"),
        Said.EXTENDED: _("Délai prolongé de deux mois"),
    }
    gone = _("(effacé avec les données de la personne)")
    return {"what": words[message.kind], "day": day(message.day), "text": message.text or gone}


def readable(read: Callable[[], Any]) -> Any:
    """None once the person was erased."""
    try:
        return read()
    except SocleError as refusal:
        if refusal.kind is not ERASED:
            raise
        return None


def authority() -> dict[str, str]:
    """Whom a person may complain to, in the country served."""
    known = facts("data_protection")
    return {"name": known.AUTHORITY, "long": known.AUTHORITY_NAME, "url": known.COMPLAINTS_URL}
