"""Every write to API keys: make, limit, have meet incidents, end. Each is journaled.

Who tends the software of others tends every key; a publisher tends their own, and is told nothing of the others.
"""

import secrets

from socle.kernel.access import OPERATOR, OWN_API_KEYS, Permission, allows, declare, require
from socle.kernel.actors import Acting
from socle.kernel.apikeys.faults import (
    BAD_INCIDENTS,
    BAD_LABEL,
    BAD_QUOTA,
    EXPIRED_BEFORE,
    NO_INCIDENTS,
    TOO_MANY_KEYS,
    UNKNOWN_KEY,
)
from socle.kernel.apikeys.incidents import read_shares
from socle.kernel.apikeys.keys import DAY, ApiKey, Listed, count_open, digest_of, one
from socle.kernel.audit.actions import Action, Kind, action
from socle.kernel.audit.entry import Coded, Entry
from socle.kernel.clock import micros
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.settings import settings
from socle.kernel.work import record

ISSUED = action("apikey.issued", Kind.CREATE, "Clé d’API créée", "API key made")
LIMITED = action("apikey.limited", Kind.UPDATE, "Quota d’une clé d’API changé", "Quota of an API key changed")
TRIED = action(
    "apikey.incidents", Kind.UPDATE, "Incidents d’une clé d’API changés", "Incidents of an API key changed"
)
ENDED = action("apikey.ended", Kind.UPDATE, "Clé d’API fermée", "API key ended")
EVERY_KEY = declare(
    "api-keys.manage",
    "Tenir les clés d’API de tous les logiciels, et leurs quotas",
    "Keep the API keys of all software, and their quotas",
    roles=(OPERATOR,),
)
LABEL_LIMIT = 120
MOST_A_SECOND = 10_000
MOST_OF_ONE = 20
_KEPT = 365 * DAY
_PREFIX = "sk_"
_MAKE = (
    "INSERT INTO apikeys_key (id, digest, service, label, created, owner, a_second, incidents, expires) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8)"
)


def issue(
    unit: Unit,
    by: Acting,
    *,
    service: str,
    label: str,
    a_second: int | None = None,
    expires: int | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for an application. The second value is what the application presents; it is not kept. A publisher's
    has the service's own quota.

    Raises Refused, SocleError: BAD_LABEL, BAD_QUOTA, EXPIRED_BEFORE, TOO_MANY_KEYS.
    """
    everywhere, now = allows(by, EVERY_KEY), micros()
    require(by, _needed(by))
    owner = "" if everywhere else by.actor.id
    quota = _checked_quota(a_second) if everywhere else None
    if expires is not None and expires <= now:
        raise SocleError(EXPIRED_BEFORE)
    if owner and count_open(unit, owner, now) >= MOST_OF_ONE:
        raise SocleError(TOO_MANY_KEYS, limit=MOST_OF_ONE)
    presented = _PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(secrets.token_hex(8), service, _checked_label(label), quota, (), expires)
    unit.execute(_MAKE, key.id, digest_of(presented), service, key.label, now, owner, quota, expires)
    _record(unit, ISSUED, by, key.id, {"service": service})
    return key, presented


def _needed(by: Acting) -> Permission:
    """Whose keys somebody tends: all of them, or their own."""
    return EVERY_KEY if allows(by, EVERY_KEY) else OWN_API_KEYS


def _checked_label(label: str) -> str:
    label = label.strip()
    if not 0 < len(label) <= LABEL_LIMIT or not label.isprintable():
        raise SocleError(BAD_LABEL, limit=LABEL_LIMIT, received=ascii(label[:LABEL_LIMIT]))
    return label


def _checked_quota(a_second: int | None) -> int | None:
    if a_second is not None and not 0 <= a_second <= MOST_A_SECOND:
        raise SocleError(BAD_QUOTA, limit=MOST_A_SECOND, received=a_second)
    return a_second


def limit(unit: Unit, by: Acting, id: str, a_second: int | None) -> None:
    """Give a key a quota of its own: calls a second in each process, 0 for no bound, None for that of the service.

    Raises Refused, SocleError: UNKNOWN_KEY, BAD_QUOTA.
    """
    require(by, EVERY_KEY)
    before = _tended(unit, by, id).key.a_second
    unit.execute("UPDATE apikeys_key SET a_second = ?1 WHERE id = ?2", _checked_quota(a_second), id)
    _record(unit, LIMITED, by, id, {"before": _told(before), "after": _told(a_second)})


def _told(a_second: int | None) -> str:
    return "service" if a_second is None else str(a_second)


def set_incidents(unit: Unit, by: Acting, id: str, incidents: str) -> None:
    """Have a key meet incidents, as the setting of the service writes them; none when empty. In demonstrations only.

    Raises Refused, SocleError: UNKNOWN_KEY, NO_INCIDENTS, BAD_INCIDENTS.
    """
    require(by, _needed(by))
    if settings().production:
        raise SocleError(NO_INCIDENTS)
    try:
        read_shares(incidents)
    except ValueError as wrong:
        raise SocleError(BAD_INCIDENTS, reason=str(wrong)[:200]) from None
    _tended(unit, by, id)
    unit.execute("UPDATE apikeys_key SET incidents = ?1 WHERE id = ?2", incidents, id)
    _record(unit, TRIED, by, id, {"incidents": incidents})


def end(unit: Unit, by: Acting, id: str) -> None:
    """Close a key: it is refused within half a minute everywhere. Raises Refused, SocleError(UNKNOWN_KEY)."""
    require(by, _needed(by))
    _tended(unit, by, id)
    close(unit, by, id)


def close(unit: Unit, by: Acting, id: str, why: Coded | None = None) -> None:
    """Close a key whose permission was checked, or that no longer has an owner."""
    unit.execute("UPDATE apikeys_key SET ended = ?1 WHERE id = ?2", micros(), id)
    _record(unit, ENDED, by, id, why)


def forget_ended(unit: Unit) -> int:
    """Keys that were ended, or whose last day was, a year ago."""
    return unit.execute("DELETE FROM apikeys_key WHERE COALESCE(ended, expires) < ?1", micros() - _KEPT)


def seen(session: Session, by: Acting, id: str) -> Listed:
    """The key, for who may tend it. Raises SocleError(UNKNOWN_KEY), the same whether it is somebody else's or none."""
    found = one(session, id)
    if not allows(by, EVERY_KEY) and found.owner != by.actor.id:
        raise SocleError(UNKNOWN_KEY, id=id[:40])
    return found


def _tended(unit: Unit, by: Acting, id: str) -> Listed:
    found = seen(unit, by, id)
    if found.ended is not None:
        raise SocleError(UNKNOWN_KEY, id=id[:40])
    return found


def _record(unit: Unit, what: Action, by: Acting, id: str, data: Coded | None = None) -> None:
    record(unit, Entry(what, by, target=f"ApiKey/{id}", data=data or {}))
