"""The yearly review: the manager of a structure confirms each role held there or ends it; what nobody confirmed by the
date ends (PGSSI-S, référentiel d'identification électronique: rights are looked at again at least once a year)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from socle.kernel.access import OPERATOR, require
from socle.kernel.accounts import grants
from socle.kernel.accounts.actions import CONFIRMED, REVIEW_BEGUN, REVIEW_CLOSED, REVIEW_OPENED
from socle.kernel.accounts.acts.grants import end_grant
from socle.kernel.accounts.acts.told import tell
from socle.kernel.accounts.faults import GRANT_GONE, OWN_ACCOUNT, REVIEW_OPEN
from socle.kernel.accounts.grants import Grant
from socle.kernel.accounts.roles import REVIEW
from socle.kernel.accounts.settings import accounts_settings
from socle.kernel.accounts.tokens import new_id
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.db.session import Row
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import Event
from socle.kernel.work import emit

_COLUMNS = "SELECT id, structure, opened, due, closed FROM accounts_review"


@dataclass(frozen=True, slots=True)
class Review:
    """`due` is the last day to confirm; moments are microseconds."""

    id: str
    structure: str
    opened: int
    due: date
    closed: int | None

    def waits_for(self, grant: Grant) -> bool:
        """Whether a role still has to be confirmed: held when the review opened, not confirmed since. A delegation has
        an end of its own, and follows the role it comes from."""
        return not grant.delegated and grant.begins < self.opened and (grant.confirmed or 0) < self.opened


def open_review(unit: Unit, by: Acting, *, structure: str) -> Review:
    """Raises Refused, SocleError(REVIEW_OPEN)."""
    require(by, REVIEW, structure)
    if current(unit, structure) is not None:
        raise SocleError(REVIEW_OPEN)
    due = business_date() + timedelta(days=accounts_settings().review_days)
    review = Review(new_id(), structure, micros(), due, None)
    unit.execute(
        "INSERT INTO accounts_review (id, structure, opened, opened_by, due) VALUES (?1, ?2, ?3, ?4, ?5)",
        *(review.id, structure, review.opened, by.actor.id, due.isoformat()),
    )
    tell(unit, REVIEW_OPENED, by, target=f"Review/{review.id}", structure=structure, due=due.isoformat())
    begun = {"review": review.id, "structure": structure, "due": due.isoformat()}
    emit(unit, Event(REVIEW_BEGUN, f"review:{review.id}", begun))
    return review


def current(session: Session, structure: str) -> Review | None:
    """The open review of a structure; None when there is none."""
    row = session.fetch_one(f"{_COLUMNS} WHERE structure = ?1 AND closed IS NULL", structure)
    return _review(row) if row else None


def last(session: Session, structure: str) -> Review | None:
    """The review closed last; None when there was none."""
    sql = f"{_COLUMNS} WHERE structure = ?1 AND closed IS NOT NULL ORDER BY closed DESC LIMIT 1"
    row = session.fetch_one(sql, structure)
    return _review(row) if row else None


def confirm(unit: Unit, by: Acting, *, grant: str) -> None:
    """Raises Refused, SocleError: GRANT_GONE, OWN_ACCOUNT (somebody else confirms one's own role)."""
    known = grants.one(unit, grant)
    if known is None:
        raise SocleError(GRANT_GONE)
    require(by, REVIEW, known.structure)
    if known.account == by.actor.id:
        raise SocleError(OWN_ACCOUNT)
    grants.confirm(unit, known)
    tell(unit, CONFIRMED, by, known.account, grant=known.id, role=known.role, structure=known.structure)


def close_due(unit: Unit, by: Acting) -> int:
    """Close the reviews whose last day has passed, and end what was not confirmed; how many reviews were closed.

    The last operator stays: an installation that nobody may operate could not be mended.
    """
    rows = unit.fetch(f"{_COLUMNS} WHERE closed IS NULL AND due < ?1", business_date().isoformat())
    for review in map(_review, rows):
        ended = 0
        for grant in grants.of_structure(unit, review.structure):
            if review.waits_for(grant) and not _last_operator(unit, grant):
                ended += len(end_grant(unit, by, grant, "unconfirmed"))
        unit.execute("UPDATE accounts_review SET closed = ?1 WHERE id = ?2", micros(), review.id)
        target = f"Review/{review.id}"
        tell(unit, REVIEW_CLOSED, by, target=target, structure=review.structure, ended=ended)
    return len(rows)


def close_reviews(db: Database) -> Mapping[str, int]:
    """The daily job."""
    with db.unit() as unit:
        return {"reviews": close_due(unit, BY_SYSTEM)}


def _last_operator(session: Session, grant: Grant) -> bool:
    operators = [one for one in grants.of_structure(session, "") if one.role == OPERATOR.code]
    return grant.role == OPERATOR.code and len(operators) == 1


def _review(row: Row) -> Review:
    id, structure, opened, due, closed = row
    return Review(id, structure, opened, date.fromisoformat(due), closed)
