"""The parameter `claims`: single claims asked for, and how much they matter (OpenID Connect Core §5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from socle.standards.fhir import json
from socle.standards.oauth.faults import CLAIMS_UNREADABLE, Refused
from socle.standards.oauth.parameters import Parameters

LONGEST: Final = 8_192
_MOST_CLAIMS: Final = 100
_MOST_VALUES: Final = 50
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """`values` are those that would do, empty when any would."""

    essential: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimsRequest:
    """The claims wanted in each place, by name."""

    id_token: Mapping[str, Wanted] = field(default_factory=dict)
    userinfo: Mapping[str, Wanted] = field(default_factory=dict)


def read_claims(parameters: Parameters) -> ClaimsRequest:
    """Members other than id_token and userinfo are ignored. Raises Refused: CLAIMS_UNREADABLE, MALFORMED, REPEATED."""
    text = parameters.document("claims", LONGEST)
    if not text:
        return ClaimsRequest()
    try:
        read: Any = json.parse(
            text.encode("utf-8", "surrogatepass"), max_bytes=4 * LONGEST, max_depth=_DEEPEST
        )
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise _unreadable("ce n’est pas un objet JSON", "it is not a JSON object")
    return ClaimsRequest(_place(read, "id_token"), _place(read, "userinfo"))


def _place(read: Mapping[str, Any], name: str) -> dict[str, Wanted]:
    held = read.get(name) or {}
    if not isinstance(held, dict):
        raise _unreadable(f"{name} n’est pas un objet", f"{name} is not an object")
    if len(held) > _MOST_CLAIMS:
        raise _unreadable(f"plus de {_MOST_CLAIMS} claims", f"more than {_MOST_CLAIMS} claims")
    return {claim: _wanted(one) for claim, one in held.items()}


def _wanted(one: Any) -> Wanted:
    if one is None:
        return Wanted()
    if not isinstance(one, dict) or not isinstance(one.get("essential", False), bool):
        raise _unreadable("un claim n’est ni null ni un objet", "a claim is neither null nor an object")
    listed = one.get("values", [one["value"]] if "value" in one else [])
    if not isinstance(listed, list) or len(listed) > _MOST_VALUES:
        raise _unreadable("values n’est pas une courte liste", "values is not a short list")
    return Wanted(one.get("essential", False), tuple(_text(value) for value in listed))


def _text(value: Any) -> str:
    """A wanted value as text, which is how claims are compared here."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | json.Decimal):
        return str(value)
    raise _unreadable("une valeur n’est pas simple", "a value is not a plain one")


def _unreadable(fr: str, en: str) -> Refused:
    return Refused(CLAIMS_UNREADABLE, fr=fr, en=en)
