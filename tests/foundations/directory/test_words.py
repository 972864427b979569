"""Everyday words: what a text is taken for, and that nothing typed is lost, misread without a way out, or fatal."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from socle.foundations.directory.spelling import corrections, distance
from socle.foundations.directory.vocabulary import (
    TEXT_LIMIT,
    Area,
    Town,
    Vocabulary,
    normal,
    phrase,
    stem,
    units,
    vocabulary,
)
from socle.foundations.directory.words import NAMES_LIMIT, READINGS_LIMIT, Kind, Part, Reading, interpret
from socle.standards.fhir.text import fold


def town(name: str, postal_code: str, department: str = "69") -> Town:
    return Town(fold(name), postal_code, name, department)


TOWNS = (
    *(town(f"Lyon {n}{'er' if n == 1 else 'e'} Arrondissement", f"6900{n}") for n in range(1, 10)),
    town("Villeurbanne", "69100"),
    town("Saint-Étienne", "42000", "42"),
    town("Villefranche-sur-Saône", "69400"),
    town("Vienne", "38200", "38"),
    town("Vienne-en-Val", "45510", "45"),
    town("L'Isle-d'Abeau", "38080", "38"),
    town("Martin", "12345", "12"),
    town("Fontaine-sur-Rhône", "69270"),
)
WORDS = vocabulary(
    TOWNS,
    {"69": "Rhône", "42": "Loire", "2A": "Corse-du-Sud", "974": "La Réunion"},
    ("MARTIN", "DUPONT", "JEAN", "NORA"),
)


def first(text: str) -> Reading:
    return interpret(text, WORDS)[0]


def taken(text: str) -> list[tuple[str, str]]:
    """(kind, what was typed) of each part of the best reading."""
    return [(part.kind.value, part.raw) for part in first(text).parts]


def only(text: str, kind: Kind) -> Part:
    (part,) = first(text).of(kind)
    return part


# -- What people write ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cardio Lyon", [("trade", "cardio"), ("place", "Lyon")]),
        (
            "mme dupont infirmière 69003",
            [("title", "mme"), ("name", "dupont"), ("trade", "infirmière"), ("place", "69003")],
        ),
        ("dr exemple", [("title", "dr"), ("name", "exemple")]),
        ("pharmacie lyon 3", [("structure", "pharmacie"), ("place", "lyon 3")]),
        ("89970010016", [("number", "89970010016")]),
        ("690900006", [("number", "690900006")]),
        ("2A0000014", [("number", "2A0000014")]),
        ("kiné villeurbanne", [("trade", "kiné"), ("place", "villeurbanne")]),
        ("hôpital", [("structure", "hôpital")]),
        ("nora", [("name", "nora")]),
        ("l'hôpital de Lyon", [("link", "l"), ("structure", "hôpital"), ("link", "de"), ("place", "Lyon")]),
        ("infirmière à domicile", [("trade", "infirmière à domicile")]),
        ("jean de la tour", [("name", "jean"), ("name", "de la tour")]),
        ("Dupont-Durand", [("name", "Dupont-Durand")]),
        ("d'Arc", [("name", "d'Arc")]),
        ("8997 0010 016", [("number", "8997 0010 016")]),
        ("psy dans le Rhône", [("trade", "psy"), ("link", "dans"), ("link", "le"), ("place", "Rhône")]),
        ("dentiste 2a", [("trade", "dentiste"), ("place", "2a")]),
        ("ste. étienne", [("name", "ste"), ("name", "étienne")]),
        ("kiné st etienne", [("trade", "kiné"), ("place", "st etienne")]),
        ("nora.exemple@lyon.mssante.example", [("mailbox", "nora.exemple@lyon.mssante.example")]),
        ("docteur exemple", [("title", "docteur"), ("name", "exemple")]),
        ("docteur lyon", [("trade", "docteur"), ("place", "lyon")]),
        ("12 rue exemple", [("ignored", "12"), ("name", "rue"), ("name", "exemple")]),
    ],
)
def test_what_people_write(text: str, expected: list[tuple[str, str]]) -> None:
    assert taken(text) == expected


@pytest.mark.parametrize(
    "word", ["infirmier", "infirmière", "infirmiers", "Infirmières", "INFIRMIER", "nurse"]
)
def test_a_trade_is_known_in_any_gender_number_and_language(word: str) -> None:
    assert [code.code for code in only(word, Kind.TRADE).codes.qualifications] == ["60"]  # type: ignore[union-attr]


def test_a_word_for_a_person_and_a_place_of_work_keeps_both_meanings() -> None:
    codes = only("prise de sang", Kind.TRADE).codes
    assert codes is not None
    assert codes.qualifications
    assert codes.sectors


@pytest.mark.parametrize(
    "text", ["lyon 3", "lyon 3e", "Lyon 3ème", "lyon 03", "LYON 3EME", "lyon 3e arrondissement"]
)
def test_a_district_is_named_in_many_ways(text: str) -> None:
    assert names_found(text) == ["Lyon 3e Arrondissement"]


def names_found(text: str) -> list[str]:
    area = only(text, Kind.PLACE).area
    assert area is not None
    return sorted(one.name for one in found_by(area, list(TOWNS)))


def test_a_town_is_all_its_districts() -> None:
    assert names_found("lyon") == sorted(one.name for one in TOWNS if one.name.startswith("Lyon"))
    assert only("lyon", Kind.PLACE).area.name == "Lyon"  # type: ignore[union-attr]


def test_a_town_whose_name_begins_another_is_told_from_it() -> None:
    assert names_found("vienne") == ["Vienne"]
    assert names_found("vienne en val") == ["Vienne-en-Val"]


def test_a_number_of_two_digits_is_a_department_and_of_five_a_postal_code() -> None:
    assert only("69", Kind.PLACE).area == Area("Rhône", department="69")
    assert only("69003", Kind.PLACE).area == Area("69003 (Lyon 3e Arrondissement)", postal_codes=("69003",))
    assert only("99999", Kind.PLACE).area == Area("99999", postal_codes=("99999",))


# -- Words that may be several things -------------------------------------------------------------------------------


def kinds_of(text: str, typed: str) -> list[Kind]:
    """What a word is taken for, reading after reading."""
    return [
        next(part.kind for part in reading.parts if part.raw == typed) for reading in interpret(text, WORDS)
    ]


@pytest.mark.parametrize(
    ("text", "typed", "order"),
    [
        ("martin", "martin", [Kind.NAME, Kind.PLACE]),
        ("cardio à martin", "martin", [Kind.PLACE, Kind.NAME]),
        ("lyon", "lyon", [Kind.PLACE, Kind.NAME]),
        ("villefranche", "villefranche", [Kind.PLACE, Kind.NAME]),
        ("dr fontaine", "fontaine", [Kind.NAME, Kind.PLACE]),
        ("fontaine", "fontaine", [Kind.PLACE, Kind.NAME]),
    ],
)
def test_a_doubtful_word_is_tried_both_ways_in_a_sensible_order(
    text: str, typed: str, order: list[Kind]
) -> None:
    assert list(dict.fromkeys(kinds_of(text, typed))) == order


@pytest.mark.parametrize(("text", "doubtful"), [("martin", True), ("villefranche", True), ("lyon", False)])
def test_only_words_that_may_well_be_the_other_are_doubtful(text: str, doubtful: bool) -> None:
    assert [part.doubtful for part in first(text).parts] == [doubtful]


def test_a_particle_is_dropped_when_the_name_is_not_found_with_it() -> None:
    assert [reading.names() for reading in interpret("pharmacie de la fable", WORDS)[:3]] == [
        ("de la fable",),
        ("pharmacie", "de la fable"),
        ("fable",),
    ]


def test_names_beyond_a_handful_are_ignored() -> None:
    kinds = [part.kind for part in first("b c e f g h i").parts]
    assert kinds == [Kind.NAME] * NAMES_LIMIT + [Kind.IGNORED] * (7 - NAMES_LIMIT)


def test_taking_a_part_away_takes_the_word_that_led_to_it() -> None:
    reading = first("cardio à Lyon")
    assert reading.without(only("cardio à Lyon", Kind.PLACE)) == "cardio"
    assert reading.without(only("cardio à Lyon", Kind.TRADE)) == "à Lyon"


# -- Whatever is typed ----------------------------------------------------------------------------------------------

KNOWN = [
    "cardio",
    "lyon",
    "3",
    "mme",
    "dr",
    "de",
    "la",
    "martin",
    "69003",
    "89970010016",
    "'",
    "-",
    "à",
    "69 090 000",
]
TEXTS = st.one_of(
    st.text(max_size=TEXT_LIMIT + 50),
    st.lists(st.one_of(st.sampled_from(KNOWN), st.text(max_size=6)), max_size=25).map(" ".join),
    st.lists(st.sampled_from(KNOWN), max_size=12).map("".join),
)


@given(TEXTS)
def test_every_word_typed_belongs_to_exactly_one_part(text: str) -> None:
    words = units(normal(text))
    for reading in interpret(text, WORDS):
        parts = reading.parts
        bounds = [0, *(part.stop for part in parts)]
        assert [part.start for part in parts] == bounds[:-1]
        assert bounds[-1] == len(words)
        assert all(
            part.raw == normal(text)[words[part.start].start : words[part.stop - 1].stop] for part in parts
        )


@given(TEXTS)
def test_a_text_always_has_the_same_few_different_readings(text: str) -> None:
    found = interpret.__wrapped__(text, WORDS)
    assert found == interpret.__wrapped__(text, WORDS)
    assert 1 <= len(found) <= READINGS_LIMIT
    assert len(set(found)) == len(found)


@given(TEXTS)
def test_a_part_has_what_is_searched_for(text: str) -> None:
    for part in (part for reading in interpret(text, WORDS) for part in reading.parts):
        assert part.raw.strip() == part.raw != ""
        match part.kind:
            case Kind.TRADE | Kind.STRUCTURE:
                assert part.codes is not None
                assert part.codes.all
            case Kind.PLACE:
                assert part.area is not None
                assert part.area.cities or part.area.postal_codes or part.area.department
            case Kind.LINK | Kind.IGNORED:
                assert part.value == ""
            case _:
                assert part.value


@given(TEXTS, st.integers(0, 30))
def test_a_text_without_a_part_can_be_typed_again(text: str, rank: int) -> None:
    reading = interpret(text, WORDS)[0]
    assume(reading.parts)
    gone = reading.parts[rank % len(reading.parts)]
    left = units(reading.without(gone))
    kept = [unit.folded for unit in units(normal(text))]
    assert len(left) < len(kept)
    assert all(unit.folded in kept for unit in left)


@given(st.text(max_size=60))
def test_folding_a_phrase_twice_changes_nothing(text: str) -> None:
    assert phrase(phrase(text)) == phrase(text)


@given(st.text(st.sampled_from("aeinrstux"), min_size=1, max_size=12))
def test_a_stem_never_grows_beyond_its_word_by_more_than_an_ending(word: str) -> None:
    assert 1 <= len(stem(word)) <= len(word) + 2


# -- Places ---------------------------------------------------------------------------------------------------------

NAMES = st.lists(
    st.sampled_from(["a", "ab", "saint", "vienne", "lyon", "en", "val", "2e", "arrondissement"]),
    min_size=1,
    max_size=4,
)
SOME_TOWNS = st.lists(
    st.tuples(NAMES.map(" ".join), st.sampled_from(["10000", "20000", "30000", "40000"])),
    min_size=1,
    max_size=12,
    unique=True,
)


def found_by(area: Area, towns: list[Town]) -> set[Town]:
    """The towns that a search by these beginnings and postal codes would find."""
    begun = {one for one in towns if any(one.folded.startswith(fold(city)) for city in area.cities)}
    return {one for one in begun if not area.postal_codes or one.postal_code in area.postal_codes}


@given(SOME_TOWNS)
def test_a_town_is_found_whole_and_other_towns_are_not(pairs: list[tuple[str, str]]) -> None:
    towns = [town(name, postal_code) for name, postal_code in pairs]
    for area in vocabulary(towns, {}).areas.values():
        found = found_by(area, towns)
        assert found
        named = {one.folded for one in found if one.name in area.cities or area.cities == (one.folded,)}
        strangers = {one for one in found if named and one.folded not in named and area.postal_codes}
        # Only a shared postal code lets a town through whose name merely begins alike.
        assert all(any(other.postal_code == one.postal_code for other in found - {one}) for one in strangers)


@given(SOME_TOWNS)
def test_the_full_name_of_a_town_finds_it(pairs: list[tuple[str, str]]) -> None:
    towns = [town(name, postal_code) for name, postal_code in pairs]
    words = vocabulary(towns, {})
    for one in towns:
        area = words.find_area(one.folded)
        assert area is not None
        assert one in found_by(area, towns)


# -- Spelling -------------------------------------------------------------------------------------------------------


def naive_distance(one: str, other: str) -> int:
    """Optimal string alignment as its recurrence is written."""

    @cache
    def between(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(
            between(i - 1, j) + 1, between(i, j - 1) + 1, between(i - 1, j - 1) + (one[i - 1] != other[j - 1])
        )
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            best = min(best, between(i - 2, j - 2) + 1)
        return best

    return between(len(one), len(other))


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 8))
def test_the_distance_is_that_of_its_definition_up_to_the_limit(one: str, other: str, limit: int) -> None:
    true = naive_distance(one, other)
    said = distance(one, other, limit)
    assert said == true if true <= limit else said > limit


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("villeurbane", "villeurbanne"),
        ("inffirmiere", "infirmiere"),
        ("lyno", "lyon"),
        ("cardiologuue", "cardiologue"),
        ("venissieux", None),
        ("pharamcie", "pharmacie"),
        ("duppont", "dupont"),
        ("zz", None),
    ],
)
def test_a_misspelt_word_is_put_right(typed: str, meant: str | None) -> None:
    found = corrections(typed, WORDS)
    assert found[0] == meant if meant else found == []


@given(st.text("abcdefghilmnoprstuv ", min_size=1, max_size=14))
def test_corrections_are_few_known_and_close(word: str) -> None:
    found = corrections(word, WORDS)
    assert len(found) <= 3
    assert word not in found
    assert all(known.startswith(word) or distance(word, known, 2) <= 2 for known in found)
    assert all(is_known(known, WORDS) for known in found)


def is_known(key: str, words: Vocabulary) -> bool:
    return key in words.common_names or words.find_codes(key) is not None or words.find_area(key) is not None


def test_the_closest_correction_comes_first() -> None:
    found = corrections("infirmie", WORDS)
    assert found
    lengths = [distance("infirmie", known, 9) for known in found if not known.startswith("infirmie")]
    assert all(before <= after for before, after in pairwise(lengths))
