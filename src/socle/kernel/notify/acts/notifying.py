"""Telling somebody something, once for each cause, by the way that they chose."""

import os

import orjson

from socle.kernel.accounts.people import is_active
from socle.kernel.accounts.personal import subject_of
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import micros
from socle.kernel.db import Unit
from socle.kernel.notify.actions import MAIL_ASKED, NOTIFIED
from socle.kernel.notify.kinds import Channel, NoticeKind
from socle.kernel.notify.mails import Purpose
from socle.kernel.notify.queries import channel_of
from socle.kernel.notify.settings import notify_settings
from socle.kernel.outbox.events import Event
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.work import emit, record

DIGEST = "digest"
"""What a notification says in the place of its mail while it waits for the digest of the day."""
_ADD = (
    "INSERT INTO notify_notification (id, account, kind, cause, data, at, mail) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (account, kind, cause) DO NOTHING"
)
_MAIL = (
    "INSERT INTO notify_mail (id, account, purpose, state, sealed, status, at) "
    "VALUES (?1, ?2, ?3, 'waiting', ?4, 0, ?5)"
)


def new_id() -> str:
    """16 hexadecimal digits."""
    return os.urandom(8).hex()


def notify(
    unit: Unit, kind: NoticeKind, account: str, cause: str, *, mailed: bool = True, **data: str | int
) -> bool:
    """Tell the holder of an account; False when they turned the kind off, have left, were told of this cause before, or
    have their data restricted, unless the kind concerns security or their own requests.
    `mailed` false keeps this one in the centre, whatever was chosen. Data are coded: never a name or free text.

    Raises ValueError for data that the kind does not declare.
    """
    if data.keys() != kind.members.keys():
        raise ValueError(f"{kind.code}: got {sorted(data)}; expected {sorted(kind.members)}")
    channel = channel_of(unit, account, kind)
    if channel is Channel.OFF or not is_active(unit, account):
        return False
    if not kind.told_always and restricted_since(unit, subject_of(account)):
        return False
    mail = _mail_for(channel) if mailed and kind.mailed else ""
    written = orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()
    if not unit.execute(_ADD, new_id(), account, kind.code, cause, written, micros(), mail):
        return False
    if mail and mail != DIGEST:
        post(unit, mail, account, Purpose.NOTICE)
    record(unit, Entry(NOTIFIED, BY_SYSTEM, subject=subject_of(account), data={"kind": kind.code}))
    return True


def _mail_for(channel: Channel) -> str:
    if channel is Channel.DIGEST:
        return DIGEST
    return new_id() if channel is Channel.MAIL and notify_settings().mail_relay else ""


def post(unit: Unit, mail: str, account: str, purpose: Purpose, sealed: bytes | None = None) -> None:
    """Ask for a mail to this person. Each has a lane of its own: one that is refused holds up no other."""
    unit.execute(_MAIL, mail, account, purpose.value, sealed, micros())
    emit(unit, Event(MAIL_ASKED, f"mail:{mail}", {"mail": mail}))
