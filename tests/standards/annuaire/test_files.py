"""Extraction files: which header announces which file."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.annuaire.files import (
    ACTIVITY,
    DIPLOMA,
    FORMATS,
    MAILBOX,
    SKILL,
    FileFormat,
    Kind,
    Recognised,
    Unknown,
    recognise,
)

formats = pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.kind)


@pytest.mark.parametrize(("form", "width"), [(ACTIVITY, 56), (SKILL, 13), (DIPLOMA, 13), (MAILBOX, 31)])
def test_width_of_each_file(form: FileFormat, width: int) -> None:
    assert len(form.columns) == len(form.vintages[0].headers) == width


@formats
def test_names_are_plain_and_unique(form: FileFormat) -> None:
    assert len(set(form.columns)) == len(form.columns)
    assert all(name.isidentifier() and name.isascii() and name.islower() for name in form.columns)
    assert form.key in form.columns
    for vintage in form.vintages:
        assert len(set(vintage.headers)) == len(vintage.headers)


@formats
@pytest.mark.parametrize("before", ["", "\ufeff"])
@pytest.mark.parametrize("after", ["", "|", "\n", "|\r\n"])
def test_every_vintage_is_recognised(form: FileFormat, before: str, after: str) -> None:
    for vintage in form.vintages:
        found = recognise(before + "|".join(vintage.headers) + after)
        assert isinstance(found, Recognised)
        assert (found.format, found.vintage) == (form, vintage)
        assert found.columns == form.columns[: len(vintage.headers)]
        assert found.trailing_separator is after.startswith("|")


def test_the_older_vintage_ends_with_the_pharmacists_section() -> None:
    found = recognise("|".join(ACTIVITY.vintages[1].headers) + "|")
    assert isinstance(found, Recognised)
    assert len(found.columns) == 52
    assert found.columns[-1] == "pharmacist_section_label"


def test_decomposed_accents_and_spaces_are_the_same_name() -> None:
    decomposed = ACTIVITY.header.replace("é", "e\u0301").replace("|", " | ")
    assert isinstance(recognise(decomposed), Recognised)


@given(st.permutations(ACTIVITY.vintages[0].headers))
def test_columns_are_addressed_by_name_in_any_order(headers: list[str]) -> None:
    found = recognise("|".join(headers))
    assert isinstance(found, Recognised)
    assert [ACTIVITY.vintages[0].headers[ACTIVITY.index(name)] for name in found.columns] == headers


@formats
def test_an_accent_or_case_that_differs_is_not_the_same_name(form: FileFormat) -> None:
    found = recognise(form.header.replace("é", "e", 1))
    assert isinstance(found, Unknown)
    assert found.nearest is form
    assert found.expected is not None
    assert found.received == found.expected.replace("é", "e", 1)
    assert found.vintage.headers[found.position - 1] == found.expected


def test_a_missing_last_column_is_named() -> None:
    found = recognise(SKILL.header.rpartition("|")[0])
    assert found == Unknown(SKILL, SKILL.vintages[0], 13, "Libellé savoir-faire", None)


def test_a_column_too_many_is_named() -> None:
    found = recognise(MAILBOX.header + "|Remarque")
    assert found == Unknown(MAILBOX, MAILBOX.vintages[0], 32, None, "Remarque")


def test_a_column_named_twice_is_not_recognised() -> None:
    headers = list(DIPLOMA.vintages[0].headers)
    headers[4] = headers[3]
    found = recognise("|".join(headers))
    assert isinstance(found, Unknown)
    assert (found.nearest, found.position, found.received) == (DIPLOMA, 5, "Nom d'exercice")


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(recognise(text), Unknown)


def test_official_file_names() -> None:
    moment = datetime(2026, 10, 8, 7, 5)
    assert FORMATS[Kind.SKILL].file_name(moment) == "PS_LibreAcces_SavoirFaire_202610080705.txt"
    assert MAILBOX.file_name(moment) == "Extraction_Correspondance_MSSante_202610080705.txt"
