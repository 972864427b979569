"""The life of an e-CPS on one phone: waiting for its code to be scanned, active, suspended, expired, deleted.

A suspended or expired e-CPS does not come back: one deletes it and activates another (ANS, FAQ e-CPS). Time is an
argument, in microseconds since 1970.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

PAIRING_SECONDS: Final = 90
"""How long the QR code of an activation by card is good for; by e-mail it is longer (value not published)."""
WRONG_PINS: Final = 3
"""How many wrong PINs in a row suspend it (assumed)."""


class State(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    DELETED = "deleted"


class Step(StrEnum):
    """`SUSPEND` is what its holder or an operator does to a lost phone."""

    ACTIVATE = "activate"
    RIGHT_PIN = "right-pin"
    WRONG_PIN = "wrong-pin"
    SUSPEND = "suspend"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Device:
    """`until` is when the state ends by itself: the code of a pending one, the e-CPS of an active one. `wrong` counts
    wrong PINs in a row."""

    state: State
    until: int
    wrong: int = 0

    def at(self, now: int) -> "Device":
        """As it stands at a moment: what waited or was active too long has expired."""
        runs = self.state in (State.PENDING, State.ACTIVE)
        return replace(self, state=State.EXPIRED) if runs and now >= self.until else self


def step(device: Device, taken: Step, now: int, *, until: int = 0) -> Device | None:
    """The device after a step; None when it cannot be taken. `until` is the end of an e-CPS that is activated now."""
    here = device.at(now)
    if taken is Step.DELETE:
        return None if here.state is State.DELETED else replace(here, state=State.DELETED)
    if taken is Step.ACTIVATE:
        return Device(State.ACTIVE, until) if here.state is State.PENDING and until > now else None
    if here.state is not State.ACTIVE:
        return None
    if taken is Step.RIGHT_PIN:
        return replace(here, wrong=0)
    if taken is Step.SUSPEND:
        return replace(here, state=State.SUSPENDED)
    wrong = here.wrong + 1
    return replace(here, wrong=wrong, state=State.SUSPENDED if wrong >= WRONG_PINS else State.ACTIVE)
