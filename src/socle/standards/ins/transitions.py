"""What happens to an identity, and where it leads: a pure state machine.

Sources: RNIV EXI SI 07 and SI 08, Guide INS EXI ID 08, 10, 19, 24, 26; what those leave open is settled on the side of
caution and said beside the rule. `apply` gives the next state or the fault that refuses the event; it changes nothing.
A number that is taken away is kept among the former ones: documents received under it still find their identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from socle.standards.ins.evidence import APPLICATION, DOCUMENTS, Channel, Document
from socle.standards.ins.faults import (
    ANTERIORITY,
    ATTRIBUTE_ABSENT,
    DOCUMENT,
    EXISTS,
    INSI_TRAITS,
    NOT_CREATED,
    REPLACED,
    STATUS_FORCED,
    STRICT_TRAIT,
    TRANSITION,
    Fault,
    fault,
)
from socle.standards.ins.matricule import Ins
from socle.standards.ins.names import check_first
from socle.standards.ins.statuses import (
    BLOCKING,
    Attribute,
    Status,
    check_attributes,
    check_attributes_sendable,
    status_of,
)
from socle.standards.ins.traits import KNOWN_SEXES, STRICT, Traits

# -- States ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recovery:
    """The answer of INSi that was accepted: the number, the day, and through which channel it came."""

    ins: Ins
    day: date
    channel: Channel = Channel.INSI


@dataclass(frozen=True, slots=True)
class Check:
    """The document that was checked, by its code, and the day."""

    document: str
    day: date


@dataclass(frozen=True, slots=True)
class State:
    """An identity. `former` holds the numbers that it had and those that INSi tells as historical, without repeats;
    `is_replaced`, that another identity of the same person stays in its place."""

    traits: Traits
    recovery: Recovery | None = None
    check: Check | None = None
    attributes: frozenset[Attribute] = frozenset()
    former: tuple[Ins, ...] = ()
    is_replaced: bool = False

    @property
    def status(self) -> Status:
        return status_of(recovered=self.recovery is not None, checked=self.check is not None)

    @property
    def ins(self) -> Ins | None:
        """The number held, to be given out only as `identity.exposed` says."""
        return None if self.recovery is None else self.recovery.ins


def violations(state: State) -> tuple[Fault, ...]:
    """What is forbidden in a state: no sequence of events leads there, and a store that finds one is damaged."""
    found = []
    together = check_attributes(state.attributes)
    if together is not None:
        found.append(together)
    if BLOCKING & state.attributes and state.status is not Status.PROVISIONAL:
        found.append(fault(STATUS_FORCED, state.status.value))
    if state.recovery is not None:
        found.extend(_incomplete(state.traits))
    return tuple(found)


# -- Events ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Created:
    """`searched`: the search for an identity that already exists was made, and found none to take."""

    traits: Traits
    searched: bool


@dataclass(frozen=True, slots=True)
class InsiAccepted:
    """INSi found one identity (code 00) and the operator accepted its traits. `traits` are those returned, with the
    local names in use left as they are; `former` its historical numbers."""

    ins: Ins
    traits: Traits
    day: date
    former: tuple[Ins, ...] = ()
    channel: Channel = Channel.INSI


@dataclass(frozen=True, slots=True)
class DocumentChecked:
    document: str
    day: date


@dataclass(frozen=True, slots=True)
class DocumentDiffers:
    """The document shows another identity than the one that INSi gave."""

    document: str


@dataclass(frozen=True, slots=True)
class VerificationFailed:
    """INSi says that the number, its OID and the traits are no longer those of its base."""


@dataclass(frozen=True, slots=True)
class StrictTraitsEdited:
    """At least one trait that INSi certifies is changed by hand."""

    traits: Traits


@dataclass(frozen=True, slots=True)
class OtherTraitsEdited:
    """The first given name, coherent with the list, or the names in use."""

    traits: Traits


@dataclass(frozen=True, slots=True)
class EvidenceRevoked:
    """The check of the document was a mistake."""


@dataclass(frozen=True, slots=True)
class AttributeSet:
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class AttributeRemoved:
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class ApplicationShown:
    """The carte Vitale application of a person who is present: qualified traits, without a call to INSi."""

    ins: Ins
    traits: Traits
    day: date


@dataclass(frozen=True, slots=True)
class Replaced:
    """A merge kept another identity of the same person."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The merge is undone."""


Event = (
    Created
    | InsiAccepted
    | DocumentChecked
    | DocumentDiffers
    | VerificationFailed
    | StrictTraitsEdited
    | OtherTraitsEdited
    | EvidenceRevoked
    | AttributeSet
    | AttributeRemoved
    | ApplicationShown
    | Replaced
    | Restored
)

_S = Status
ALLOWED_FROM: Final[Mapping[type[Event], tuple[Status, ...]]] = {
    InsiAccepted: tuple(_S),
    DocumentChecked: tuple(_S),
    DocumentDiffers: (_S.RECOVERED,),
    VerificationFailed: (_S.RECOVERED, _S.QUALIFIED),
    StrictTraitsEdited: tuple(_S),
    OtherTraitsEdited: tuple(_S),
    EvidenceRevoked: (_S.VALIDATED, _S.QUALIFIED),
    AttributeSet: tuple(_S),
    AttributeRemoved: tuple(_S),
    ApplicationShown: tuple(_S),
    Replaced: tuple(_S),
    Restored: tuple(_S),
}
"""The statuses in which each event has a meaning; `Created` comes before any."""


# -- Transitions -----------------------------------------------------------------------------------------------------


def apply(state: State | None, event: Event, documents: Mapping[str, Document] = DOCUMENTS) -> State | Fault:
    """The state after an event; the fault, with its rule, when the event is refused. `None` is before the creation;
    `documents` are those that the place accepts."""
    if isinstance(event, Created):
        return _created(state, event)
    if state is None:
        return fault(NOT_CREATED, type(event).__name__)
    if state.is_replaced is not isinstance(event, Restored):
        return _out_of_place(state, event)
    if state.status not in ALLOWED_FROM[type(event)]:
        return _out_of_place(state, event)
    return _moved(state, event, documents)


def _out_of_place(state: State, event: Event) -> Fault:
    if state.is_replaced:
        return fault(REPLACED, type(event).__name__)
    accepted = "DESA" if isinstance(event, Restored) else ", ".join(ALLOWED_FROM[type(event)])
    return fault(TRANSITION, type(event).__name__, status=state.status.value, accepted=accepted)


def _created(state: State | None, event: Created) -> State | Fault:
    if state is not None:
        return fault(EXISTS, state.status.value)
    return State(event.traits) if event.searched else fault(ANTERIORITY)


def _moved(state: State, event: Event, documents: Mapping[str, Document]) -> State | Fault:
    match event:
        case InsiAccepted():
            return _recovered(state, event)
        case DocumentChecked():
            return _checked(state, event, documents)
        case DocumentDiffers():
            return _known_document(event.document, documents) or _without_number(state)
        case VerificationFailed():
            return _without_number(state)
        case StrictTraitsEdited():
            return _corrected(state, event.traits)
        case OtherTraitsEdited():
            return _edited(state, event.traits)
        case EvidenceRevoked():
            return replace(state, check=None)
        case AttributeSet():
            return _marked(state, event.attribute)
        case AttributeRemoved():
            return _unmarked(state, event.attribute)
        case ApplicationShown():
            return _qualified_by_application(state, event, documents)
    return replace(state, is_replaced=isinstance(event, Replaced))


def _recovered(state: State, event: InsiAccepted) -> State | Fault:
    """Again for an identity that INSi has already given: its answer replaces the one before."""
    for wrong in (check_attributes_sendable(state.attributes), *_incomplete(event.traits)):
        if wrong is not None:
            return wrong
    emptied = _without_number(state)
    former = _without_repeats((*emptied.former, *event.former), event.ins)
    recovery = Recovery(event.ins, event.day, event.channel)
    return replace(emptied, traits=event.traits, recovery=recovery, former=former)


def _checked(state: State, event: DocumentChecked, documents: Mapping[str, Document]) -> State | Fault:
    """Again for an identity already checked: the newer document is the one kept."""
    wrong = check_attributes_sendable(state.attributes) or _known_document(event.document, documents)
    return wrong or replace(state, check=Check(event.document, event.day))


def _qualified_by_application(
    state: State, event: ApplicationShown, documents: Mapping[str, Document]
) -> State | Fault:
    answer = InsiAccepted(event.ins, event.traits, event.day, channel=Channel.APPLICATION)
    wrong = _known_document(APPLICATION, documents)
    recovered = wrong or _recovered(state, answer)
    if isinstance(recovered, Fault):
        return recovered
    return replace(recovered, check=Check(APPLICATION, event.day))


def _corrected(state: State, traits: Traits) -> State | Fault:
    """What INSi certified is no longer what is held; the document that was checked still is."""
    if traits.strict == state.traits.strict:
        return _edited(state, traits)
    return _incoherent(traits) or replace(_without_number(state), traits=traits)


def _edited(state: State, traits: Traits) -> State | Fault:
    changed = strict_changes(state.traits, traits)
    if changed:
        return fault(STRICT_TRAIT, ", ".join(changed))
    return _incoherent(traits) or replace(state, traits=traits)


def strict_changes(before: Traits, after: Traits) -> tuple[str, ...]:
    """The strict traits that an edit would change: with any, it is `StrictTraitsEdited` and the operator is warned."""
    return tuple(name for name in STRICT if getattr(after, name) != getattr(before, name))


def _incoherent(traits: Traits) -> Fault | None:
    return check_first(traits.first_given_name, traits.given_names) if traits.given_names else None


def _marked(state: State, attribute: Attribute) -> State | Fault:
    """A blocking attribute takes away what was recovered and what was checked (EXI ID 26)."""
    wrong = check_attributes(state.attributes | {attribute})
    if wrong is not None:
        return wrong
    emptied = replace(_without_number(state), check=None) if attribute in BLOCKING else state
    return replace(emptied, attributes=state.attributes | {attribute})


def _unmarked(state: State, attribute: Attribute) -> State | Fault:
    if attribute not in state.attributes:
        return fault(ATTRIBUTE_ABSENT, attribute.value)
    return replace(state, attributes=state.attributes - {attribute})


def _without_number(state: State) -> State:
    if state.ins is None:
        return state
    return replace(state, recovery=None, former=_without_repeats((*state.former, state.ins)))


def _without_repeats(numbers: tuple[Ins, ...], active: Ins | None = None) -> tuple[Ins, ...]:
    return tuple(number for number in dict.fromkeys(numbers) if number != active)


def _known_document(code: str, documents: Mapping[str, Document]) -> Fault | None:
    return None if code in documents else fault(DOCUMENT, code, accepted=", ".join(documents))


def _incomplete(traits: Traits) -> tuple[Fault, ...]:
    missing = [name for name in ("birth_name", "given_names") if not getattr(traits, name)]
    if traits.sex not in KNOWN_SEXES:
        missing.append("sex")
    return tuple(fault(INSI_TRAITS, name) for name in missing)
