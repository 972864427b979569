"""Statuses and attributes of an identity: what they are computed from, and which go together.

Sources: RNIV EXI SI 07 and EXI SI 09, Guide INS EXI ID 24 and EXI ID 26; codes of FR Core 2.2
(`fr-core-cs-identity-status`, `fr-core-cs-identity-status-comment`). A status is never chosen: it follows from two
independent facts, whether INSi gave the identity and whether a document of high confidence was checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from enum import StrEnum
from typing import Final

from socle.standards.ins.faults import ATTRIBUTES, BLOCKED, Fault, fault


class Status(StrEnum):
    PROVISIONAL = "PROV"
    RECOVERED = "RECUP"
    VALIDATED = "VALI"
    QUALIFIED = "QUAL"


class Attribute(StrEnum):
    """`HOMONYM`: another identity is near. `DOUBTFUL`: who this is is not sure. `FICTITIOUS`: nobody, or somebody under
    anonymity."""

    HOMONYM = "HOMA"
    DOUBTFUL = "DOUT"
    FICTITIOUS = "FICT"


BLOCKING: Final = frozenset((Attribute.DOUBTFUL, Attribute.FICTITIOUS))
"""Those that force the status PROV, take the number away and keep INSi from being called."""


def status_of(*, recovered: bool, checked: bool) -> Status:
    """From the two axes of RNIV EXI SI 07: given by INSi, coherent with a document of high confidence."""
    if recovered:
        return Status.QUALIFIED if checked else Status.RECOVERED
    return Status.VALIDATED if checked else Status.PROVISIONAL


def check_attributes(attributes: Set[Attribute]) -> Fault | None:
    """Why attributes do not go together; None when they do. Fictitious combines with nothing."""
    if Attribute.FICTITIOUS in attributes and len(attributes) > 1:
        return fault(ATTRIBUTES, _named(attributes))
    return None


def check_attributes_sendable(attributes: Set[Attribute]) -> Fault | None:
    """Why INSi is not asked, nor a document checked, about an identity with these attributes; None when it may be."""
    blocking = BLOCKING & attributes
    return fault(BLOCKED, _named(blocking)) if blocking else None


def _named(attributes: Iterable[Attribute]) -> str:
    return ", ".join(sorted(attributes))
