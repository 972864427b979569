"""From words to searches: the store accepts whatever is typed, and what is asked is what was understood."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.engines.fhirstore.query import read_query
from socle.foundations.directory.criteria import (
    ACTIVITY,
    PERSON,
    STRUCTURE,
    Filters,
    Request,
    Target,
    escaped,
    is_exact,
    likely_target,
    query_of,
    request_of,
    requests,
)
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.vocabulary import Area
from socle.foundations.directory.words import Reading, interpret
from socle.foundations.terminology.synonyms import Meaning
from socle.standards.annuaire import systems
from tests.foundations.directory.test_words import TEXTS, WORDS

NURSE = Meaning(systems.PROFESSION, "60")
TARGETS: tuple[Target, ...] = ("people", "structures")
FILTERS = st.builds(
    Filters,
    st.sampled_from([None, NURSE]),
    st.sampled_from([None, Area("Lyon", ("lyon",)), Area("Rhône", department="69")]),
    st.booleans(),
)


def first(text: str) -> Reading:
    return interpret(text, WORDS)[0]


def asked(text: str, target: Target | None = None, **filters: object) -> list[Request]:
    reading = first(text)
    return list(requests(reading, Filters(**filters), target or likely_target(reading)))  # type: ignore[arg-type]


@given(TEXTS, FILTERS, st.sampled_from(TARGETS), st.booleans())
def test_the_store_accepts_every_search(text: str, filters: Filters, target: Target, wide: bool) -> None:
    for reading in interpret(text, WORDS):
        for request in islice(requests(reading, filters, target, wide=wide), 20):
            query = query_of(request, 20)
            assert len(query.conditions) == len(request.criteria) > 0
            assert request.target == target


@given(TEXTS, FILTERS, st.sampled_from(TARGETS))
def test_a_page_link_carries_the_search_unchanged(text: str, filters: Filters, target: Target) -> None:
    for request in islice(requests(first(text), filters, target), 20):
        assert request_of(request.type, request.pairs()) == request


@given(TEXTS)
def test_a_search_that_the_api_can_say_is_said_so_that_it_means_the_same(text: str) -> None:
    reading = first(text)
    for request in islice(requests(reading, Filters(), likely_target(reading)), 20):
        if address := request.address():
            type_name, _, query = address.partition("?")
            pairs = [tuple(pair.split("=", 1)) for pair in query.split("&")]
            assert type_name == request.type
            assert len(pairs) >= len(request.criteria)


@given(st.text(max_size=40))
def test_an_escaped_value_is_one_value(text: str) -> None:
    pairs = [("name", escaped(f"x{text}"))]
    condition = read_query(PUBLIC, PERSON, pairs).conditions[0]
    assert len(condition.texts) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("dupont", "people"),
        ("cardio lyon", "people"),
        ("89970010016", "people"),
        ("690900006", "structures"),
        ("pharmacie lyon", "structures"),
        ("cabinet dupont", "structures"),
        ("infirmière hôpital", "people"),
        ("lyon", "people"),
    ],
)
def test_whom_one_has_in_mind(text: str, target: Target) -> None:
    assert likely_target(first(text)) == target


def test_people_are_searched_as_persons_unless_something_is_said_of_a_place() -> None:
    assert {request.type for request in asked("dr dupont")} == {PERSON}
    assert {request.type for request in asked("dupont lyon")} == {ACTIVITY}
    assert {request.type for request in asked("dupont", mailbox=True)} == {ACTIVITY}


def test_whole_names_are_tried_before_beginnings_and_a_title_before_none() -> None:
    found = asked("mme hélène")
    titled = ["MME" in str(request.criteria) for request in found]
    assert [is_exact(request) for request in found] == [True, False, True, False]
    assert titled == [True, True, False, False]
    assert [value for _, value in found[0].criteria[0]] == ["HÉLÈNE", "Hélène", "HELENE", "Helene"]


def test_a_wide_search_takes_names_as_beginnings_at_once() -> None:
    found = requests(first("martin"), Filters(), "people", wide=True)
    assert [is_exact(request) for request in found] == [False]


def test_an_initial_is_never_a_whole_name() -> None:
    assert [is_exact(request) for request in asked("j")] == [False]
    assert not is_exact(asked("j dupont")[0])


def test_two_names_are_tried_apart_and_as_one() -> None:
    names = [[criterion[0][1] for criterion in request.criteria] for request in asked("marie claire")]
    assert ["marie", "claire"] in names
    assert ["marie claire"] in names


def test_what_is_left_of_a_closed_structure_is_found_by_its_number_only() -> None:
    assert "active:not" not in str(asked("690900006"))
    assert all("active:not" in str(request) for request in asked("pharmacie lyon"))


def test_a_refined_trade_is_never_asked_of_a_structure() -> None:
    assert asked("pharmacie", "structures", profession=NURSE) == []


def test_nothing_is_asked_of_nothing() -> None:
    assert asked("") == []
    assert asked("de la") == []
    assert asked("", "structures") == []
    assert [request.type for request in asked("", "structures", area=Area("Lyon", ("lyon",)))] == [STRUCTURE]
