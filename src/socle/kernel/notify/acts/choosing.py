"""Choosing how notifications come: on the page, or by the link of a mail."""

from collections.abc import Mapping

from socle.kernel.access import require
from socle.kernel.accounts.personal import subject_of
from socle.kernel.actors import Acting
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.notify.actions import CHOSEN, UNSUBSCRIBED
from socle.kernel.notify.faults import CHANNEL_REFUSED
from socle.kernel.notify.kinds import CATALOGUE, Channel, NoticeKind
from socle.kernel.notify.queries import channel_of, choices, language_of
from socle.kernel.notify.roles import OWN_NOTICES
from socle.kernel.notify.unsubscribing import Subscription
from socle.kernel.web.language import LANGUAGES
from socle.kernel.work import record

_CHOOSE = (
    "INSERT INTO notify_preference (account, kind, channel) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (account, kind) DO UPDATE SET channel = ?3"
)
_SPEAK = (
    "INSERT INTO notify_reader (account, lang) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET lang = ?2"
)
_LEAVE_DIGEST = (
    "UPDATE notify_notification SET mail = '' WHERE account = ?1 AND kind = ?2 AND mail = 'digest'"
)


def choose(unit: Unit, by: Acting, wanted: Mapping[str, str], lang: str) -> int:
    """Keep these channels by kind (codes) and this language; how many kinds changed.

    Raises Refused, SocleError(CHANNEL_REFUSED) for a channel that a kind does not have.
    """
    require(by, OWN_NOTICES)
    account = by.actor.id
    before = choices(unit, account)
    changed = {code: channel for code, channel in wanted.items() if before.get(code) != channel}
    for code, channel in changed.items():
        _set(unit, account, CATALOGUE[code], channel)
        told = {"kind": code, "before": before[code].value, "after": channel}
        record(unit, Entry(CHOSEN, by, subject=by.actor.subject, data=told))
    if lang in LANGUAGES and lang != language_of(unit, account):
        unit.execute(_SPEAK, account, lang)
        record(unit, Entry(CHOSEN, by, subject=by.actor.subject, data={"lang": lang}))
    return len(changed)


def _set(unit: Unit, account: str, kind: NoticeKind, channel: str) -> None:
    if channel not in kind.channels:
        allowed = ", ".join(kind.channels)
        raise SocleError(CHANNEL_REFUSED, received=channel[:40], kind=kind.code, allowed=allowed)
    unit.execute(_CHOOSE, account, kind.code, channel)
    if channel != Channel.DIGEST:
        unit.execute(_LEAVE_DIGEST, account, kind.code)


def unsubscribe(unit: Unit, by: Acting, what: Subscription) -> None:
    """No more mails of what the link is about; the centre goes on. The link is the proof: whoever holds it may stop the
    mails, and nothing else."""
    for kind in _of(unit, what):
        _set(unit, what.account, kind, Channel.CENTRE)
    _tell(unit, by, what, Channel.CENTRE)


def resubscribe(unit: Unit, by: Acting, what: Subscription) -> None:
    """The mails that the same link stopped, taken up again."""
    for code in what.kinds:
        kind = CATALOGUE.get(code)
        if kind is not None and not kind.security and channel_of(unit, what.account, kind) is Channel.CENTRE:
            _set(unit, what.account, kind, what.channel)
    _tell(unit, by, what, what.channel)


def _of(unit: Unit, what: Subscription) -> list[NoticeKind]:
    known = [CATALOGUE[code] for code in what.kinds if code in CATALOGUE]
    return [
        kind for kind in known if channel_of(unit, what.account, kind) is what.channel and not kind.security
    ]


def _tell(unit: Unit, by: Acting, what: Subscription, channel: Channel) -> None:
    data = {"kinds": len(what.kinds), "channel": channel.value}
    record(unit, Entry(UNSUBSCRIBED, by, subject=subject_of(what.account), data=data))
