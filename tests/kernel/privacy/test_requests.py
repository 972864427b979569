"""Requests of persons: their delays, what may be done with them in which state, and what is left after an erasure."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.clock import business_date, business_shift
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Text
from socle.kernel.periods import end_of_period
from socle.kernel.privacy.acts.instruct import warn
from socle.kernel.privacy.acts.requests import close, extend, receive
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.privacy.export import export_person
from socle.kernel.privacy.requests import (
    Outcome,
    Request,
    Right,
    Shown,
    State,
    Wanted,
    all_requests,
    answer_of,
    count_requests,
    details_of,
    erase_requests,
    find,
    of_subject,
    some_requests,
)
from socle.kernel.privacy.restriction import lift, restrict, restricted_since
from socle.kernel.privacy.retention import Rule, apply, purge_requests

BY = Acting(
    Actor(ActorKind.AGENT, "dpo", Assurance.SUBSTANTIAL, roles=frozenset({"data-protection"})), door="tests"
)
SUBJECT = "record:1"
SAID = {"said": "tout ce que vous avez sur moi"}


def received(db: Database, kind: Right = Right.ACCESS, on: date | None = None) -> Request:
    with db.unit() as unit:
        return receive(unit, BY, SUBJECT, kind, SAID, on)


def waiting() -> Wanted:
    return Wanted(business_date())


def many(db: Database, count: int, day: date, *, closed: bool = False) -> None:
    """So many requests at once, due on this day; every second one of erasure."""
    text = day.isoformat()
    rows = [
        (f"{text}-{number:04}", f"requester:{number}", ("access", "erasure")[number % 2], text, text)
        for number in range(count)
    ]
    with db.unit() as unit:
        unit.execute_many(
            "INSERT INTO privacy_request (id, subject, kind, state, received, due, closed, person, warned) "
            f"VALUES (?1, ?2, ?3, 'open', ?4, ?5, {'?5' if closed else 'NULL'}, '', '')",
            rows,
        )


def test_no_list_is_cut(database: Database) -> None:
    """Filtered, counted and paged in the database, and read to its end."""
    today = business_date()
    many(database, 520, today - timedelta(days=3))
    many(database, 530, today + timedelta(days=20))
    many(database, 510, today - timedelta(days=40), closed=True)
    counts = {shown: count(database, Wanted(today, shown)) for shown in Shown}
    assert counts == {Shown.WAITING: 1050, Shown.LATE: 520, Shown.PERSON: 0, Shown.CLOSED: 510}
    assert count(database, Wanted(today, Shown.WAITING, Right.ERASURE)) == 525
    for wanted in (Wanted(today), Wanted(today, Shown.LATE, Right.ACCESS), Wanted(today, Shown.CLOSED)):
        whole = [one.id for found in all_requests(database, wanted) for one in found]
        with database.reading() as session:
            paged = [some_requests(session, wanted, 400, skip) for skip in (0, 400, 800)]
            late = count_requests(session, wanted, late=True)
        assert [one.id for page in paged for one in page] == whole
        assert len(whole) == len(set(whole)) == count(database, wanted)
        assert late == (0 if wanted.shown is Shown.CLOSED else 520 if wanted.right is None else 260)


def count(db: Database, wanted: Wanted) -> int:
    with db.reading() as session:
        return count_requests(session, wanted)


def test_everybody_whose_delay_ends_is_warned_of(database: Database) -> None:
    many(database, 520, business_date() - timedelta(days=1))
    many(database, 5, business_date() + timedelta(days=8))
    many(database, 3, business_date() + timedelta(days=7))
    assert warn(database) == {"warned": 523}
    assert warn(database) == {"warned": 0}


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
        assert some_requests(session, waiting(), 9) == [request]
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
        assert some_requests(session, waiting(), 9) == []


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
    rules = [Rule("privacy", "requests", Text("demandes", "requests"), purge_requests)]
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
