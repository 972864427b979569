"""What comes back each day: what is about to end is told of again, and the digest leaves."""

from collections.abc import Mapping
from datetime import date, timedelta

from socle.kernel.accounts import grants
from socle.kernel.accounts.acts.review import current, last
from socle.kernel.accounts.people import holders
from socle.kernel.accounts.personal import subject_of
from socle.kernel.accounts.roles import REVIEW
from socle.kernel.clock import business_date, from_micros, legal_zone, micros
from socle.kernel.db import Database, Unit
from socle.kernel.notify.acts.notifying import DIGEST, new_id, notify, post
from socle.kernel.notify.mails import Purpose
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.told.accounts import DELEGATION_ENDING, REVIEW_DUE, REVIEW_TO_OPEN
from socle.kernel.privacy.restriction import restricted_since

_DELEGATION_DAYS = 2
_REVIEW_DAYS = 7
_YEAR = timedelta(days=365)
_MICROSECOND = timedelta(microseconds=1)
_ENDING = (
    "SELECT id FROM accounts_grant WHERE delegated <> '' AND ended IS NULL AND expires > ?1 AND expires <= ?2"
)
_STRUCTURES = "SELECT structure, MIN(begins) FROM accounts_grant WHERE ended IS NULL GROUP BY structure"
_WAITING = "SELECT DISTINCT account FROM notify_notification WHERE mail = ?1 ORDER BY account LIMIT ?2"
_TAKEN = "UPDATE notify_notification SET mail = ?2 WHERE account = ?1 AND mail = ?3"
_TOGETHER = 200


def remind(db: Database) -> Mapping[str, int]:
    """The job of the morning: delegations that end, reviews that wait."""
    with db.unit() as unit:
        return {"delegations": remind_of_delegations(unit), "reviews": remind_of_reviews(unit)}


def remind_of_delegations(unit: Unit) -> int:
    """Tell those who hold a delegation that ends within two days, and those who made it; how many were told."""
    now = micros()
    until = now + timedelta(days=_DELEGATION_DAYS) // _MICROSECOND
    told = 0
    for (id,) in unit.fetch(_ENDING, now, until):
        lent = grants.one(unit, id)
        if lent is not None and lent.expires is not None:
            # It is kept as the first moment after its last day.
            day = (from_micros(lent.expires - 1).astimezone(legal_zone())).date().isoformat()
            for account in (lent.account, lent.granted_by):
                told += notify(
                    unit, DELEGATION_ENDING, account, id, role=lent.role, structure=lent.structure, until=day
                )
    return told


def remind_of_reviews(unit: Unit) -> int:
    """Tell those who lead reviews: of one that ends within a week with roles unconfirmed, and of one to open, a year
    after the last or after the first role was given; how many were told."""
    today = business_date()
    return sum(
        _remind_of_review(unit, structure, _day(begun), today) for structure, begun in unit.fetch(_STRUCTURES)
    )


def _remind_of_review(unit: Unit, structure: str, begun: date, today: date) -> int:
    opened = current(unit, structure)
    leaders = holders(unit, REVIEW, structure)
    if opened is None:
        before = last(unit, structure)
        since = _day(before.closed) if before is not None and before.closed is not None else begun
        if today - since < _YEAR:
            return 0
        cause = f"{structure}:{since.isoformat()}"
        return sum(notify(unit, REVIEW_TO_OPEN, one, cause, structure=structure) for one in leaders)
    if not today <= opened.due <= today + timedelta(days=_REVIEW_DAYS):
        return 0
    if not any(opened.waits_for(one) for one in grants.of_structure(unit, structure)):
        return 0
    due = opened.due.isoformat()
    return sum(notify(unit, REVIEW_DUE, one, opened.id, structure=structure, due=due) for one in leaders)


def _day(moment: int) -> date:
    return from_micros(moment).astimezone(legal_zone()).date()


def send_digests(db: Database) -> Mapping[str, int]:
    """The job of the digest: one mail to each person for whom something waits; how many mails. Without a relay what
    waits stays in the centre, and is not sent later in a heap."""
    mails = 0
    while True:
        with db.unit() as unit:
            accounts, asked = _some_digests(unit)
        mails += asked
        if accounts < _TOGETHER:
            return {"mails": mails}


def _some_digests(unit: Unit) -> tuple[int, int]:
    """For how many people something waited, and for how many of them a mail was asked for."""
    asked = 0
    accounts = [account for (account,) in unit.fetch(_WAITING, DIGEST, _TOGETHER)]
    for account in accounts:
        restricted = restricted_since(unit, subject_of(account))
        mail = new_id() if notify_settings().mail_relay and not restricted else ""
        unit.execute(_TAKEN, account, mail, DIGEST)
        if mail:
            post(unit, mail, account, Purpose.DIGEST)
            asked += 1
    return len(accounts), asked
