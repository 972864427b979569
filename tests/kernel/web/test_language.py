"""Which language a page speaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.web import language


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "spoken"),
    [
        ("", "", "", "fr"),
        ("", "", "en-GB,en;q=0.9", "en"),
        ("", "", "de, fr-CA;q=0.4, en;q=0.3", "fr"),
        ("", "", "de-DE,de;q=0.9", "fr"),
        ("", "", "en;q=0, fr;q=0.1", "fr"),
        ("", "", "EN-us", "en"),
        ("", "socle_lang=en", "fr", "en"),
        ("", "a=b; socle_lang=fr; c=d", "en", "fr"),
        ("", "socle_lang=xx", "en", "en"),
        ("", "other_socle_lang=en", "fr", "fr"),
        ("lang=en", "socle_lang=fr", "fr", "en"),
        ("a=1&lang=fr&b=2", "socle_lang=en", "en", "fr"),
        ("lang=fr&lang=en", "", "", "en"),
        ("lang=de", "", "en", "en"),
        ("slang=en", "", "fr", "fr"),
    ],
)
def test_what_the_reader_chose_comes_before_what_the_browser_asks(
    query: str, cookie: str, accepted: str, spoken: str
) -> None:
    assert language.choose(query, cookie, accepted) == spoken


@given(st.text(), st.text(), st.text())
def test_any_nonsense_gives_a_language_of_ours(query: str, cookie: str, accepted: str) -> None:
    assert language.choose(query, cookie, accepted) in language.LANGUAGES


@given(st.lists(st.sampled_from(["fr", "en", "de", "*"]), min_size=1, unique=True))
def test_without_weights_the_first_of_ours_wins(tags: list[str]) -> None:
    ours = [tag for tag in tags if tag in language.LANGUAGES]
    assert language.preferred(",".join(tags)) == (ours[0] if ours else "fr")


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_the_heavier_of_two_weights_wins(french: int, english: int) -> None:
    header = f"fr;q={french / 1000:.3f}, en;q={english / 1000:.3f}"
    assert language.preferred(header) == ("en" if english > french else "fr")


def test_a_query_of_too_many_fields_is_not_parsed() -> None:
    assert language.asked("lang=en&" * 200) is None
