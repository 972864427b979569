"""An event as a listener hears it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError


@dataclass(frozen=True, slots=True)
class Heard:
    """`sequence` orders the log; `id` (16 bytes) is the event's own name; `unit` is that of the act that announced it;
    `at` is when (microseconds UTC). `document` is the JSON that was stored and that webhooks send."""

    sequence: int
    id: bytes
    unit: bytes
    kind: str
    lane: str
    at: int
    document: bytes

    @property
    def data(self) -> Mapping[str, Any]:
        """The payload: the members that the kind declares."""
        data: Mapping[str, Any] = orjson.loads(self.document)["data"]
        return data


Handler = Callable[[Unit, Heard], None]
OutsideHandler = Callable[[Database, Heard], None]


class Hopeless(SocleError):
    """Trying again cannot help: a delivery whose listener raises this is parked at once."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A listener that is ready to be called: its name, the codes of what it hears, and what it does."""

    name: str
    kinds: frozenset[str]
    handler: Handler


@dataclass(frozen=True, slots=True)
class HearingOutside:
    """One that speaks with another machine: called outside of any unit, where it holds up no writer."""

    name: str
    kinds: frozenset[str]
    handler: OutsideHandler


Listening = Hearing | HearingOutside
