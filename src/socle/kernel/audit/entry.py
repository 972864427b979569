"""One entry of the trail, and the document that stands for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import Any

import orjson

from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Action, Outcome
from socle.kernel.clock import EPOCH, from_micros

Coded = Mapping[str, str | int | bool]
COUNTED = Struct(">qII")
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """`subject` is whom it is about (`record:…`, `agent:…`), `target` what was acted on (`Type/id`). `data` holds coded
    facts, never a name, an identifier of a person or free text: those go into the details, which are sealed under the
    key of the subject or of the actor."""

    action: Action
    by: Acting
    outcome: Outcome = Outcome.SUCCESS
    subject: str = ""
    target: str = ""
    data: Coded = field(default_factory=dict)
    subject_details: Mapping[str, Any] | None = None
    actor_details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: `number` in its `unit` (16 random bytes), at `micros` since 1970 in UTC, and the day that
    counts for legal delays."""

    unit: bytes
    number: int
    micros: int
    business: date

    @property
    def name(self) -> str:
        """What sealed details are bound to, so that they cannot be moved to another entry."""
        return place_name(self.unit.hex(), self.number)


def place_name(unit: str, number: int) -> str:
    """`unit` in hexadecimal."""
    return f"audit:{unit}:{number}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Details as they are stored; None when there are none."""

    subject: bytes | None = None
    actor: bytes | None = None


def facts_of(entry: Entry, place: Place, sealed: Sealed) -> bytes:
    """The entry's document: JSON in UTF-8, keys sorted, no space, whole numbers only (RFC 8785 for such values).

    Empty members are left out. `details` holds the SHA-256 of what is sealed, in hexadecimal.
    """
    actor = entry.by.actor
    document = {
        "v": 1,
        "unit": place.unit.hex(),
        "n": place.number,
        "at": stamp(place.micros),
        "business": place.business.isoformat(),
        "action": entry.action.code,
        "outcome": entry.outcome.value,
        "actor": _present(
            kind=actor.kind.value,
            id=actor.id,
            assurance=actor.assurance.code,
            organisation=actor.organisation,
        ),
        **_present(
            purpose=entry.by.purpose,
            door=entry.by.door,
            request=entry.by.request,
            subject=entry.subject,
            target=entry.target,
            data=dict(entry.data),
            details=_present(subject=_digest(sealed.subject), actor=_digest(sealed.actor)),
        ),
    }
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def combined_hash(micros: int, leaves: Sequence[bytes], events: int, events_hash: bytes) -> bytes:
    """What one unit did, in one SHA-256: its instant (8 bytes), how many entries and events it has (4 bytes each), the
    hash over its events, then the leaf hashes of its entries, in order."""
    counted = COUNTED.pack(micros, len(leaves), events)
    return sha256(b"".join((counted, events_hash, *leaves))).digest()


def events_hash(documents: Iterable[bytes]) -> bytes:
    """SHA-256 over the SHA-256 of each event of a unit, in order."""
    return sha256(b"".join(sha256(document).digest() for document in documents)).digest()


@lru_cache(maxsize=64)
def stamp(micros: int) -> str:
    """RFC 3339, UTC, always six decimals: `2026-11-22T13:05:09.001200Z`."""
    return from_micros(micros).isoformat(timespec="microseconds").replace("+00:00", "Z")


def micros_of(stamped: str) -> int:
    """The instant that `stamp` wrote. Raises ValueError."""
    moment = datetime.fromisoformat(stamped)
    if moment.tzinfo is None:
        raise ValueError(f"{stamped!r} has no zone")
    return (moment - EPOCH) // _MICROSECOND


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _digest(sealed: bytes | None) -> str:
    return sha256(sealed).hexdigest() if sealed is not None else ""
