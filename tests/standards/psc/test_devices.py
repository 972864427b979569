"""The life of an e-CPS: a model of what may happen to it, in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from socle.standards.psc.devices import PAIRING_SECONDS, WRONG_PINS, Device, State, Step, step

SECOND = 1_000_000
YEAR = 365 * 86_400 * SECOND


def test_the_pairing_code_is_good_for_ninety_seconds() -> None:
    waiting = Device(State.PENDING, PAIRING_SECONDS * SECOND)
    paired = step(waiting, Step.ACTIVATE, waiting.until - 1, until=YEAR)
    assert paired == Device(State.ACTIVE, YEAR)
    assert step(waiting, Step.ACTIVATE, waiting.until, until=YEAR) is None
    assert step(waiting, Step.ACTIVATE, 0, until=0) is None
    assert waiting.at(waiting.until).state is State.EXPIRED
    assert paired.at(YEAR).state is State.EXPIRED


def test_a_right_pin_forgets_the_wrong_ones() -> None:
    device: Device | None = Device(State.ACTIVE, YEAR)
    for taken in (*[Step.WRONG_PIN] * (WRONG_PINS - 1), Step.RIGHT_PIN, *[Step.WRONG_PIN] * (WRONG_PINS - 1)):
        assert device is not None
        device = step(device, taken, 0)
    assert device == Device(State.ACTIVE, YEAR, WRONG_PINS - 1)
    assert step(device, Step.WRONG_PIN, 0) == Device(State.SUSPENDED, YEAR, WRONG_PINS)


class Devices(RuleBasedStateMachine):
    """Its holder, a thief, an operator and the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.device = Device(State.PENDING, PAIRING_SECONDS * SECOND)
        self.seen = [State.PENDING]
        self.wrong = 0

    @rule(seconds=st.integers(0, 60) | st.just(YEAR // SECOND))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND
        self._reach(self.device.at(self.now))

    @rule(taken=st.sampled_from(Step))
    def take(self, taken: Step) -> None:
        before = self.device.at(self.now).state
        after = step(self.device, taken, self.now, until=self.now + YEAR)
        possible = {
            Step.DELETE: before is not State.DELETED,
            Step.ACTIVATE: before is State.PENDING,
        }.get(taken, before is State.ACTIVE)
        assert (after is not None) is possible
        if after is not None:
            self.wrong = self.wrong + 1 if taken is Step.WRONG_PIN else 0
            self._reach(after)

    @invariant()
    def what_has_ended_does_not_come_back(self) -> None:
        ended = [state for state in self.seen if state in (State.SUSPENDED, State.EXPIRED, State.DELETED)]
        assert not ended or State.ACTIVE not in self.seen[self.seen.index(ended[0]) :]
        assert State.DELETED not in self.seen[:-1]

    @invariant()
    def too_many_wrong_pins_end_it(self) -> None:
        assert self.device.state is not State.ACTIVE or self.wrong < WRONG_PINS

    def _reach(self, device: Device) -> None:
        self.device = device
        if self.seen[-1] is not device.state:
            self.seen.append(device.state)


TestDevices = Devices.TestCase
