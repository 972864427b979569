"""Levels, lifetimes and introspection of Pro Santé Connect."""

from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.oauth.levels import Level, lowest, read_levels
from socle.standards.psc.introspection import INACTIVE, introspection_answer
from socle.standards.psc.provider import Lifetimes, answered_level, provider

E1, E2, E3 = Level
ASKED = [(), *((one,) for one in Level), *combinations(Level, 2), tuple(Level)]


def test_a_higher_level_satisfies_a_lower_one() -> None:
    assert [one.satisfies(other) for one, other in product(Level, Level)] == [
        *(True, False, False),
        *(True, True, False),
        *(True, True, True),
    ]
    assert lowest((E3, E2), E1) is E2
    assert lowest((), E3) is E3
    assert read_levels(("eidas3", "gold", "eidas1")) == (E3, E1)


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("asked", ASKED)
def test_the_level_answered_is_the_one_reached_unless_clients_want_to_read_eidas1(
    asked: tuple[Level, ...], strict: bool
) -> None:
    for reached in Level:
        told = answered_level(reached, asked, strict=strict)
        if asked and reached.rank < min(one.rank for one in asked):
            assert told is None
        elif strict and E1 in asked:
            assert told is E1
        else:
            assert told is reached


@given(st.integers(0, 10**6), st.integers(0, 10**5))
def test_a_session_ends_after_four_hours_or_half_an_hour_of_rest(opened: int, later: int) -> None:
    ends = Lifetimes().session_ends(opened, opened + later)
    assert ends - opened <= 4 * 3_600
    assert ends - (opened + later) <= 1_800
    assert ends in (opened + 4 * 3_600, opened + later + 1_800)


def test_the_provider_accepts_the_three_levels() -> None:
    made = provider("https://auth.example")
    assert (made.levels, made.level_otherwise) == (tuple(Level), E1)
    assert {"openid", "scope_all"} <= made.scopes


def test_introspection_says_who_only_of_an_access_token() -> None:
    claims: dict[str, Any] = {
        "exp": 2,
        "sub": "f:1:8",
        "preferred_username": "899700100100",
        "SubjectNameID": "899700100100",
        "given_name": "NORA",
        "cnf": {"x5t#S256": "x"},
    }
    access = introspection_answer(claims, access=True)
    assert access == {
        "exp": 2,
        "sub": "f:1:8",
        "preferred_username": "899700100100",
        "username": "899700100100",
        "SubjectNameID": "899700100100",
        "cnf": {"x5t#S256": "x"},
        "active": True,
    }
    refresh = introspection_answer(claims, access=False)
    assert access.keys() - refresh.keys() == {"SubjectNameID"}
    assert INACTIVE == {"active": False}
