"""Code tables: labels, completeness, groups, synonyms."""

import pytest

from socle.foundations.terminology.synonyms import synonyms
from socle.foundations.terminology.tables import by_url, display, group, table, table_ids
from socle.standards.annuaire import systems
from socle.standards.annuaire.files import ACTIVITY

tables = pytest.mark.parametrize("id", table_ids())


@tables
def test_every_code_has_a_french_label_and_the_shape_of_its_table(id: str) -> None:
    codes = table(id)
    assert len(codes) > 0
    for code in codes:
        french = codes.display(code)
        assert french
        assert french == french.strip()
        assert codes.display(code, "en")
        assert codes.pattern.fullmatch(code)


@tables
def test_a_table_is_found_by_its_url_and_its_oid(id: str) -> None:
    codes = table(id)
    assert by_url(codes.url) is by_url(f"urn:oid:{codes.oid}") is codes
    assert codes.title("fr") != ""
    assert codes.title("en") != ""


def test_number_of_codes_of_the_published_tables() -> None:
    skills = group("skill").tables
    assert (len(skills), sum(map(len, skills))) == (10, 265)
    assert len(table("G15")) == 29
    assert len(table("R72")) == 79


def test_only_some_tables_are_complete() -> None:
    skills = {codes.id for codes in group("skill").tables}
    assert {id for id in table_ids() if table(id).complete} == {"R23", "R85", "R72"} | skills


def test_a_code_is_impossible_only_in_a_complete_table() -> None:
    assert table("R23").impossible("X")
    assert not table("R23").impossible("S")
    assert not table("G15").impossible("34")


@pytest.mark.parametrize(
    ("name", "code", "impossible"),
    [
        ("role", "318", False),
        ("role", "399", True),
        ("role", "FON-99", False),
        ("role", "FON-33", False),
        ("role", "499", False),
        ("role", "?", False),
        ("skill", "SM04", False),
        ("skill", "SM99", True),
        ("skill", "?", True),
        ("profession", "77", False),
    ],
)
def test_a_column_of_several_tables_judges_a_code_by_its_shape(
    name: str, code: str, impossible: bool
) -> None:
    assert group(name).impossible(code) is impossible


def test_a_code_is_found_in_the_table_that_holds_it() -> None:
    professions = group("profession")
    found = {code: professions.find(code) for code in ("10", "41", "93", "99")}
    assert [codes.id for codes in found.values() if codes] == ["G15", "R94", "R95", "R291"]
    assert professions.find("77") is None
    assert professions.display("77") is None


def test_labels_in_both_languages() -> None:
    assert display(systems.PROFESSION, "60") == "Infirmier"
    assert display(systems.PROFESSION, "60", "en") == "Nurse"
    assert display("urn:oid:1.2.250.1.213.2.28", "SM04") == "Cardiologie et Maladies vasculaires"
    assert display(systems.LEGAL_STATUS, "03", "en") == "Commune"
    assert display("https://example.org/none", "1") is None
    assert display(systems.PROFESSION, "00") is None


@pytest.mark.parametrize(
    "column",
    [
        "profession",
        "category",
        "skill",
        "skill_type",
        "mode",
        "role",
        "sector",
        "activity_kind",
        "street_type",
    ],
)
def test_a_group_is_named_after_the_column_it_answers_for(column: str) -> None:
    assert column in ACTIVITY.columns
    assert group(column).name == column


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        table("R00")
    with pytest.raises(KeyError):
        group("colour")


def test_every_synonym_means_a_known_code() -> None:
    for word, meanings in synonyms().items():
        assert word == word.strip().lower()
        assert len(set(meanings)) == len(meanings)
        assert all(display(system, code) for system, code in meanings), word


@pytest.mark.parametrize(
    "word",
    ["cardio", "généraliste", "gynéco", "dentiste", "kiné", "labo", "ehpad", "ostéo", "psy"],
)
def test_everyday_words_have_a_meaning(word: str) -> None:
    assert synonyms()[word]
