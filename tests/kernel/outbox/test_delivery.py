"""From an act to its listeners: order, failures, parking, and what operators do about it."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from socle.kernel.access import AUDITOR, OPERATOR, Refused
from socle.kernel.actors import BY_SYSTEM, Acting, Assurance
from socle.kernel.db import Database, Row, Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import Event
from socle.kernel.outbox.faults import DELIVERY_UNKNOWN, NOT_HELD, REASON_MISSING, TOO_LATE
from socle.kernel.outbox.heard import Heard
from socle.kernel.outbox.operate import purge, retry, set_aside, take_back
from socle.kernel.outbox.queries import Wanted, count_held, delivery, figures, held, names_held
from socle.kernel.outbox.states import State
from socle.kernel.work import emit
from tests.support.acting import agent
from tests.support.inbox import facts_in_inbox
from tests.support.outbox import (
    COUNTED,
    FORGOTTEN,
    Stopped,
    announce,
    announced,
    heard,
    listener,
    prepare,
    states,
    worked,
    writes_down,
)


@pytest.fixture
def db(database: Database) -> Database:
    prepare(database)
    return database


class Sick:
    """A listener that cannot bear some numbers, until it is healed."""

    def __init__(self, *poison: int) -> None:
        self.poison = set(poison)
        self.write = writes_down("sick")

    def __call__(self, unit: Unit, event: Heard) -> None:
        self.write(unit, event)
        if event.data["number"] in self.poison:
            raise ValueError(event.data["number"])


def test_each_listener_hears_what_it_listens_to_once_and_in_order(db: Database) -> None:
    announced(db, "a", 1, 2)
    announced(db, "b", 3)
    with db.unit() as unit:
        emit(unit, Event(FORGOTTEN, "a", {"number": 9}))
    worked(db, [listener("first"), listener("second")])
    worked(db, [listener("first"), listener("second")])
    expected = [("a", 1), ("a", 2), ("b", 3)]
    assert heard(db, "first") == heard(db, "second") == expected
    assert states(db) == []


def test_what_is_rolled_back_is_announced_to_nobody(db: Database) -> None:
    def broken() -> None:
        with db.unit() as unit:
            announce(unit, "a", 1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        broken()
    worked(db, [listener("first")])
    assert heard(db, "first") == []


def test_a_listener_may_announce_in_the_unit_in_which_it_hears(db: Database) -> None:
    def relay(unit: Unit, event: Heard) -> None:
        if event.lane == "a":
            announce(unit, "b", event.data["number"] + 10)

    announced(db, "a", 1, 2)
    worked(db, [listener("relay", relay), listener("end")])
    assert heard(db, "end") == [("a", 1), ("a", 2), ("b", 11), ("b", 12)]


def test_a_poison_event_holds_its_lane_and_nothing_else(db: Database) -> None:
    announced(db, "a", 1, 2, 3)
    announced(db, "b", 4)
    listeners = [listener("sick", Sick(2)), listener("well")]
    worked(db, listeners)
    announced(db, "a", 5)
    announced(db, "b", 6)
    worked(db, listeners)
    assert heard(db, "sick") == [("a", 1), ("b", 4), ("b", 6)]
    assert heard(db, "well") == [("a", 1), ("a", 2), ("a", 3), ("b", 4), ("a", 5), ("b", 6)]
    assert states(db) == [
        ("sick", 2, State.WAITING, 1),
        ("sick", 3, State.BEHIND, 0),
        ("sick", 5, State.BEHIND, 0),
    ]


def test_a_failure_is_tried_again_after_growing_delays_then_parked(db: Database) -> None:
    clock, sick = Stopped(), Sick(1)
    announced(db, "a", 1, 2)
    for delay in (1, 4, 16):
        worked(db, [listener("sick", sick)], clock, tries=4)
        clock.pass_by(delay - 0.001)
        before = states(db)
        worked(db, [listener("sick", sick)], clock, tries=4)
        assert states(db) == before
        clock.pass_by(0.001)
    worked(db, [listener("sick", sick)], clock, tries=4)
    assert states(db) == [("sick", 1, State.PARKED, 4), ("sick", 2, State.BEHIND, 0)]
    clock.pass_by(1e6)
    worked(db, [listener("sick", sick)], clock, tries=4)
    assert states(db)[0] == ("sick", 1, State.PARKED, 4)
    assert heard(db, "sick") == []


def test_what_is_parked_is_shown_without_what_it_says(db: Database) -> None:
    announced(db, "a", 1, 2, 3)
    worked(db, [listener("sick", Sick(1))], tries=1)
    with db.reading() as session:
        (parked,) = held(session)
    assert (parked.listener, parked.sequence, parked.lane, parked.kind) == ("sick", 1, "a", COUNTED.code)
    assert (parked.tries, parked.behind) == (1, 2)
    assert parked.last_error.startswith("ValueError, __call__:")


def test_an_operator_tries_a_parked_lane_again(db: Database) -> None:
    announced(db, "a", 1, 2)
    sick = Sick(1)
    worked(db, [listener("sick", sick)], tries=1)
    sick.poison.clear()
    with db.unit() as unit:
        retry(unit, BY_SYSTEM, "sick", 1)
    announced(db, "a", 3)
    worked(db, [listener("sick", sick)], tries=1)
    assert heard(db, "sick") == [("a", 1), ("a", 2), ("a", 3)]
    assert journaled(db) == ["outbox.retried"]


def test_an_operator_sets_a_poison_event_aside_with_a_reason(db: Database) -> None:
    announced(db, "a", 1, 2)
    worked(db, [listener("sick", Sick(1))], tries=1)
    with pytest.raises(SocleError) as refused, db.unit() as unit:
        set_aside(unit, BY_SYSTEM, "sick", 1, " ")
    assert refused.value.kind is REASON_MISSING
    with db.unit() as unit:
        set_aside(unit, BY_SYSTEM, "sick", 1, "sent twice by hand")
    worked(db, [listener("sick", Sick(1))], tries=1)
    assert heard(db, "sick") == [("a", 2)]
    assert states(db) == [("sick", 1, State.SET_ASIDE, 1)]
    assert journaled(db) == ["outbox.set-aside"]
    assert b"sent twice" not in b"".join(
        facts for (facts,) in everything(db, "SELECT facts FROM audit_inbox")
    ), "a reason is free text: it is sealed"


def test_what_was_set_aside_is_taken_back_as_long_as_its_lane_has_not_gone_on(db: Database) -> None:
    announced(db, "a", 1, 2)
    sick = Sick(1)
    worked(db, [listener("sick", sick)], tries=1)
    before = states(db)
    for act in (lambda unit: set_aside(unit, BY_SYSTEM, "sick", 1, "by mistake"), _take_back):
        with db.unit() as unit:
            act(unit)
    assert states(db) == before
    sick.poison.clear()
    with db.unit() as unit:
        retry(unit, BY_SYSTEM, "sick", 1)
    worked(db, [listener("sick", sick)], tries=1)
    assert heard(db, "sick") == [("a", 1), ("a", 2)]
    assert journaled(db) == ["outbox.set-aside", "outbox.taken-back", "outbox.retried"]


def test_what_follows_in_the_lane_is_not_overtaken(db: Database) -> None:
    announced(db, "a", 1, 2)
    worked(db, [listener("sick", Sick(1))], tries=1)
    with db.unit() as unit:
        set_aside(unit, BY_SYSTEM, "sick", 1, "never mind")
    worked(db, [listener("sick", Sick(1))], tries=1)
    for sequence in (1, 2, 99):
        with pytest.raises(SocleError) as refused, db.unit() as unit:
            _take_back(unit, sequence)
        assert refused.value.kind is TOO_LATE
    assert heard(db, "sick") == [("a", 2)]


def _take_back(unit: Unit, sequence: int = 1) -> None:
    take_back(unit, BY_SYSTEM, "sick", sequence)


_ACTS: list[Callable[[Unit, Acting], None]] = [
    lambda unit, by: retry(unit, by, "sick", 1),
    lambda unit, by: set_aside(unit, by, "sick", 1, "why not"),
    lambda unit, by: take_back(unit, by, "sick", 1),
]


def test_every_act_needs_its_permission(db: Database) -> None:
    announced(db, "a", 1)
    worked(db, [listener("sick", Sick(1))], tries=1)
    before, operator = states(db), agent(OPERATOR)
    assert before
    weak = replace(operator, actor=replace(operator.actor, assurance=Assurance.LOW))
    for by, act in product((agent(AUDITOR), weak), _ACTS):
        with pytest.raises(Refused), db.unit() as unit:
            act(unit, by)
    assert states(db) == before
    with db.unit() as unit:
        retry(unit, operator, "sick", 1)
    (entry,) = (one for one in facts_in_inbox(db) if one["action"] == "outbox.retried")
    assert entry["actor"]["id"] == operator.actor.id


def test_the_oldest_is_shown_first_and_one_may_choose(db: Database) -> None:
    for lane, number in (("a", 1), ("b", 2), ("c", 3)):
        announced(db, lane, number)
    worked(db, [listener("z", Sick(1, 2)), listener("a", Sick(3))], tries=1)
    with db.reading() as session:
        assert [one.sequence for one in held(session)] == [1, 2, 3]
        assert [one.sequence for one in held(session, limit=1, offset=1)] == [2]
        assert [one.sequence for one in held(session, Wanted(listener="a"))] == [3]
        assert held(session, Wanted(kind="other.1")) == []
        assert count_held(session, Wanted(listener="z")) == 2
        assert names_held(session, State.PARKED) == (["a", "z"], [COUNTED.code])
        one, document = delivery(session, "z", 2)
        assert (one.lane, document["data"]) == ("b", {"number": 2})
        with pytest.raises(SocleError) as refused:
            delivery(session, "z", 3)
    assert refused.value.kind is DELIVERY_UNKNOWN


@pytest.mark.parametrize("sequence", [1, 2, 99])
def test_only_what_is_held_can_be_acted_upon(db: Database, sequence: int) -> None:
    announced(db, "a", 1, 2)
    worked(db, [listener("well")])
    with pytest.raises(SocleError) as refused, db.unit() as unit:
        retry(unit, BY_SYSTEM, "well", sequence)
    assert refused.value.kind is NOT_HELD
    with pytest.raises(SocleError) as refused, db.unit() as unit:
        set_aside(unit, BY_SYSTEM, "well", sequence, "why not")
    assert refused.value.kind is NOT_HELD


def test_what_fails_at_the_commit_is_held_back_too(db: Database) -> None:
    """An event that cannot be written down fails when the unit is closed, after every handler has returned."""

    def careless(unit: Unit, event: Heard) -> None:
        writes_down("careless")(unit, event)
        if event.data["number"] == 2:
            emit(unit, Event(COUNTED, "x", {"number": object()}))

    announced(db, "a", 1, 2, 3)
    announced(db, "b", 4)
    worked(db, [listener("careless", careless)])
    assert heard(db, "careless") == [("a", 1), ("b", 4)]
    assert [row[1:3] for row in states(db)] == [(2, State.WAITING), (3, State.BEHIND)]


def test_old_events_that_everybody_heard_are_removed_by_whole_units(db: Database) -> None:
    announced(db, "a", 1, 2)
    announced(db, "a", 3, 4)
    worked(db, [listener("sick", Sick(4))])
    announced(db, "b", 5)
    worked(db, [listener("sick", Sick(4))])
    with db.unit() as unit:
        assert purge(unit, Stopped().now + 1) == 3
    with db.unit() as unit:
        assert purge(unit, Stopped().now + 1) == 0
    left = everything(db, "SELECT sequence FROM outbox_event ORDER BY sequence")
    assert left == [(3,), (4,)], "the unit of an event still to be heard stays"
    assert journaled(db) == ["outbox.purged"]
    announced(db, "c", 6)
    worked(db, [])
    assert everything(db, "SELECT MAX(sequence) FROM outbox_event") == [(6,)], "numbers never start again"


def test_a_purge_never_cuts_a_unit(db: Database) -> None:
    announced(db, "a", 1, 2)
    announced(db, "a", 3, 4)
    worked(db, [])
    later = Stopped().now + 1
    for left in (2, 0):
        with db.unit() as unit:
            assert purge(unit, later, limit=3) == 2
        assert everything(db, "SELECT COUNT(*) FROM outbox_event") == [(left,)]


def test_figures_say_who_is_behind_and_for_how_long(db: Database) -> None:
    clock = Stopped()
    announced(db, "a", 1, 2)
    worked(db, [listener("sick", Sick(1)), listener("well")], tries=1)
    announced(db, "b", 3)
    clock.pass_by(60)
    with db.reading() as session:
        told = figures(session, clock())
    (sick,) = told.listeners
    # The third is the news that a delivery was parked.
    assert (told.inbox, told.last, told.parked) == (1, 3, 1)
    assert (sick.listener, sick.parked, sick.behind, sick.ready) == ("sick", 1, 1, 0)
    assert 59 < sick.age < 61
    assert 59 < told.inbox_age < 61


def everything(db: Database, sql: str) -> list[Row]:
    with db.reading() as session:
        return session.fetch(sql)


def journaled(db: Database) -> list[str]:
    """The actions of the trail's inbox."""
    rows = everything(db, "SELECT facts FROM audit_inbox ORDER BY seq")
    return [json.loads(bytes(facts))["action"] for (facts,) in rows]
