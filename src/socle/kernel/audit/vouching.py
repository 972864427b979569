"""Entries that explain why something is not there any more: who may write into the database may not write these.

Verification believes a purge or an erasure, so that one that nobody made would hide what was taken out by hand. Each
has an HMAC under the master key, which is not in the database. The master key changes (`socle keys rewrap`), and
versions before this one wrote none: acts that end such a time are vouched for in the same way, and what stands before
them is told, not judged.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Any

import orjson

from socle.kernel.audit.entry import Entry
from socle.kernel.db import Unit
from socle.kernel.keys import authenticated, current_master, masters
from socle.kernel.work import record, unit_id

PURGES = frozenset({"audit.purged", "outbox.purged"})
ERASED = "privacy.erased"
REMOVING = PURGES | {ERASED}
# After either of these, a master key that was held before may be held no more.
_OTHER_MASTER = frozenset({"keys.rewrapped", "operation.restored"})
# After any of these, every removal has its HMAC.
BOUNDARIES = _OTHER_MASTER | {"operation.upgraded"}


class Standing(Enum):
    """What the HMAC of an entry says: it holds, it does not, there is none, or this process lacks its master key."""

    HOLDS = auto()
    WRONG = auto()
    ABSENT = auto()
    UNHELD = auto()


def record_vouched(unit: Unit, entry: Entry) -> None:
    """`record`, with the master key's name (`master`) and the HMAC (`mac`, hexadecimal) added to the data."""
    master = current_master()
    data = {**entry.data, "master": master.id}
    said = _said(unit_id(unit).hex(), entry.subject, data)
    mac = authenticated(entry.action.code, said, master).hex()
    record(unit, replace(entry, data={**data, "mac": mac}))


def standing(document: Mapping[str, Any]) -> Standing:
    """Of an entry's document, as `documents.read` gives it."""
    data = document.get("data")
    if not isinstance(data, dict) or "mac" not in data:
        return Standing.ABSENT
    told = {name: value for name, value in data.items() if name != "mac"}
    held = [master for master in masters() if master.id == told.get("master")]
    if not held:
        return Standing.UNHELD
    said = _said(document["unit"], str(document.get("subject", "")), told)
    mac = authenticated(document["action"], said, held[0]).hex()
    sound = hmac.compare_digest(mac.encode(), str(data["mac"]).encode())
    return Standing.HOLDS if sound else Standing.WRONG


def believable(found: Standing, position: int, boundaries: Mapping[int, str]) -> bool:
    """`boundaries` are the positions and actions of those that hold. What stands before the first has no HMAC when an
    earlier version wrote it; what stands before the last change of master may be under one that is gone."""
    if found is Standing.ABSENT:
        return position < min(boundaries, default=-1)
    others = (place for place, action in boundaries.items() if action in _OTHER_MASTER)
    return found is Standing.HOLDS or (found is Standing.UNHELD and position < max(others, default=-1))


def _said(unit: str, subject: str, data: Mapping[str, Any]) -> bytes:
    """A JSON array, keys sorted: the unit in hexadecimal, whom the entry is about, its data but the HMAC. An entry
    that is copied is one too many for its unit."""
    return orjson.dumps([unit, subject, dict(data)], option=orjson.OPT_SORT_KEYS)
