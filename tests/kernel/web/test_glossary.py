"""Acronyms explained where they are first read."""

import re

from hypothesis import given
from hypothesis import strategies as st

from socle.app.manifests import house
from socle.app.plan import empty_plan
from socle.kernel.web.glossary import entries, explained

# Words that are names of things, not shortened words to explain.
NAMES = {"JSON", "HTTP"}
PIECES = st.sampled_from([*entries(), "RPPS", "<b>", "&", "santé", " ", "+", "-"])


def test_an_acronym_is_explained_once_in_the_language_of_the_page() -> None:
    html = explained("FINESS et FINESS", "fr")
    assert html.count("<abbr") == 1
    assert html.endswith("FINESS</abbr> et FINESS")
    assert "national register" in explained("FINESS", "en")


def test_only_whole_words_are_acronyms() -> None:
    assert "<abbr" not in explained("INSEE, APIs, RPPS++", "fr")
    assert explained("RPPS+, INS", "fr").count("<abbr") == 2


@given(st.lists(PIECES).map("".join))
def test_what_is_read_is_the_text_itself(text: str) -> None:
    html = explained(text, "fr")
    read = re.sub(r"</?abbr[^>]*>", "", html)
    assert read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


def test_every_entry_has_both_languages() -> None:
    assert all(set(expansion) == {"fr", "en"} and all(expansion.values()) for expansion in entries().values())


def test_every_acronym_of_the_house_is_explained() -> None:
    texts = [text for room in empty_plan().rooms for text in (room.subtitle.fr, room.subtitle.en)]
    texts += [text for manifest in house() for text in (manifest.subtitle.fr, manifest.subtitle.en)]
    texts += [text for step in empty_plan().steps for text in (step.title.fr, step.title.en)]
    acronyms = {found for text in texts for found in re.findall(r"(?<![\w‑])[A-Z]{3,}\+?(?!\w)", text)}
    assert acronyms - NAMES <= set(entries())
