"""What a notification says, in the language of its reader. Pure: from coded data to sentences.

Data name roles, days and factors by their codes; the words are found here, so that a notification written in one
language is read in another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from socle.kernel.access import ROLES
from socle.kernel.manifest import Text
from socle.kernel.notify.kinds import CATALOGUE, NoticeKind
from socle.kernel.webhooks.outcome import in_words

Data = Mapping[str, str | int]
_MONTHS = tuple(
    Text(fr, en)
    for fr, en in zip(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
        "January February March April May June July August September October November December".split(),
        strict=True,
    )
)
_FACTORS = {
    "totp": Text("codes d’une application", "codes of an application"),
    "passkey": Text("clé d’accès", "passkey"),
    "recovery": Text("codes de secours", "recovery codes"),
}
_RIGHTS = {
    "access": Text("accès", "access"),
    "rectification": Text("rectification", "rectification"),
    "erasure": Text("effacement", "erasure"),
    "restriction": Text("limitation", "restriction"),
    "portability": Text("portabilité", "portability"),
    "objection": Text("opposition", "objection"),
}
_REASONS = {
    "revoked": Text("il vous a été retiré", "it was taken back"),
    "leaver": Text("votre départ a été enregistré", "you were recorded as having left"),
    "delegation-ended": Text("la délégation a pris fin", "the delegation ended"),
    "unconfirmed": Text(
        "il n’a pas été confirmé à la revue annuelle", "it was not confirmed in the yearly review"
    ),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`link` is a path of the house."""

    title: str
    text: str
    link: str


def told(code: str, data: Data, lang: str) -> Sentence:
    """What this notification says. One whose kind is no longer declared (a service that was removed) says its code."""
    kind = CATALOGUE.get(code)
    if kind is None:
        return Sentence(code, "", "/notifications")
    words = _words(kind, data, lang)
    return Sentence(
        kind.title.of(lang).format(**words), kind.text.of(lang).format(**words), kind.link.format(**data)
    )


def _words(kind: NoticeKind, data: Data, lang: str) -> dict[str, str]:
    words = {name: _WORDS.get(name, _as_it_is)(str(data.get(name, "")), lang) for name in kind.members}
    return {**words, "place": _place(str(data.get("structure", "")), lang)}


def _place(structure: str, lang: str) -> str:
    """Where a role counts, as the end of a sentence; empty for the whole installation."""
    if not structure:
        return ""
    return f" pour la structure {structure}" if lang == "fr" else f" for the structure {structure}"


def _role(code: str, lang: str) -> str:
    role = ROLES.get(code)
    if role is None:
        return code
    return role.fr if lang == "fr" else role.en


def _day(written: str, lang: str) -> str:
    day = date.fromisoformat(written)
    first = "1ᵉʳ" if day.day == 1 and lang == "fr" else str(day.day)
    return f"{first} {_MONTHS[day.month - 1].of(lang)} {day.year}"


def _among(words: Mapping[str, Text]) -> Callable[[str, str], str]:
    return lambda code, lang: words[code].of(lang) if code in words else code


def _as_it_is(value: str, lang: str) -> str:
    return value


_WORDS: dict[str, Callable[[str, str], str]] = {
    "role": _role,
    "until": _day,
    "due": _day,
    "factor": _among(_FACTORS),
    "right": _among(_RIGHTS),
    "reason": _among(_REASONS),
    "problem": in_words,
}
