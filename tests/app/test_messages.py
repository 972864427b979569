"""The English catalogues are whole, compiled, and say what the sources say."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from tools import messages

PACKAGES = [pytest.param(package, id=package.name) for package in messages.packages()]
Texts = dict[str | tuple[str, ...], str | tuple[str, ...]]


def said(catalog: Catalog) -> Texts:
    return {
        (tuple(message.id) if isinstance(message.id, list | tuple) else message.id): (
            tuple(message.string) if isinstance(message.string, list | tuple) else message.string or ""
        )
        for message in catalog
        if message.id
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_the_catalogue_holds_the_texts_of_the_sources(package: Path) -> None:
    assert set(said(messages.read(package))) == set(said(messages.current(package)))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_text_is_left_untranslated(package: Path) -> None:
    assert messages.missing(messages.current(package)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_compiled_catalogue_is_that_of_the_source(package: Path) -> None:
    source = messages.read(package)
    fresh = read_mo(BytesIO(messages.compiled(source)))
    kept = read_mo(BytesIO(messages.po_file(package).with_suffix(".mo").read_bytes()))
    assert said(kept) == said(fresh)
    assert said(kept)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_keeps_the_variables_and_the_markup(package: Path) -> None:
    for message, string in said(messages.read(package)).items():
        french = message if isinstance(message, str) else message[0]
        for english in (string,) if isinstance(string, str) else string:
            assert parts(french) == parts(english)


def parts(text: str) -> list[str]:
    """The variables and the tags of a text; an attribute's words are translated, so only its tag counts."""
    variables = [piece.partition(")s")[0] for piece in text.split("%(")[1:]]
    tags = [piece.split(">")[0].split(" ")[0] for piece in text.split("<")[1:]]
    return sorted(variables) + tags


def test_two_packages_do_not_say_one_text_differently() -> None:
    known: Texts = {}
    for package in messages.packages():
        for message, string in said(messages.read(package)).items():
            assert known.setdefault(message, string) == string, message


@pytest.mark.parametrize("package", PACKAGES)
def test_french_punctuation_is_not_left_alone_at_the_start_of_a_line(package: Path) -> None:
    texts = [
        text
        for message in said(messages.read(package))
        for text in (message if isinstance(message, tuple) else [message])
    ]
    loose = re.compile(r" [:;?!»]|« ")
    assert [text for text in texts if loose.search(text)] == []
