"""The holder of a session, as the header of a page names them."""

from socle.kernel.access import ROLES
from socle.kernel.accounts.personal import person
from socle.kernel.accounts.sessions import Held
from socle.kernel.actors import Assurance
from socle.kernel.db import database
from socle.kernel.notify.queries import unread
from socle.kernel.web.visitor import NOBODY, Visitor


def visitor(held: Held | None) -> Visitor:
    if held is None:
        return NOBODY
    entered = held.actor.assurance >= Assurance.SUBSTANTIAL
    with database().reading() as session:
        shown = person(session, held.actor.id).shown
        waiting = unread(session, held.actor.id) if entered else 0
    roles = [ROLES[code] for code in sorted(held.actor.roles) if entered and code in ROLES]
    persona_fr, persona_en = (roles[0].fr, roles[0].en) if roles else ("", "")
    return Visitor(shown, persona_fr, persona_en, entered, waiting)
