"""Text folding for string search (FHIR R4 search.html#string).

Two texts that a person would call the same name fold alike: case, accents, ligatures and compatibility
forms do not count; apostrophes, hyphens and runs of white space count as one space, at the ends as none.
Other punctuation is kept, since `@` and `.` are searched for in mailboxes.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_APOSTROPHES: Final = "'`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07"
_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe63\uff0d"
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Letters that Unicode does not decompose but that a keyboard without them replaces.
_LIGATURES: Final = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
}
_CACHED_BELOW: Final = 0x2E80


def fold(text: str) -> str:
    """`D’Arc  Œuvre-Né` becomes `d arc oeuvre ne`. Folding twice changes nothing; the result may be empty."""
    if text.isascii():
        return " ".join(text.lower().replace("'", " ").replace("-", " ").replace("`", " ").split())
    return " ".join(text.translate(_FOLDED).split())


class _FoldedCharacters(dict[int, str]):
    """Folded form of each character, computed when first met; scripts with many characters are not kept."""

    def __missing__(self, code_point: int) -> str:
        folded = _fold_character(chr(code_point))
        if code_point < _CACHED_BELOW:
            self[code_point] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _APOSTROPHES or character in _HYPHENS:
        return " "
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    plain = "".join(_LIGATURES.get(c, c) for c in decomposed if not unicodedata.combining(c))
    return plain if plain == character else "".join(map(_fold_character, plain))


_FOLDED: Final = _FoldedCharacters(dict.fromkeys(map(ord, _INVISIBLE), ""))
