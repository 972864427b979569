"""Names as INSi accepts and returns them: the alphabet, what must not follow what, and the first given name.

Sources: SEL-MP-043 §2, §3.4.1, EF_INS01_03, EF_INS10_01 and EF_INS10_02; ANS "INS, format datamatrix" 2.2; Guide INS
EXI ID 10. A name is kept as it was entered or returned and normalised to be sent or printed; it is folded to be
compared. Normalising never loses a letter: what has no defined equivalent is refused.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from socle.standards.fhir.faults import shown
from socle.standards.fhir.text import fold
from socle.standards.ins.faults import (
    FIRST_GIVEN_NAME,
    NAME_CHARACTER,
    NAME_DOUBLED,
    NAME_EMPTY,
    NAME_END,
    NAME_LONG,
    NAME_START,
    Fault,
    Refused,
    fault,
    refuse,
)

LONGEST_PRINTED: Final = 100
_ALLOWED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ '-")
_EQUIVALENTS: Final = {
    "Æ": "AE",
    "æ": "AE",
    "Œ": "OE",
    "œ": "OE",
    "ß": "SS",
    "ẞ": "SS",
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"),
}
_DOUBLED_IN_FAMILY: Final = re.compile(r"[ '][ ']|---")
_DOUBLED_IN_GIVEN: Final = re.compile(r"[ ']{2}|--")


class Profile(StrEnum):
    """What a name is normalised for. `GIVEN` takes one given name or the list, separated by spaces; `PRINTED` is the
    datamatrix, which carries what INSi returned and only bounds its alphabet and length."""

    FAMILY = "family"
    GIVEN = "given"
    PRINTED = "printed"


def normalise(text: str, profile: Profile) -> str:
    """`D’Aéion  Cœur` becomes `D'AEION COEUR`. Spaces at the ends and doubled ones, which nobody sees, are dropped; any
    other mistake is refused. Normalising twice changes nothing. Raises Refused.
    """
    spaced = " ".join(text.split())
    normalised = "".join(
        _plain(character, spaced, rank)
        for rank, character in enumerate(unicodedata.normalize("NFC", spaced), 1)
    )
    wrong = check(normalised, profile)
    if wrong is not None:
        raise Refused(wrong)
    return normalised


def _plain(character: str, text: str, position: int) -> str:
    if character in _EQUIVALENTS:
        return _EQUIVALENTS[character]
    letters = [c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c)]
    # Only ASCII has capitals here: `ı` or `ſ` would silently become another letter.
    plain = "".join(letters).upper() if "".join(letters).isascii() else character
    if not _ALLOWED.issuperset(plain):
        raise refuse(NAME_CHARACTER, text, character=shown(character), position=position)
    return plain


def check(text: str, profile: Profile) -> Fault | None:
    """Why INSi or the datamatrix would not take a name as it is; None when it would."""
    if not text.strip(" '-"):
        return fault(NAME_EMPTY, text)
    for position, character in enumerate(text, 1):
        if character not in _ALLOWED:
            return fault(NAME_CHARACTER, text, character=shown(character), position=position)
    if profile is Profile.PRINTED:
        return _printable(text)
    return _follows_rules(text, profile)


def _printable(text: str) -> Fault | None:
    if len(text) <= LONGEST_PRINTED:
        return None
    return fault(NAME_LONG, text, length=len(text), limit=LONGEST_PRINTED)


def _follows_rules(text: str, profile: Profile) -> Fault | None:
    given = profile is Profile.GIVEN
    doubled = (_DOUBLED_IN_GIVEN if given else _DOUBLED_IN_FAMILY).search(text)
    if doubled:
        return fault(NAME_DOUBLED, text, found=shown(doubled[0]))
    if text[0] in " -" or (given and " -" in text):
        return fault(NAME_START, text)
    if text[-1] == " " or (given and re.search(r"['-](?: |$)", text)):
        return fault(NAME_END, text)
    return None


def begins_list(first: str, given_names: str) -> bool:
    """Whether a first given name is the beginning of the list, hyphens and apostrophes counting as spaces: with `JEAN
    CHRISTOPHE PIERRE`, `JEAN` and `JEAN-CHRISTOPHE` are, `PIERRE` is not (EXI ID 10)."""
    words, all_words = fold(first).split(), fold(given_names).split()
    return bool(words) and all_words[: len(words)] == words


def check_first(first: str, given_names: str) -> Fault | None:
    return (
        None
        if begins_list(first, given_names)
        else fault(FIRST_GIVEN_NAME, first, given_names=shown(given_names))
    )
