"""Finding entries: against a plain reading of the whole trail, in any order that the clock leaves it in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.audit import queries, spans
from socle.kernel.audit.actions import Outcome
from socle.kernel.audit.entry import Entry, micros_of
from socle.kernel.audit.faults import NO_ENTRY
from socle.kernel.audit.queries import entry_at, events_of, find, first_position, of_unit
from socle.kernel.audit.retention import purge
from socle.kernel.audit.wanted import About, Member, Period, Wanted
from socle.kernel.db import Database, Session
from socle.kernel.errors import SocleError
from socle.kernel.work import record
from tests.support.trail import READ, act, drain, entry

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NURSE = Actor(ActorKind.PROFESSIONAL, "p-2", Assurance.LOW, organisation="o-2")
MINUTE = 60_000_000


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def micros_at(number: float) -> int:
    return int((NOON + timedelta(hours=number)).timestamp()) * 1_000_000


def various(db: Database, number: int) -> None:
    """One act with an entry of each kind."""
    with db.unit() as unit:
        record(unit, entry(number % 3))
        record(unit, Entry(READ, Acting(NURSE, request=f"r-{number}")))
        record(unit, Entry(READ, BY_SYSTEM, Outcome.REFUSED, subject="agent:a-1", data={"outcome": "0"}))


def lived(db: Database) -> None:
    """Twelve hours in which the clock was set back by four, and went over some of them again."""
    for number in (0, 1, 2, 3, 4, 5, 1, 2, 6, 7, 8):
        with time_machine.travel(hour(number), tick=False):
            various(db, number)
            drain(db)


def documents(session: Session) -> list[tuple[int, bytes, dict[str, object]]]:
    rows = session.fetch("SELECT position, unit, facts FROM audit_entry ORDER BY position DESC")
    return [(position, bytes(unit), orjson.loads(bytes(facts))) for position, unit, facts in rows]


def meets(unit: bytes, document: dict[str, object], wanted: Wanted) -> bool:
    """The same question, asked of the document alone."""
    actor = document["actor"]
    assert isinstance(actor, dict)
    subject, at = str(document.get("subject", "")), micros_of(str(document["at"]))
    low, high = wanted.period.low, wanted.period.high
    asked: Iterable[tuple[object, Iterable[object] | None]] = (
        (f"{actor['kind']}:{actor['id']}", wanted.actors),
        (subject, wanted.subjects),
        (document["action"], wanted.actions),
        (unit, wanted.units),
        (About.of(subject), wanted.about),
    )
    return (
        all(values is None or value in set(values) for value, values in asked)
        and (low is None or at >= low)
        and (high is None or at < high)
        and document["action"] not in wanted.without
        and all(member.holds(document) for member in wanted.members)
    )


def everything(session: Session, wanted: Wanted, count: int) -> list[int]:
    """The positions of all pages; none is longer than asked."""
    found: list[int] = []
    before: int | None = None
    while True:
        page = find(session, wanted, count, before)
        assert len(page.entries) <= count
        assert page.before is None or before is None or page.before < before
        found += [one.position for one in page.entries]
        before = page.before
        if before is None:
            return found


def a_set(*values: str) -> st.SearchStrategy[frozenset[str] | None]:
    return st.none() | st.frozensets(st.sampled_from(values), max_size=2)


MOMENTS = st.none() | st.integers(-2, 20).map(lambda half: micros_at(half / 2))
MEMBERS = st.sampled_from(
    [
        Member(("outcome",), frozenset({"0"})),
        Member(("outcome",), frozenset({"4", "8"})),
        Member(("actor", "organisation"), frozenset({"o-1"})),
        Member(("request",), frozenset({"r-4"})),
        Member(("target",), frozenset({"DocumentReference/1"})),
    ]
)
WANTED = st.builds(
    Wanted,
    period=st.builds(Period, MOMENTS, MOMENTS),
    actors=a_set("professional:p-1", "professional:p-2", "system:socle"),
    subjects=a_set("record:1", "agent:a-1", "record:404"),
    actions=a_set("test.read", "clock.set-back", "keys.activated"),
    about=st.none() | st.frozensets(st.sampled_from(About), min_size=1),
    without=st.frozensets(st.sampled_from(["test.read", "clock.set-back"]), max_size=1),
    members=st.lists(MEMBERS, max_size=2).map(tuple),
)


def test_a_search_finds_what_a_reading_of_all_finds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked, however small the pages, and however little one call looks at."""
    lived(database)
    with database.snapshot() as session:
        known = documents(session)
        units = sorted({unit for _, unit, _ in known})

        @given(WANTED, st.sampled_from([None, 0, 5]), st.integers(1, 9), st.sampled_from([2, 7, 50_000]))
        @settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
        def check(wanted: Wanted, unit: int | None, count: int, looked_at: int) -> None:
            monkeypatch.setattr(queries, "MOST_LOOKED_AT", looked_at)
            if unit is not None:
                wanted = Wanted(period=wanted.period, units=frozenset({units[unit]}), members=wanted.members)
            expected = [position for position, unit, told in known if meets(unit, told, wanted)]
            assert everything(session, wanted, count) == expected

        check()


def test_the_clock_was_set_back_in_that_trail(database: Database) -> None:
    """Otherwise the test above would show less than it says."""
    lived(database)
    with database.reading() as session:
        found = everything(session, Wanted(subjects=frozenset({"clock:installation"})), 10)
        again = find(session, Wanted(Period(micros_at(1), micros_at(3))), 50)
    assert len(found) == 1
    assert {one.position < found[0] for one in again.entries} == {True, False}


def test_a_period_is_found_without_looking_at_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        with time_machine.travel(hour(number), tick=False):
            act(database, number)
            drain(database)
    with database.reading() as session:
        monkeypatch.setattr(queries, "MOST_LOOKED_AT", 3)
        page = find(session, Wanted(Period(micros_at(20), micros_at(21))), 5)
        (span,) = spans.spans(session, Period(micros_at(20), micros_at(21)))
    assert [one.document["subject"] for one in page.entries] == ["record:20"]
    assert page.before is None
    # The entry of the hour itself, and that of the next, which is within the slack.
    assert span.high - span.low == 2


def test_neighbours_may_stand_the_wrong_way_round(database: Database) -> None:
    """An act that was stamped first may be committed last."""
    for number in range(12):
        with time_machine.travel(hour(0) + timedelta(seconds=20 * (number ^ 1)), tick=False):
            act(database, number)
    drain(database)
    with database.reading() as session:
        told = {position: micros_of(str(document["at"])) for position, _, document in documents(session)}
        for edge in sorted(set(told.values())):
            after = everything(session, Wanted(Period(low=edge)), 5)
            assert after == [position for position, at in told.items() if at >= edge]
            until = everything(session, Wanted(Period(high=edge)), 5)
            assert until == [position for position, at in told.items() if at < edge]


def test_what_comes_meanwhile_moves_no_page(database: Database) -> None:
    act(database, 1, entries=9)
    drain(database)
    with database.reading() as session:
        first = find(session, Wanted(), 4)
    act(database, 2, entries=3)
    drain(database)
    with database.reading() as session:
        second = find(session, Wanted(), 4, first.before)
        whole = [position for position, *_ in documents(session)]
    found = [one.position for one in (*first.entries, *second.entries)]
    assert found == whole[whole.index(found[0]) :][:8]


def test_an_empty_trail_has_one_empty_page(database: Database) -> None:
    with database.reading() as session:
        assert find(session, Wanted(Period(0, 1)), 10) == queries.Page([], None)
        assert first_position(session) == 0
        with pytest.raises(SocleError) as refused:
            entry_at(session, 0)
    assert refused.value.kind is NO_ENTRY


def test_an_act_is_found_with_its_events(database: Database) -> None:
    act(database, 1, entries=2, announced=1)
    act(database, 2)
    drain(database)
    with database.reading() as session:
        (one, *_) = [one for one in find(session, Wanted(), 9).entries if one.number == 1]
        assert [other.number for other in of_unit(session, one.unit)] == [0, 1]
        assert [kind for kind, *_ in events_of(session, one.unit)] == ["test.told.1"]
        assert entry_at(session, one.position) == one


def test_what_is_no_document_is_shown_and_does_not_stop_the_others(database: Database) -> None:
    act(database, 1, entries=3)
    drain(database)
    with database.unit() as unit:
        unit.execute("UPDATE audit_entry SET facts = ?1, at = 0 WHERE position = 1", b"\xff")
    with database.reading() as session:
        found = find(session, Wanted(), 9).entries
        broken = entry_at(session, 1)
        later = everything(session, Wanted(Period(low=1)), 9)
    assert (broken.document, broken.facts) == ({}, b"\xff")
    assert len(found) == len(later) + 1


def test_a_purged_trail_is_searched_from_where_it_begins(database: Database) -> None:
    for number in range(6):
        with time_machine.travel(hour(number), tick=False):
            act(database, number)
            drain(database)
    with time_machine.travel(hour(7), tick=False), database.unit() as unit:
        assert purge(unit, micros_at(3)) > 0
    with database.reading() as session:
        found = find(session, Wanted(Period(high=micros_at(4))), 9).entries
        assert [one.document["subject"] for one in found] == ["record:3"]
        assert first_position(session) == found[0].position


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "INTEGER PRIMARY KEY"),
        (Wanted(actions=frozenset({"a"})), "INTEGER PRIMARY KEY"),
        (Wanted(subjects=frozenset({"a"})), "audit_entry_subject"),
        (Wanted(actors=frozenset({"a"}), actions=frozenset({"a"})), "audit_entry_actor"),
        (Wanted(units=frozenset({b"a"}), actors=frozenset({"a"})), "audit_entry_unit"),
    ],
)
def test_a_page_is_read_by_an_index(
    database: Database, wanted: Wanted, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(database, 1)
    drain(database)
    plans: list[str] = []
    with database.reading() as session:
        fetch = session.fetch

        def explained(sql: str, *parameters: object) -> list[tuple[object, ...]]:
            if "ORDER BY position DESC" in sql:
                plans.extend(str(row[3]) for row in fetch(f"EXPLAIN QUERY PLAN {sql}", *parameters))
            return fetch(sql, *parameters)

        monkeypatch.setattr(session, "fetch", explained)
        find(session, wanted, 5)
    looked = [plan for plan in plans if "audit_entry" in plan]
    assert looked
    assert all(index in plan for plan in looked)
    assert not [plan for plan in plans if "TEMP B-TREE" in plan]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_page_costs_no_more_in_a_longer_trail(database: Database) -> None:
    """Counted in steps of SQLite's own machine."""
    questions = (
        Wanted(),
        Wanted(Period(low=1)),
        Wanted(Period(1, 2**60), subjects=frozenset({"record:1"})),
        Wanted(actors=frozenset({"nobody:at-all"})),
    )
    costs = []
    for entries in (300, 6_000):
        act(database, 1, entries=entries)
        drain(database)
        costs.append([steps(database, wanted) for wanted in questions])
    for short, long in zip(*costs, strict=True):
        assert long < 2 * short + 20


def steps(database: Database, wanted: Wanted) -> int:
    """Tens of steps."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with database.reading() as session:
        connection = session.connection  # type: ignore[attr-defined]
        connection.set_progress_handler(count, 10)
        find(session, wanted, 5)
        connection.set_progress_handler(None, 0)
    return counted
