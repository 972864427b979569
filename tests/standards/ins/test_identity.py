"""What may be given out of an identity: the number, only when it is qualified and in force."""

from dataclasses import replace
from datetime import date

import pytest

from socle.standards.ins.authorities import NIR
from socle.standards.ins.evidence import Channel
from socle.standards.ins.faults import Refused
from socle.standards.ins.identity import Carried, LocalId, carried, exposed, settled
from socle.standards.ins.matricule import ins
from socle.standards.ins.statuses import Attribute, Status
from socle.standards.ins.transitions import Check, Recovery, State
from tests.standards.ins.people import PIERRE_ALAIN

DAY = date(2026, 11, 22)
NUMBER = ins("1090763220834", NIR)
QUALIFIED = State(PIERRE_ALAIN, Recovery(NUMBER, DAY), Check("PA", DAY), frozenset({Attribute.HOMONYM}))


@pytest.mark.parametrize(
    ("state", "given_out"),
    [
        (QUALIFIED, NUMBER),
        (replace(QUALIFIED, check=None), None),
        (replace(QUALIFIED, recovery=None), None),
        (State(PIERRE_ALAIN), None),
        (replace(QUALIFIED, is_replaced=True), None),
    ],
    ids=["qualified", "recovered", "validated", "provisional", "replaced"],
)
def test_only_a_qualified_identity_gives_out_its_number(state: State, given_out: object) -> None:
    assert exposed(state) == given_out
    assert carried(state).ins == given_out


def test_what_travels_tells_where_it_comes_from() -> None:
    local = LocalId("1234", "1.2.3")
    travels = carried(replace(QUALIFIED, traits=replace(PIERRE_ALAIN, lunar="2009-07-00")), [local])
    assert (travels.status, travels.attributes, travels.local_ids) == (
        Status.QUALIFIED,
        QUALIFIED.attributes,
        (local,),
    )
    assert (travels.channel, travels.recovered_on) == (Channel.INSI, DAY)
    assert (travels.document, travels.checked_on) == ("PA", DAY)
    assert travels.is_date_uncertain


def test_a_replaced_identity_travels_as_provisional_and_not_active() -> None:
    travels = carried(replace(QUALIFIED, is_replaced=True))
    assert (travels.status, travels.is_active) == (Status.PROVISIONAL, False)


@pytest.mark.parametrize("status", [None, Status.PROVISIONAL, Status.RECOVERED, Status.VALIDATED])
def test_nothing_that_travels_can_hold_the_number_otherwise(status: Status | None) -> None:
    with pytest.raises(Refused) as refused:
        Carried(PIERRE_ALAIN, status, NUMBER)
    assert refused.value.code == "ins-not-qualified"


def test_a_person_whose_given_name_is_the_letter_of_a_sex_keeps_the_number() -> None:
    person = Carried(replace(PIERRE_ALAIN, given_names="I", first_given_name="I"))
    assert settled(person, NUMBER).identity.ins == NUMBER
