"""The life of a registration.

declared → address confirmed → identity verified → validated → published → closed; before the validation it may go back
to the person for a correction, be refused, or be abandoned: by the person, or because nobody did anything in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    IDENTIFIED = "identified"
    TO_CORRECT = "to-correct"
    VALIDATED = "validated"
    PUBLISHED = "published"
    CLOSED = "closed"
    REFUSED = "refused"
    ABANDONED = "abandoned"


class Step(StrEnum):
    """What happens to a registration. `CORRECT` leads where the correction allows (`after_correction`)."""

    CONFIRM = "confirm"
    IDENTIFY = "identify"
    ASK_CORRECTION = "ask-correction"
    CORRECT = "correct"
    VALIDATE = "validate"
    PUBLISH = "publish"
    REFUSE = "refuse"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    END = "end"


class Reason(StrEnum):
    """Why a registration is closed or abandoned."""

    CONTRACT_ENDED = "contract-ended"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    NOT_CONFIRMED = "not-confirmed"
    NOT_VALIDATED = "not-validated"
    NOT_CORRECTED = "not-corrected"
    ERASED = "erased"


S, T = State, Step
OPEN: Final = frozenset((S.DECLARED, S.CONFIRMED, S.IDENTIFIED, S.TO_CORRECT))
"""Nothing is decided yet."""
HELD: Final = frozenset((S.VALIDATED, S.PUBLISHED))
"""The employer has said yes, and the contract runs."""
FINAL: Final = frozenset((S.CLOSED, S.REFUSED, S.ABANDONED))
FOR_EMPLOYER: Final = frozenset((S.CONFIRMED, S.IDENTIFIED))
"""What waits for the structure."""
FOR_PERSON: Final = frozenset((S.DECLARED, S.TO_CORRECT))
"""What waits for the person."""
_LEADS: Final[Mapping[tuple[State, Step], State]] = MappingProxyType(
    {
        (S.DECLARED, T.CONFIRM): S.CONFIRMED,
        (S.CONFIRMED, T.IDENTIFY): S.IDENTIFIED,
        (S.IDENTIFIED, T.VALIDATE): S.VALIDATED,
        (S.VALIDATED, T.PUBLISH): S.PUBLISHED,
        **{(state, T.ASK_CORRECTION): S.TO_CORRECT for state in FOR_EMPLOYER},
        **{(state, T.REFUSE): S.REFUSED for state in FOR_EMPLOYER},
        **{(state, T.WITHDRAW): S.ABANDONED for state in OPEN},
        **{(state, T.EXPIRE): S.ABANDONED for state in OPEN},
        **{(state, T.CORRECT): S.DECLARED for state in FOR_PERSON},
        **{(state, T.END): S.CLOSED for state in HELD},
        (S.REFUSED, T.REOPEN): S.CONFIRMED,
    }
)
_LATE: Final = {
    S.DECLARED: Reason.NOT_CONFIRMED,
    S.CONFIRMED: Reason.NOT_VALIDATED,
    S.IDENTIFIED: Reason.NOT_VALIDATED,
    S.TO_CORRECT: Reason.NOT_CORRECTED,
}


@dataclass(frozen=True, slots=True)
class Delays:
    """In days, the day of the event not counted: for the person to confirm their address, for the employer to decide,
    for the person to correct."""

    confirm: int
    decide: int
    correct: int

    def due(self, state: State, since: date) -> date | None:
        """The last day on which what is waited for comes in time; None when nothing is."""
        days = {
            S.DECLARED: self.confirm,
            S.CONFIRMED: self.decide,
            S.IDENTIFIED: self.decide,
            S.TO_CORRECT: self.correct,
        }.get(state)
        return None if days is None else since + timedelta(days=days)


def leads(state: State, step: Step) -> State | None:
    """Where a step leads; None where it cannot be taken."""
    return _LEADS.get((state, step))


def after_correction(*, address_kept: bool, identity_kept: bool) -> State:
    """What was checked and has not changed need not be checked again. `address_kept`: the address was confirmed and is
    the same; `identity_kept`: the identity was verified and its traits are the same."""
    if not address_kept:
        return S.DECLARED
    return S.IDENTIFIED if identity_kept else S.CONFIRMED


def is_late(state: State, due: date | None, today: date) -> bool:
    return state in OPEN and due is not None and today > due


def why_late(state: State) -> Reason:
    return _LATE[state]
