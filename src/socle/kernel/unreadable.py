"""A setting that cannot be read, told to who wrote it: which variable, what it holds unless that is a secret, what
would pass."""

import re
from types import NoneType
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from socle.kernel.errors import SocleError, kind

SETTINGS_UNREADABLE = kind(
    "settings-unreadable",
    500,
    fr="Réglage illisible : {faults_fr}.",
    en="A setting cannot be read: {faults_en}.",
    rule="docs/settings.md; the environment, then socle.env in the data folder",
)
_SHOWN = 80
# What stands there in an address holds a password.
_USER = re.compile(r"//.*@")
_PLAIN: dict[type, tuple[str, str]] = {
    bool: ("true ou false", "true or false"),
    int: ("un nombre entier", "a whole number"),
    float: ("un nombre", "a number"),
}
# As annotated_types names them, in the order in which they are told.
_BOUNDS = (
    ("gt", "plus de", "more than"),
    ("ge", "au moins", "at least"),
    ("lt", "moins de", "less than"),
    ("le", "au plus", "at most"),
)


def unreadable(owner: type[BaseSettings], wrong: ValidationError) -> SocleError:
    """What pydantic found, as SocleError(SETTINGS_UNREADABLE). It may be raised `from None` only: what pydantic says
    quotes values."""
    # Settings are checked field by field: each error has the place of one.
    faults = [_fault(owner, str(one["loc"][0]), one["input"]) for one in wrong.errors()]
    return SocleError(
        SETTINGS_UNREADABLE,
        faults_fr="\u00a0; ".join(fr for fr, _ in faults),
        faults_en="; ".join(en for _, en in faults),
    )


def _fault(owner: type[BaseSettings], name: str, received: object) -> tuple[str, str]:
    field = owner.model_fields[name]
    variable = f"{owner.model_config.get('env_prefix', '')}{name}".upper()
    fr, en = expected(field)
    shown = _shown(field, received)
    if shown is None:
        return (
            f"{variable} (sa valeur n’est pas montrée)\u00a0: donnez {fr}",
            f"{variable} (its value is not shown): give {en}",
        )
    return f"{variable} vaut «\u00a0{shown}\u00a0»\u00a0: donnez {fr}", f"{variable} is “{shown}”: give {en}"


def _shown(field: FieldInfo, received: object) -> str | None:
    """None for a secret."""
    return ascii(_USER.sub("//***@", str(received)))[1:-1][:_SHOWN] if field.repr else None


def expected(field: FieldInfo) -> tuple[str, str]:
    """What such a setting may hold, in French and in English. One that is read by code of its own gives examples."""
    if field.examples:
        given = str(field.examples[0])
        return f"par exemple {given}", f"for example {given}"
    kinds = [kind for kind in get_args(field.annotation) if kind is not NoneType]
    if kinds and not isinstance(kinds[0], type):
        listed = ", ".join(map(str, kinds))
        return f"l’un de\u00a0: {listed}", f"one of: {listed}"
    plain: Any = kinds[0] if kinds else field.annotation
    fr, en = _PLAIN.get(plain, (plain.__name__, plain.__name__))
    for bound, word_fr, word_en in _BOUNDS:
        for limit in (getattr(one, bound) for one in field.metadata if hasattr(one, bound)):
            fr, en = f"{fr}, {word_fr} {limit}", f"{en}, {word_en} {limit}"
    return fr, en
