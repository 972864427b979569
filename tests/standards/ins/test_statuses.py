"""Statuses and attributes: computed from evidence, combined as the rules say; documents by their code."""

from itertools import combinations

import pytest

from socle.standards.ins.evidence import DOCUMENTS, Channel, document_of
from socle.standards.ins.faults import Refused
from socle.standards.ins.statuses import (
    Attribute,
    Status,
    check_attributes,
    check_attributes_sendable,
    status_of,
)

LEGAL = [
    set(),
    {Attribute.HOMONYM},
    {Attribute.DOUBTFUL},
    {Attribute.FICTITIOUS},
    {Attribute.HOMONYM, Attribute.DOUBTFUL},
]


@pytest.mark.parametrize(
    ("recovered", "checked", "status"),
    [(False, False, "PROV"), (True, False, "RECUP"), (False, True, "VALI"), (True, True, "QUAL")],
)
def test_a_status_follows_from_the_two_axes(recovered: bool, checked: bool, status: str) -> None:
    assert status_of(recovered=recovered, checked=checked) is Status(status)


def test_doubtful_and_homonym_is_the_only_combination() -> None:
    every = [set(chosen) for size in range(4) for chosen in combinations(Attribute, size)]
    assert [chosen for chosen in every if check_attributes(chosen) is None] == LEGAL
    refused = check_attributes({Attribute.FICTITIOUS, Attribute.DOUBTFUL})
    assert refused is not None
    assert "DOUT, FICT" in refused.sentence()


def test_doubtful_and_fictitious_identities_are_not_sent() -> None:
    assert [check_attributes_sendable(chosen) is None for chosen in LEGAL] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_document_is_known_by_its_code_and_a_place_may_accept_fewer() -> None:
    assert document_of("PA").fr == "Passeport"
    assert len(DOCUMENTS) == 11
    with pytest.raises(Refused) as refused:
        document_of("PA", {"CN": DOCUMENTS["CN"]})
    assert refused.value.sentence("en").endswith("accepted: CN.")
    with pytest.raises(Refused):
        document_of("driving-licence")


def test_the_collection_channels_of_fr_core() -> None:
    assert {channel.value for channel in Channel} == {"SM", "CV", "INSI", "CB", "RFID", "AV"}
