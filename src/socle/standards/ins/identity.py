"""An identity as it travels, and the one rule on what of it may be given out.

Source: Guide INS EXI ID 29, RNIV EXI SI 08, EXI DIF 02: the number leaves only with a qualified identity, always with
its OID and its traits. Every writer of this package takes a `Carried`, which cannot hold a number otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from socle.standards.ins.authorities import AUTHORITIES, COMPUTED, NIA, Authority
from socle.standards.ins.evidence import Channel
from socle.standards.ins.faults import (
    CARRIED_MISSING,
    NOT_QUALIFIED,
    NUMBER_ABSENT,
    NUMBER_DROPPED,
    OLDER_SENDER,
    SEVERAL_NUMBERS,
    STATUS_FORCED,
    STATUS_UNKNOWN,
    Fault,
    Refused,
    fault,
    refuse,
)
from socle.standards.ins.matricule import Ins, KeyRule, parse
from socle.standards.ins.statuses import BLOCKING, Attribute, Status, check_attributes
from socle.standards.ins.traits import KNOWN_SEXES, Traits
from socle.standards.ins.transitions import State


@dataclass(frozen=True, slots=True)
class LocalId:
    """The number that an establishment gave to a patient (IPP). `authority` is the OID of who gives it, `namespace` its
    short name in HL7 v2; `is_old` for the number of an identity that a merge replaced."""

    value: str
    authority: str
    namespace: str = ""
    is_old: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Carried:
    """`status` is None where the form does not tell any. `lunar` dates stay home: of an incomplete birth date only the
    mark travels (`is_date_uncertain`)."""

    traits: Traits
    status: Status | None = None
    ins: Ins | None = None
    attributes: frozenset[Attribute] = frozenset()
    local_ids: tuple[LocalId, ...] = ()
    channel: Channel | None = None
    recovered_on: date | None = None
    document: str = ""
    checked_on: date | None = None
    is_active: bool = True
    is_date_uncertain: bool = False

    def __post_init__(self) -> None:
        """Raises Refused (NOT_QUALIFIED): a number never travels with another status."""
        if self.ins is not None and self.status is not Status.QUALIFIED:
            raise refuse(NOT_QUALIFIED, None if self.status is None else self.status.value)


class Received(NamedTuple):
    """An identity that was read, and what its sender did otherwise than the specification of today asks."""

    identity: Carried
    warnings: tuple[Fault, ...] = ()


def exposed(state: State) -> Ins | None:
    """The number, when it may be given out: the identity is qualified, and no merge has replaced it."""
    return state.ins if state.status is Status.QUALIFIED and not state.is_replaced else None


def carried(state: State, local_ids: Sequence[LocalId] = ()) -> Carried:
    """What others may receive of an identity. One that a merge replaced travels as provisional and not active."""
    return Carried(
        replace(state.traits, lunar=""),
        Status.PROVISIONAL if state.is_replaced else state.status,
        exposed(state),
        state.attributes,
        tuple(local_ids),
        None if state.recovery is None else state.recovery.channel,
        None if state.recovery is None else state.recovery.day,
        "" if state.check is None else state.check.document,
        None if state.check is None else state.check.day,
        not state.is_replaced,
        state.traits.has_uncertain_date,
    )


# -- What every form shares ----------------------------------------------------------------------------------------


_REPLACED_CODES: Final = frozenset(("DESA",))
# FR Core 2.2 fr-core-cs-identity-status-comment, the codes of doubles and collisions among them.
_COMMENTS: Final = frozenset(
    "VIDE DOUB DESA DPOT DOUA COLP COLV FILI CACH ANOM IDVER RECD IDRA USUR HOMD INVA HOMA FICT DOUT".split()
)
_HOMONYM_CODES: Final = {"HOMD": Attribute.HOMONYM}


def comments(identity: Carried) -> list[str]:
    """The codes that stand beside the status: attributes, and that a merge replaced the identity (FR Core, RNIV)."""
    return sorted(attribute.value for attribute in identity.attributes) + (
        [] if identity.is_active else ["DOUA", "DESA"]
    )


def read_number(
    found: Iterable[tuple[str, str]], accepted: Collection[Authority], key_rule: KeyRule
) -> tuple[Ins | None, tuple[Fault, ...]]:
    """The number among (value, OID) pairs of identifiers; those of other authorities and the obsolete INS-C are left.

    Raises Refused: not accepted, wrong, or several that are not one NIR with its NIA.
    """
    numbers: dict[Ins, tuple[Fault, ...]] = {}
    for value, oid in found:
        authority = AUTHORITIES.get(oid)
        if authority is not None and authority is not COMPUTED:
            number, warnings = parse(value, oid, accepted=accepted, key_rule=key_rule)
            numbers[number] = warnings
    if len(numbers) == 2:
        numbers = {number: doubts for number, doubts in numbers.items() if number.authority is not NIA}
    if len(numbers) > 1:
        raise refuse(SEVERAL_NUMBERS, ", ".join(sorted(number.authority.code for number in numbers)))
    return next(iter(numbers.items()), (None, ()))


class Claim(NamedTuple):
    """What the codes of a message say: its status, its attributes, whether the identity is in force."""

    status: Status | None
    attributes: frozenset[Attribute]
    is_active: bool
    warnings: tuple[Fault, ...]


def read_codes(codes: Collection[str]) -> Claim:
    """Codes of status and of comment, together as older forms have them. Raises Refused when they do not combine."""
    attributes = frozenset(
        _HOMONYM_CODES.get(code) or Attribute(code) for code in codes if code in {*Attribute, *_HOMONYM_CODES}
    )
    wrong = check_attributes(attributes)
    if wrong is not None:
        raise Refused(wrong)
    told = [code for code in codes if code in set(Status)]
    unknown = [code for code in codes if code not in _COMMENTS and code not in set(Status)]
    warnings = tuple(fault(STATUS_UNKNOWN, code, accepted=", ".join(Status)) for code in unknown)
    return Claim(Status(told[0]) if told else None, attributes, _REPLACED_CODES.isdisjoint(codes), warnings)


def settled(identity: Carried, number: Ins | None) -> Received:
    """An identity that was read, given its number if its status, as told, allows it: the rules that senders break.

    Where the form tells no status, a number says that the identity is qualified, since no other gives one out. Raises
    Refused (CARRIED_MISSING): a number to keep comes without the list of given names, or without the sex.
    """
    status, attributes = identity.status, identity.attributes
    warnings: tuple[Fault, ...] = ()
    if BLOCKING & attributes and status not in (None, Status.PROVISIONAL):
        warnings, status = (fault(STATUS_FORCED, status.value if status else None),), Status.PROVISIONAL
    if number is None:
        if status is Status.QUALIFIED:
            warnings, status = (*warnings, fault(NUMBER_ABSENT, status.value)), Status.VALIDATED
        return Received(replace(identity, status=status), warnings)
    if BLOCKING & attributes or not identity.is_active or status in (Status.PROVISIONAL, Status.RECOVERED):
        dropped = fault(NUMBER_DROPPED, None if status is None else status.value)
        return Received(replace(identity, status=status or Status.PROVISIONAL), (*warnings, dropped))
    told = {"given_names": bool(identity.traits.given_names), "sex": identity.traits.sex in KNOWN_SEXES}
    missing = [name for name, is_told in told.items() if not is_told]
    if missing:
        raise refuse(CARRIED_MISSING, ", ".join(missing))
    if status is Status.VALIDATED:
        warnings = (fault(OLDER_SENDER, status.value),)
    return Received(replace(identity, status=Status.QUALIFIED, ins=number), warnings)
