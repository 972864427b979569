"""Constant sentences are looked up once a language, and say what Django's own tag says."""

import pytest
from django.template import Context, Template
from django.utils import translation

SOURCES = (
    '{% translate "Menu principal" %}',
    "{% translate 'Menu principal' as words %}[{{ words }}]",
    '{% translate "100 % <b>" %}',
    '{% translate "Menu principal"|upper %}',
    "{% translate said %}",
    '{% translate "Menu principal" noop %}',
)


@pytest.mark.parametrize("source", SOURCES)
def test_words_are_those_of_django(source: str) -> None:
    """In each language, and again once they are known."""
    ours, django = Template(source), Template("{% load i18n %}" + source)
    for lang in ("fr", "en", "fr", "en"):
        with translation.override(lang):
            context = {"said": "Menu principal"}
            assert ours.render(Context(context)) == django.render(Context(context))


def test_words_are_in_the_language_of_the_page() -> None:
    source = Template('{% translate "Menu principal" %}')
    with translation.override("en"):
        english = source.render(Context())
    with translation.override("fr"):
        assert source.render(Context()) == "Menu principal" != english
