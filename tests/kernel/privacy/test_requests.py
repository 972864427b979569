"""Requests of persons: their delays, what may be done with them in which state, and what is left after an erasure."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.actors import Acting, Actor, ActorKind
from socle.kernel.clock import business_date, business_shift
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.delays import end_of_period
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.privacy.export import export_person
from socle.kernel.privacy.requests import (
    Outcome,
    Request,
    Right,
    State,
    answer_of,
    close,
    details_of,
    erase_requests,
    extend,
    find,
    of_subject,
    open_requests,
    receive,
)
from socle.kernel.privacy.restriction import lift, restrict, restricted_since
from socle.kernel.privacy.retention import Rule, apply, purge_requests

BY = Acting(Actor(ActorKind.AGENT, "dpo"), door="tests")
SUBJECT = "record:1"
SAID = {"said": "tout ce que vous avez sur moi"}


def received(db: Database, kind: Right = Right.ACCESS, on: date | None = None) -> Request:
    with db.unit() as unit:
        return receive(unit, BY, SUBJECT, kind, SAID, on)


def extended(db: Database, id: str) -> Request:
    with db.unit() as unit:
        return extend(unit, BY, id, "nombreuses demandes")


def closed(db: Database, id: str, outcome: Outcome = Outcome.ANSWERED) -> Request:
    with db.unit() as unit:
        return close(unit, BY, id, outcome, {"said": "voici"})


def test_a_request_is_due_in_a_month(database: Database) -> None:
    request = received(database)
    assert (request.state, request.closed, request.extended) == (State.OPEN, None, None)
    assert request.due == end_of_period(business_date(), 1)
    assert request.days_left(business_date()) in range(28, 36)
    with database.reading() as session:
        assert open_requests(session) == [request]
        assert details_of(session, request) == SAID


def test_the_delay_runs_from_the_reception(database: Database) -> None:
    day = business_date() - timedelta(days=20)
    assert received(database, on=day).due == end_of_period(day, 1)


def test_nothing_is_received_tomorrow(database: Database) -> None:
    with pytest.raises(SocleError, match="privacy-received-in-future"):
        received(database, on=business_date() + timedelta(days=1))


def test_a_delay_is_extended_once_and_in_time(database: Database) -> None:
    request = received(database)
    longer = extended(database, request.id)
    assert longer.due == end_of_period(request.received, 3)
    with pytest.raises(SocleError, match="privacy-request-extended"):
        extended(database, request.id)


def test_a_delay_that_is_over_is_not_extended(database: Database) -> None:
    request = received(database)
    with business_shift((request.due - business_date()).days):
        assert extended(database, request.id).state is State.EXTENDED
    other = received(database)
    with business_shift((other.due - business_date()).days + 1):
        assert other.late(business_date())
        with pytest.raises(SocleError, match="privacy-extension-too-late"):
            extended(database, other.id)


def test_a_closed_request_stays_as_it_was_closed(database: Database) -> None:
    request = closed(database, received(database).id)
    for act in (lambda: extended(database, request.id), lambda: closed(database, request.id)):
        with pytest.raises(SocleError, match="privacy-request-closed"):
            act()
    with database.reading() as session:
        assert find(session, request.id) == request
        assert answer_of(session, request) == {"said": "voici"}
        assert open_requests(session) == []


def test_an_answer_after_the_delay_is_late_for_ever(database: Database) -> None:
    request = received(database)
    with business_shift((request.due - business_date()).days + 1):
        answered = closed(database, request.id)
    assert answered.late(request.received)
    assert not received(database).late(business_date())


def test_an_unknown_request_is_named(database: Database) -> None:
    with pytest.raises(SocleError, match=r"privacy-request-unknown.*nothing"):
        closed(database, "nothing")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["extend", "close", "wait"]), st.integers(0, 70)), max_size=8))
def test_whatever_is_done_the_clocks_are_those_of_the_law(
    database: Database, history: list[tuple[str, int]]
) -> None:
    """Against a model: open → extended (in time, once) → closed (once); the due day moves with the extension only."""
    request, day, state = received(database), 0, State.OPEN
    start = business_date()
    for act, days in history:
        day += days
        with business_shift(day):
            in_time = business_date() <= end_of_period(start, 1)
            allowed = {
                "extend": state is State.OPEN and in_time,
                "close": state in (State.OPEN, State.EXTENDED),
                "wait": True,
            }[act]
            try:
                if act != "wait":
                    extended(database, request.id) if act == "extend" else closed(database, request.id)
                done = True
            except SocleError:
                done = False
        assert done == allowed
        if done and act != "wait":
            state = State.EXTENDED if act == "extend" else State.ANSWERED
        with database.reading() as session:
            found = find(session, request.id)
        assert found.state is state
        assert found.due == end_of_period(start, 3 if found.extended else 1)


def test_every_right_has_its_article() -> None:
    assert [right.article for right in Right] == [15, 16, 17, 18, 20, 21]


# -- Erasure, restriction, retention, export


def test_an_erasure_leaves_the_delays_and_takes_what_was_said(database: Database) -> None:
    request = received(database, Right.ERASURE)
    erase(database, SUBJECT, Reason.REQUEST, BY, [erase_requests])
    with database.unit() as unit:
        close(unit, BY, request.id, Outcome.ANSWERED)
    with database.reading() as session:
        (left,) = of_subject(session, SUBJECT)
        assert (left.state, left.sealed_details, left.sealed_answer) == (State.ANSWERED, None, None)
        assert details_of(session, left) is None


def test_a_restriction_begins_once_and_ends(database: Database) -> None:
    with database.unit() as unit:
        restrict(unit, BY, SUBJECT)
    with business_shift(3), database.unit() as unit:
        restrict(unit, BY, SUBJECT)
        assert restricted_since(unit, SUBJECT) == business_date() - timedelta(days=3)
    with database.unit() as unit:
        lift(unit, BY, SUBJECT)
        lift(unit, BY, SUBJECT)
    with database.reading() as session:
        assert restricted_since(session, SUBJECT) is None
        assert session.fetch("SELECT count(*) FROM audit_inbox") == [(2,)]


def test_requests_are_forgotten_after_five_years(database: Database) -> None:
    old, waiting = closed(database, received(database).id), received(database)
    rules = [Rule("privacy", "requests", purge_requests)]
    with business_shift(5 * 365):
        assert apply(database, rules) == {"privacy.requests": 0}
    with business_shift(5 * 366 + 1):
        assert apply(database, rules) == {"privacy.requests": 1}
    with database.reading() as session:
        assert [request.id for request in of_subject(session, SUBJECT)] == [waiting.id]
    assert old.id != waiting.id


def test_a_person_is_given_what_was_asked_and_said(database: Database) -> None:
    closed(database, received(database).id)
    with database.reading() as session:
        held = export_person(session, SUBJECT)
    (request,) = held["requests"]
    assert (request["details"], request["answer"], request["article"]) == (SAID, {"said": "voici"}, 15)
    assert held["restricted_since"] is None
