"""What is announced: typed, versioned payloads, and the document that stands for one event."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

CATALOGUE: dict[str, "EventKind"] = {}


@dataclass(frozen=True, slots=True)
class EventKind:
    """`code` is dotted and carries its version (`directory.loaded.1`); `members` are the names of its payload, with
    what each says."""

    code: str
    fr: str
    en: str
    members: Mapping[str, str]


def event_kind(code: str, fr: str, en: str, **members: str) -> EventKind:
    """Declare a kind of event once; the catalogue is printed in `docs/events.md`."""
    if code in CATALOGUE:
        raise ValueError(f"kind of event declared twice: {code}")
    CATALOGUE[code] = declared = EventKind(code, fr, en, members)
    return declared


@dataclass(frozen=True, slots=True)
class Event:
    """`lane` is what the event is about: events of one lane reach each listener in their order. `id` is 16 random
    bytes: who receives an event twice knows it by that."""

    kind: EventKind
    lane: str
    data: Mapping[str, Any]
    id: bytes = field(default_factory=lambda: os.urandom(16))

    def __post_init__(self) -> None:
        if self.data.keys() != self.kind.members.keys():
            told, asked = ", ".join(sorted(self.data)), ", ".join(sorted(self.kind.members))
            raise ValueError(f"{self.kind.code}: got the members {told}; expected {asked}")

    def document(self, unit: bytes, at: str) -> bytes:
        """The event as it is stored and sent: JSON in UTF-8 with sorted keys."""
        return orjson.dumps(
            {
                "id": self.id.hex(),
                "kind": self.kind.code,
                "subject": self.lane,
                "at": at,
                "unit": unit.hex(),
                "data": dict(self.data),
            },
            option=orjson.OPT_SORT_KEYS,
        )
