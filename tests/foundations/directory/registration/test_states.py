"""The life of a registration as a machine: what may follow what, and that time always ends what nobody attends to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from socle.foundations.directory.registration.states import (
    FINAL,
    FOR_EMPLOYER,
    FOR_PERSON,
    HELD,
    OPEN,
    Delays,
    State,
    Step,
    after_correction,
    is_late,
    leads,
    why_late,
)

DELAYS = Delays(confirm=7, decide=30, correct=15)
MONDAY = date(2026, 11, 23)


def test_the_states_are_sorted_once() -> None:
    assert set(State) == OPEN | HELD | FINAL
    assert not OPEN & HELD
    assert not (OPEN | HELD) & FINAL
    assert FOR_EMPLOYER | FOR_PERSON == OPEN


def test_only_a_refusal_can_be_undone_once_it_is_over() -> None:
    ways = {(state, step): to for state in FINAL for step in Step if (to := leads(state, step))}
    assert ways == {(State.REFUSED, Step.REOPEN): State.CONFIRMED}


@pytest.mark.parametrize("state", sorted(OPEN))
def test_what_is_open_waits_until_a_day_and_no_longer(state: State) -> None:
    due = DELAYS.due(state, MONDAY)
    assert due is not None
    assert not is_late(state, due, due)
    assert is_late(state, due, due + timedelta(days=1))
    assert leads(state, Step.EXPIRE) is State.ABANDONED
    assert why_late(state)


@pytest.mark.parametrize("state", sorted(HELD | FINAL))
def test_what_is_decided_is_never_late(state: State) -> None:
    assert DELAYS.due(state, MONDAY) is None
    assert not is_late(state, MONDAY, MONDAY + timedelta(days=999))


@given(address_kept=st.booleans(), identity_kept=st.booleans())
def test_a_correction_takes_back_what_it_changes(*, address_kept: bool, identity_kept: bool) -> None:
    to = after_correction(address_kept=address_kept, identity_kept=identity_kept)
    assert to in OPEN - {State.TO_CORRECT}
    assert (to is State.DECLARED) is not address_kept
    assert to is not State.IDENTIFIED or identity_kept


class Life(RuleBasedStateMachine):
    """A registration to which anything happens that its state allows, while days go by."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.today, self.since = State.DECLARED, MONDAY, MONDAY
        self.passed = [State.DECLARED]

    @rule(step=st.sampled_from(sorted(set(Step) - {Step.EXPIRE, Step.CORRECT})))
    def take(self, step: Step) -> None:
        if (to := leads(self.state, step)) is not None:
            self._enter(to)

    @precondition(lambda self: self.state in FOR_PERSON)
    @rule(address_kept=st.booleans(), identity_kept=st.booleans())
    def correct(self, *, address_kept: bool, identity_kept: bool) -> None:
        seen = State.IDENTIFIED in self.passed
        confirmed = State.CONFIRMED in self.passed and self.state is State.TO_CORRECT
        kept = identity_kept and seen
        self._enter(after_correction(address_kept=address_kept and confirmed, identity_kept=kept))

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        if is_late(self.state, DELAYS.due(self.state, self.since), self.today):
            to = leads(self.state, Step.EXPIRE)
            assert to is State.ABANDONED
            self._enter(to)

    def _enter(self, state: State) -> None:
        self.state, self.since = state, self.today
        self.passed.append(state)

    @invariant()
    def nothing_is_shown_unseen(self) -> None:
        """What is held was confirmed by the person, then its identity was verified, then the employer said yes."""
        if self.state in HELD:
            order = [self.passed.index(one) for one in (State.CONFIRMED, State.IDENTIFIED, State.VALIDATED)]
            assert order == sorted(order)

    @invariant()
    def nothing_waits_for_ever(self) -> None:
        due = DELAYS.due(self.state, self.since)
        assert (due is None) is (self.state not in OPEN)
        assert due is None or self.today <= due


TestLife = Life.TestCase
