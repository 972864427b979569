"""Where the operator goes from the operator's page: the desks of the services, each with what waits on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from socle.kernel.access import allows
from socle.kernel.accounts.roles import MANAGE_PEOPLE
from socle.kernel.actors import Acting
from socle.kernel.apikeys.acts import EVERY_KEY
from socle.kernel.apikeys.keys import expiring
from socle.kernel.clock import micros
from socle.kernel.db import Session
from socle.kernel.outbox.queries import Wanted, count_held
from socle.kernel.outbox.roles import OPERATE as OPERATE_OUTBOX
from socle.kernel.webhooks.hooks import Condition
from socle.kernel.webhooks.hooks import figures as webhook_figures
from socle.kernel.webhooks.roles import OPERATE as OPERATE_WEBHOOKS


@dataclass(frozen=True, slots=True)
class Door:
    """`told` is what waits behind it, in a word; `waits`: somebody should look."""

    href: str
    label: str
    told: str
    waits: bool


def doors(session: Session, by: Acting) -> list[Door]:
    """Those that this person may open."""
    return list(_doors(session, by))


def _doors(session: Session, by: Acting) -> Iterator[Door]:
    if allows(by, OPERATE_OUTBOX):
        parked = count_held(session, Wanted())
        told = ngettext("%(n)s livraison bloquée", "%(n)s livraisons bloquées", parked) % {"n": parked}
        yield _door("/exploitation/livraisons", _("Livraisons"), parked, told, _("rien n’est bloqué"))
    if allows(by, OPERATE_WEBHOOKS):
        yield _webhooks(session)
    if allows(by, EVERY_KEY):
        ending = expiring(session, micros())
        told = ngettext("%(n)s clé expire bientôt", "%(n)s clés expirent bientôt", ending) % {"n": ending}
        yield _door("/cles-api", _("Clés d’API"), ending, told, _("aucune n’expire bientôt"))
    if allows(by, MANAGE_PEOPLE):
        yield Door("/comptes", _("Personnes et rôles"), "", waits=False)
    yield Door("/acces", _("Qui peut quoi"), "", waits=False)


def _webhooks(session: Session) -> Door:
    found = [one.condition for one in webhook_figures(session, micros())]
    stopped, late = found.count(Condition.STOPPED), found.count(Condition.LATE)
    told = ngettext("%(n)s arrêté", "%(n)s arrêtés", stopped) % {"n": stopped}
    if late:
        told += ", " + ngettext("%(n)s en retard", "%(n)s en retard", late) % {"n": late}
    return _door("/exploitation/webhooks", _("Webhooks"), stopped + late, told, _("tous à jour"))


def _door(href: str, label: str, count: int, told: str, well: str) -> Door:
    return Door(href, label, told if count else well, waits=bool(count))
