"""The scheduled jobs, as the operator's page shows them."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socle.app.schedules import Followed, followed, upcoming
from socle.kernel.clock import micros
from socle.kernel.db import Session
from socle.kernel.schedules.acts import INTERRUPTED
from socle.kernel.schedules.runner import Planned
from socle.kernel.schedules.runs import Outcome, Run
from socle.kernel.settings import settings
from socle.kernel.web.durations import lasting
from socle.kernel.web.templatetags.components import Column, Table, figure, tag
from socle.kernel.web.views import lang

_MICROS = 1_000_000
_STATES = {
    Outcome.RUNNING: (gettext_lazy("en cours"), "plain"),
    Outcome.DONE: (gettext_lazy("terminé"), "good"),
    Outcome.FAILED: (gettext_lazy("échoué"), "bad"),
}
FIGURES = {
    "abandoned": gettext_lazy("inscriptions abandonnées"),
    "cleared": gettext_lazy("nettoyages après effacement"),
    "closed": gettext_lazy("rôles fermés"),
    "delegations": gettext_lazy("rappels de délégation"),
    "entries": gettext_lazy("entrées de la trace"),
    "heads": gettext_lazy("têtes signées"),
    "index-rows": gettext_lazy("lignes d’index retirées"),
    "keys": gettext_lazy("clés retirées"),
    "keys-ended": gettext_lazy("clés d’API fermées"),
    "mails": gettext_lazy("courriels envoyés"),
    "matched": gettext_lazy("rôles rapprochés"),
    "persons": gettext_lazy("personnes effacées"),
    "published": gettext_lazy("rôles à publier"),
    "reviews": gettext_lazy("revues d’accès"),
    "rows": gettext_lazy("lignes effacées"),
    "size": gettext_lazy("taille de l’arbre"),
    "units": gettext_lazy("unités de travail"),
    "versions": gettext_lazy("versions retirées"),
    "warned": gettext_lazy("rappels de demandes"),
    "withdrawn": gettext_lazy("rôles à retirer"),
}
"""The words for what jobs count, by its name."""


def schedules_table(session: Session) -> Table:
    """One row a job; those that need attention first."""
    at = micros()
    columns = (Column(_("Travail")), Column(_("État")), Column(_("Dernier passage")), Column(_("Prochain")))
    found = sorted(followed(session, at), key=lambda one: one.well)
    return Table(_("Travaux planifiés"), columns, [_row(one, at) for one in found])


def _row(one: Followed, at: int) -> tuple[object, ...]:
    title = one.job.title.of(lang())
    name = format_html('{}<span class="second">{}</span>', title[:1].upper() + title[1:], one.job.name)
    return (name, _state(one), _passed(one.last, at), _in(one.job, at))


def _state(one: Followed) -> str:
    if one.ahead:
        return tag(_("daté du futur : voyez l’horloge"), "bad")
    if one.late:
        return tag(_("en retard") if one.last else _("jamais exécuté, en retard"), "bad")
    word, tone = _STATES[one.last.outcome] if one.last else (gettext_lazy("jamais exécuté"), "plain")
    return tag(str(word), tone)


def _passed(run: Run | None, at: int) -> str:
    """When it was, and what it did."""
    if run is None:
        return "—"
    passed = lasting((at - run.started) / _MICROS)
    ago = _("il y a %(time)s") % {"time": passed} if passed else _("à l’instant")
    did = _error(run.error) if run.error else did_in_words(run.counts)
    return format_html('{}<span class="second">{}</span>', ago, did) if did else ago


def _error(error: str) -> str:
    if error == INTERRUPTED:
        return _("interrompu : le processus qui l’exécutait s’est arrêté")
    return _("erreur %(error)s") % {"error": error}


def did_in_words(counts: Mapping[str, int]) -> str:
    """What a run says that it did; empty when that is nothing."""
    return ", ".join(
        _("%(what)s : %(count)s") % {"what": FIGURES.get(name, name), "count": figure(count)}
        for name, count in counts.items()
        if count
    )


def _in(job: Planned, at: int) -> str:
    if job.owner and settings().production:
        return _("par le propriétaire de la base : socle schedule run")
    return _("dans %(time)s") % {"time": lasting(max(1.0, (upcoming(job, at) - at) / _MICROS))}
