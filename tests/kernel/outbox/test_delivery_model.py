"""Any history of acts, failures, crashes, delays and operators, against a model that is a list for each lane."""

import asyncio
import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox.faults import TOO_LATE
from socle.kernel.outbox.heard import Handler, Heard
from socle.kernel.outbox.operate import retry, set_aside, take_back
from socle.kernel.outbox.queries import Held, Wanted, held
from socle.kernel.outbox.settings import OutboxSettings
from socle.kernel.outbox.states import State
from socle.kernel.outbox.worker import Rounds
from tests.support.outbox import Stopped, announced, heard, listener, prepare, settled, states, writes_down

LANES = ("a", "b", "c")
LISTENERS = ("steady", "moody")
TRIES = 3
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("announce"), st.sampled_from(LANES), st.integers(1, 4)),
        st.tuples(st.just("look")),
        st.tuples(st.just("serve"), st.sampled_from(LISTENERS)),
        st.tuples(st.just("crash"), st.integers(1, 6)),
        st.tuples(st.just("sicken"), st.sets(st.integers(0, 2), max_size=2)),
        st.tuples(st.just("wait"), st.sampled_from([0.5, 1, 5, 100])),
        st.tuples(st.just("retry"), st.integers(0, 3)),
        st.tuples(st.just("set aside"), st.integers(0, 3)),
        st.tuples(st.just("take back"), st.integers(0, 3)),
        st.tuples(st.just("settle")),
    ),
    min_size=10,
    max_size=40,
)


class Killed(BaseException):
    """What a process that dies does to the unit that it is in."""


@dataclass
class House:
    """`lanes` is the model: what was announced, in order. `lost` holds (listener, lane, number) set aside."""

    db: Database
    rounds: Rounds
    clock: Stopped
    lanes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lost: set[tuple[str, str, int]] = field(default_factory=set)
    sick: set[int] = field(default_factory=lambda: {1})
    dies_after: int = 0
    number: int = 0

    def __post_init__(self) -> None:
        self.listeners = {name: listener(name, self.moody(name)) for name in LISTENERS}

    def moody(self, name: str) -> Handler:
        write = writes_down(name)

        def hear(unit: Unit, event: Heard) -> None:
            write(unit, event)
            if self.dies_after:
                self.dies_after -= 1
                if not self.dies_after:
                    raise Killed
            if name == "moody" and event.data["number"] % 3 in self.sick:
                raise ValueError

        return hear

    async def does(self, step: tuple[object, ...]) -> None:
        match step:
            case ("announce", str(lane), int(count)):
                numbers = range(self.number, self.number + count)
                self.number += count
                self.lanes[lane] += numbers
                await asyncio.to_thread(announced, self.db, lane, *numbers)
            case ("look",):
                await self.rounds.look()
            case ("serve", str(name)):
                await self.rounds.serve(self.listeners[name])
            case ("crash", int(after)):
                await self.killed(after)
            case ("sicken", set(numbers)):
                self.sick = numbers
            case ("wait", seconds):
                self.clock.pass_by(float(str(seconds)))
            case ("settle",):
                await settled(self.rounds, list(self.listeners.values()))
            case ("take back", int(choice)):
                await asyncio.to_thread(self.taken_back, choice)
            case (act, int(choice)):
                await asyncio.to_thread(self.operated, act, choice)

    async def killed(self, after: int) -> None:
        self.dies_after = after
        with suppress(Killed):
            await self.rounds.serve(self.listeners["steady"])
        self.dies_after = 0

    def operated(self, act: object, choice: int) -> None:
        with self.db.reading() as session:
            shown = held(session) + held(session, Wanted(State.WAITING))
        if choice >= len(shown):
            return
        one = shown[choice]
        with self.db.unit() as unit:
            if act == "retry":
                retry(unit, BY_SYSTEM, one.listener, one.sequence)
                return
            lost = self.named(unit, one)
            set_aside(unit, BY_SYSTEM, one.listener, one.sequence, "model")
        self.lost.add(lost)

    def taken_back(self, choice: int) -> None:
        """What was set aside comes back, unless its lane has gone on: the order is looked at after each step."""
        with self.db.reading() as session:
            shown = held(session, Wanted(State.SET_ASIDE))
        if choice >= len(shown):
            return
        one = shown[choice]
        try:
            with self.db.unit() as unit:
                found = self.named(unit, one)
                take_back(unit, BY_SYSTEM, one.listener, one.sequence)
        except SocleError as refusal:
            if refusal.kind is not TOO_LATE:
                raise
        else:
            self.lost.discard(found)

    @staticmethod
    def named(session: Session, one: Held) -> tuple[str, str, int]:
        ((document,),) = session.fetch("SELECT document FROM outbox_event WHERE sequence = ?1", one.sequence)
        return one.listener, one.lane, json.loads(bytes(document))["data"]["number"]

    def check(self, *, ended: bool) -> None:
        """Each lane is heard in order, once, without a gap but for what was set aside; all of it at the end."""
        for name in LISTENERS:
            told: dict[str, list[int]] = defaultdict(list)
            for lane, number in heard(self.db, name):
                told[lane].append(number)
            for lane, announced_there in self.lanes.items():
                expected = [one for one in announced_there if (name, lane, one) not in self.lost]
                assert told[lane] == (expected if ended else expected[: len(told[lane])])


@pytest.fixture
def prepared(database: Database) -> Database:
    prepare(database)
    return database


@given(steps=STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_history_is_heard_once_and_in_order(
    prepared: Database, steps: list[tuple[object, ...]]
) -> None:
    async def lived() -> None:
        await prepared.open()
        clock = Stopped()
        house = House(prepared, Rounds(prepared, [], OutboxSettings()), clock)
        house.rounds = Rounds(prepared, list(house.listeners.values()), OutboxSettings(tries=TRIES), clock)
        try:
            for step in steps:
                await house.does(step)
                await asyncio.to_thread(house.check, ended=False)
            await healed(house)
        finally:
            await prepared.aclose()

    empty(prepared)
    asyncio.run(lived())
    assert all(state == State.SET_ASIDE for _, _, state, _ in states(prepared))


async def healed(house: House) -> None:
    """The listener is well again, an operator tries everything that is held, and nothing is left."""
    house.sick = set()
    await settled(house.rounds, list(house.listeners.values()))
    for _ in LANES:
        await asyncio.to_thread(house.operated, "retry", 0)
        await settled(house.rounds, list(house.listeners.values()))
    await asyncio.to_thread(house.check, ended=True)


def empty(db: Database) -> None:
    with db.unit() as unit:
        for table in ("outbox_inbox", "outbox_event", "outbox_delivery", "test_heard"):
            unit.execute(f"DELETE FROM {table}")
