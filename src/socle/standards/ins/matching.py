"""Whose document is this: the rule that attaches an incoming document, or keeps it for a person to decide.

Source: RNIV 1 v2.0, integration of documents; Guide INS EXI REC 08, RNIV EXI SI 08. The number and its OID must be
equal and the traits coherent; a number of the history counts with the same check. Nothing else is attached in silence.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from socle.standards.ins.faults import (
    DOCUMENT_SEVERAL,
    DOCUMENT_TRAITS,
    DOCUMENT_UNKNOWN,
    DOCUMENT_WITHOUT_NUMBER,
    NOT_QUALIFIED,
    Fault,
    fault,
)
from socle.standards.ins.identity import Carried, exposed
from socle.standards.ins.matricule import Ins
from socle.standards.ins.traits import incoherent_traits
from socle.standards.ins.transitions import State

Key = TypeVar("Key", bound=Hashable)


class Verdict(StrEnum):
    """`QUARANTINE`: a person decides. `UNKNOWN`: no identity here has the number."""

    ATTACH = "attach"
    QUARANTINE = "quarantine"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision(Generic[Key]):
    """`identity` is the one found, also where it is not attached for the reason that `why` gives; `by_history` tells
    that the document came under a former number."""

    verdict: Verdict
    identity: Key | None = None
    by_history: bool = False
    why: Fault | None = None


_NO_NUMBER: Final = fault(DOCUMENT_WITHOUT_NUMBER)


def decide(document: Carried, candidates: Mapping[Key, State]) -> Decision[Key]:
    """What to do with a document, given the identities that may have its number, by whatever key they are known.

    Identities that a merge replaced take nothing: their history is that of the one that stays.
    """
    number = document.ins
    if number is None:
        return Decision(Verdict.QUARANTINE, why=_NO_NUMBER)
    having = {
        key: state for key, state in candidates.items() if not state.is_replaced and _has(state, number)
    }
    # The holder of a number today comes before those who had it.
    holding = {key: state for key, state in having.items() if state.ins == number} or having
    if not holding:
        return Decision(Verdict.UNKNOWN, why=fault(DOCUMENT_UNKNOWN))
    if len(holding) > 1:
        return Decision(Verdict.QUARANTINE, why=fault(DOCUMENT_SEVERAL, len(holding)))
    key, state = next(iter(holding.items()))
    why = _objection(document, state)
    verdict = Verdict.ATTACH if why is None else Verdict.QUARANTINE
    return Decision(verdict, key, state.ins != number, why)


def _has(state: State, number: Ins) -> bool:
    return number == state.ins or number in state.former


def _objection(document: Carried, state: State) -> Fault | None:
    if exposed(state) is None:
        return fault(NOT_QUALIFIED, state.status.value)
    wrong = incoherent_traits(document.traits, state.traits)
    return fault(DOCUMENT_TRAITS, ", ".join(wrong)) if wrong else None
