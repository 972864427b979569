"""Rights that somebody signed in exercises over their own data."""

from typing import Any

from socle.kernel.access import require
from socle.kernel.accounts.faults import PROVE_AGAIN
from socle.kernel.accounts.roles import OWN_ACCOUNT
from socle.kernel.accounts.sessions import Held
from socle.kernel.actors import Acting
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.privacy.acts.requests import receive, withdraw
from socle.kernel.privacy.export import note_export
from socle.kernel.privacy.faults import REQUEST_UNKNOWN
from socle.kernel.privacy.holdings import Holdings
from socle.kernel.privacy.requests import Request, Right, find


def copy_of_oneself(db: Database, by: Acting, held: Held, holdings: Holdings) -> dict[str, Any]:
    """All that is held of oneself, as JSON values. Raises SocleError(PROVE_AGAIN) for a session whose second factor is
    old: a browser left open must not give it away."""
    require(by, OWN_ACCOUNT)
    if not held.fresh:
        raise SocleError(PROVE_AGAIN)
    with db.snapshot() as session:
        document = holdings.gathered(session, by.actor.subject)
    with db.unit() as unit:
        note_export(unit, by, by.actor.subject)
    return document


def ask_for_oneself(unit: Unit, by: Acting, kind: Right, said: str) -> Request:
    """The identity is that of the session."""
    require(by, OWN_ACCOUNT)
    return receive(unit, by, by.actor.subject, kind, {"said": said.strip()} if said.strip() else None)


def withdraw_own(unit: Unit, by: Acting, id: str) -> Request:
    """Raises SocleError(REQUEST_UNKNOWN), the same for somebody else's request and for none."""
    return withdraw(unit, by, own(unit, by, id).id)


def own(session: Session, by: Acting, id: str) -> Request:
    """A request that somebody made from their account. Raises SocleError(REQUEST_UNKNOWN), the same for somebody else's
    request and for none."""
    require(by, OWN_ACCOUNT)
    request = find(session, id)
    if request.subject != by.actor.subject:
        raise SocleError(REQUEST_UNKNOWN, id=id[:40])
    return request
