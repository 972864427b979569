"""What somebody reads of their notifications and preferences. Reads nothing of the accounts: the header of every page
asks here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from socle.kernel.db import Row, Session
from socle.kernel.notify.kinds import CATALOGUE, Channel, NoticeKind
from socle.kernel.web.language import DEFAULT, LANGUAGES

MOST_COUNTED = 100
_COLUMNS = "SELECT id, kind, data, at, read FROM notify_notification WHERE account = ?1"
_UNREAD = "SELECT count(*) FROM (SELECT 1 FROM notify_notification WHERE account = ?1 AND read IS NULL LIMIT ?2) AS few"
# Unread first, then the newest.
_PAGE = (
    f"{_COLUMNS} AND (?2 = 0 OR read IS NULL) AND (?3 = '' OR kind = ?3) "
    "ORDER BY CASE WHEN read IS NULL THEN 0 ELSE 1 END, at DESC, id LIMIT ?4 OFFSET ?5"
)
_TOTAL = (
    "SELECT count(*) FROM notify_notification WHERE account = ?1 AND (?2 = 0 OR read IS NULL) "
    "AND (?3 = '' OR kind = ?3)"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification; moments are microseconds, `read` None as long as it is not."""

    id: str
    kind: str
    data: Mapping[str, Any]
    at: int
    read: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notifications one looks at: only those not read yet, only those of one kind (a code)."""

    unread: bool = False
    kind: str = ""


def unread(session: Session, account: str) -> int:
    """How many wait to be read; MOST_COUNTED for as many or more."""
    row = session.fetch_one(_UNREAD, account, MOST_COUNTED)
    return int(row[0]) if row else 0


def notices(session: Session, account: str, wanted: Wanted, limit: int, offset: int = 0) -> list[Notice]:
    """Unread first, then the newest."""
    rows = session.fetch(_PAGE, account, int(wanted.unread), wanted.kind, limit, offset)
    return [notice_of(row) for row in rows]


def count(session: Session, account: str, wanted: Wanted) -> int:
    return int(session.fetch(_TOTAL, account, int(wanted.unread), wanted.kind)[0][0])


def one(session: Session, account: str, id: str) -> Notice | None:
    """A notification of this account; None of another's, and when there is none."""
    row = session.fetch_one(f"{_COLUMNS} AND id = ?2", account, id)
    return notice_of(row) if row else None


def of_mail(session: Session, mail: str) -> list[Notice]:
    """What one mail carries, the oldest first."""
    sql = "SELECT id, kind, data, at, read FROM notify_notification WHERE mail = ?1 ORDER BY at, id"
    return [notice_of(row) for row in session.fetch(sql, mail)]


def kinds_held(session: Session, account: str) -> list[str]:
    """The kinds among somebody's notifications, for a choice."""
    sql = "SELECT DISTINCT kind FROM notify_notification WHERE account = ?1 ORDER BY kind"
    return [kind for (kind,) in session.fetch(sql, account)]


def channel_of(session: Session, account: str, kind: NoticeKind) -> Channel:
    """How this kind reaches this person: as they chose, else as is usual."""
    sql = "SELECT channel FROM notify_preference WHERE account = ?1 AND kind = ?2"
    row = session.fetch_one(sql, account, kind.code)
    chosen = Channel(row[0]) if row else kind.usual
    return chosen if chosen in kind.channels else kind.usual


def choices(session: Session, account: str) -> dict[str, Channel]:
    """How each kind of the house reaches this person, by code."""
    sql = "SELECT kind, channel FROM notify_preference WHERE account = ?1"
    chosen = {kind: Channel(channel) for kind, channel in session.fetch(sql, account)}
    return {
        code: chosen[code] if chosen.get(code) in kind.channels else kind.usual
        for code, kind in CATALOGUE.items()
    }


def language_of(session: Session, account: str) -> str:
    """The language in which this person is written to."""
    row = session.fetch_one("SELECT lang FROM notify_reader WHERE account = ?1", account)
    return str(row[0]) if row and row[0] in LANGUAGES else DEFAULT


def notice_of(row: Row) -> Notice:
    id, kind, data, at, read = row
    return Notice(id, kind, orjson.loads(data), at, read)
