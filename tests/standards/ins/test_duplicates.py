"""Probable duplicates: what blocking finds on a labelled set, and what the score says of pairs."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.ins.authorities import NIR, TEST
from socle.standards.ins.duplicates import (
    CERTAIN,
    POSSIBLE,
    PROBABLE,
    blocking_keys,
    fingerprint,
    score,
    sound,
)
from socle.standards.ins.matricule import ins
from socle.standards.ins.traits import Sex, Traits
from tests.standards.ins.mistakes import entered_twice
from tests.standards.ins.people import DOMINIQUE, PIERRE_ALAIN, families, traits

Pairs = list[tuple[Traits, Traits]]
NUMBER = ins("1090763220834", NIR)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return entered_twice(3_000, seed=4)


def likeness(left: Traits, right: Traits) -> int:
    return score(fingerprint(left), fingerprint(right))


def test_blocking_finds_99_in_100_of_those_entered_twice(pairs: Pairs) -> None:
    found = sum(not blocking_keys(first).isdisjoint(blocking_keys(again)) for first, again in pairs)
    assert found >= 0.99 * len(pairs)


def test_blocking_leaves_few_pairs_to_compare(pairs: Pairs) -> None:
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    for rank, person in enumerate(person for pair in pairs for person in pair):
        for key in blocking_keys(person):
            blocks[key].add(rank)
    compared = {(one, other) for block in blocks.values() for one in block for other in block if one < other}
    assert len(compared) < 10 * len(pairs)


def test_the_score_tells_those_entered_twice_from_strangers(pairs: Pairs) -> None:
    same = [likeness(first, again) for first, again in pairs]
    strangers = [likeness(first, other) for (first, _), (other, _) in pairwise(pairs)]
    assert sum(found >= PROBABLE for found in same) > 0.9 * len(pairs)
    assert sum(found >= POSSIBLE for found in same) > 0.97 * len(pairs)
    assert max(strangers) < PROBABLE


@given(traits(), traits())
def test_a_score_is_the_same_both_ways_and_whole_for_the_same_traits(left: Traits, right: Traits) -> None:
    assert likeness(left, right) == likeness(right, left)
    assert 0 <= likeness(left, right) <= likeness(left, left) == CERTAIN - 1


@given(families, st.sampled_from([str.lower, str.title, lambda name: name.replace("-", " ")]))
def test_case_and_signs_do_not_count(name: str, changed: object) -> None:
    assert callable(changed)
    assert sound(name) == sound(changed(name))
    other = replace(DOMINIQUE, birth_name=changed(name))
    assert likeness(replace(DOMINIQUE, birth_name=name), other) == CERTAIN - 1


@pytest.mark.parametrize(
    "same",
    [
        ("Philippe", "Filipe"),
        ("Mathieu", "Matieu"),
        ("Lefebvre", "Lefebvres"),
        ("Thibaut", "Tibaud"),
        ("Jean-Paul", "JEAN PAUL"),
        ("Benoît", "Benoit"),
        ("Jacques", "Jaques"),
        ("Zoé", "Soe"),
    ],
)
def test_names_that_sound_alike(same: tuple[str, str]) -> None:
    assert sound(same[0]) == sound(same[1])


def test_names_that_do_not() -> None:
    assert len({sound(name) for name in ("MARTIN", "DURAND", "PETIT", "ROUX", "ECETINSI", "LEROY")}) == 6


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        ({}, 99, 99),
        ({"sex": Sex.INDETERMINATE, "birth_place": "99999"}, 99, 99),
        ({"birth_date": date(1979, 3, 27)}, PROBABLE, 98),
        ({"birth_name": "PATROIS"}, PROBABLE, 98),
        ({"first_given_name": "MARIE-LOUISE"}, PROBABLE, 98),
        ({"birth_name": "DOMINIQUE", "first_given_name": "PAT-TROIS", "given_names": ""}, PROBABLE, 99),
        # A twin: all is the same but the given names.
        ({"first_given_name": "CLAUDE", "given_names": "CLAUDE ANNE"}, POSSIBLE, PROBABLE - 1),
        # A namesake born another day elsewhere.
        ({"birth_date": date(1961, 9, 2), "birth_place": "75056"}, 0, POSSIBLE - 1),
    ],
)
def test_how_alike(change: dict[str, object], least: int, most: int) -> None:
    other = replace(DOMINIQUE, **change)  # type: ignore[arg-type]
    assert least <= likeness(DOMINIQUE, other) <= most


def test_a_day_and_a_month_entered_one_for_the_other() -> None:
    born = replace(DOMINIQUE, birth_date=date(1979, 3, 5))
    swapped = replace(DOMINIQUE, birth_date=date(1979, 5, 3))
    assert likeness(born, swapped) >= PROBABLE
    assert not blocking_keys(born).isdisjoint(blocking_keys(swapped))


def test_the_name_in_use_entered_as_the_birth_name() -> None:
    married = replace(DOMINIQUE, used_name="LEGRAND")
    assert likeness(married, replace(DOMINIQUE, birth_name="LEGRAND")) == CERTAIN - 1


def test_a_number_in_common_is_certain_and_a_test_number_is_another_one() -> None:
    left = fingerprint(DOMINIQUE, [NUMBER])
    assert score(left, fingerprint(PIERRE_ALAIN, [ins("2790351215189", NIR), NUMBER])) == CERTAIN
    assert score(left, fingerprint(PIERRE_ALAIN, [ins("1090763220834", TEST)])) < POSSIBLE
    assert blocking_keys(DOMINIQUE, [NUMBER]) & blocking_keys(PIERRE_ALAIN, [NUMBER]) == {
        "#1.2.250.1.213.1.4.8|109076322083489"
    }
