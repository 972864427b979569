"""An identity as HL7 v2 segments: PID, and the date of the call to INSi in ZFD (IHE PAM France 2.11, HL7 v2.5 §3.4.2).

Version 2 tells less than FHIR: VALI with a number is a qualified identity and VALI without one a validated one; a
recovered identity is sent as provisional, since its number may not leave. Numbers of replaced identities travel in MRG.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Final, NamedTuple

from socle.standards.ins.authorities import REAL, Authority
from socle.standards.ins.births import UNKNOWN_PLACE, complete
from socle.standards.ins.faults import CARRIED_MISSING, CARRIED_SHAPE, refuse
from socle.standards.ins.identity import (
    Carried,
    LocalId,
    Received,
    comments,
    read_codes,
    read_number,
    settled,
)
from socle.standards.ins.matricule import KeyRule
from socle.standards.ins.statuses import Status
from socle.standards.ins.traits import Sex, Traits

_STATUSES: Final = {Status.QUALIFIED: Status.VALIDATED, Status.RECOVERED: Status.PROVISIONAL}
_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE}
_LAST_FIELD: Final = 32
_ZFD_LAST_FIELD: Final = 6
_ESCAPE: Final = re.compile(r"\\(?:([FSTRE])|X((?:[0-9A-Fa-f]{2})+)|\.br)\\")
_DAY: Final = re.compile(
    r"([0-9]{4})([0-9]{2})?([0-9]{2})?(?:[0-9]{2,6}(?:\.[0-9]+)?)?(?:[+-][0-9]{4})?", re.ASCII
)


class Encoding(NamedTuple):
    """The characters that MSH-1 and MSH-2 announce. The escape character is always the backslash here."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    subcomponent: str = "&"


STANDARD: Final = Encoding()


def escape(text: str, encoding: Encoding = STANDARD) -> str:
    """HL7 v2.5 §2.7: the characters that have a meaning, and line ends, which would end the segment."""
    return "".join(_escaped(character, encoding) for character in text)


def _escaped(character: str, encoding: Encoding) -> str:
    if character in encoding:
        return f"\\{'FSRT'[encoding.index(character)]}\\"
    if character == "\\":
        return "\\E\\"
    return f"\\X{ord(character):02X}\\" if character in "\r\n" else character


def unescape(text: str, encoding: Encoding = STANDARD) -> str:
    """Escapes that the standard does not define for a text are kept as they are."""
    return _ESCAPE.sub(lambda found: _meant(found, encoding), text)


def _meant(found: re.Match[str], encoding: Encoding) -> str:
    letter, hexadecimal = found.groups()
    if hexadecimal:
        return bytes.fromhex(hexadecimal).decode("latin-1")
    return "\n" if letter is None else {**dict(zip("FSRT", encoding, strict=True)), "E": "\\"}[letter]


# -- Write -----------------------------------------------------------------------------------------------------------


def write(identity: Carried, encoding: Encoding = STANDARD) -> str:
    """The PID segment, without its end of line."""
    traits = identity.traits
    fields = {
        1: "1",
        3: encoding.repetition.join(_identifiers(identity, encoding)),
        5: encoding.repetition.join(_names(traits, encoding)),
        7: _written(traits.birth_date),
        8: traits.sex.value if traits.sex is not Sex.INDETERMINATE else "U",
        11: _components({7: "BDL", 9: traits.birth_place}, encoding),
        32: encoding.repetition.join(_codes(identity)),
    }
    return encoding.field.join(["PID", *(fields.get(rank, "") for rank in range(1, _LAST_FIELD + 1))])


def write_zfd(identity: Carried, encoding: Encoding = STANDARD) -> str | None:
    """The French segment with the day of the call to INSi (ZFD-6); None when there was none."""
    if identity.recovered_on is None:
        return None
    return encoding.field.join(["ZFD", *[""] * (_ZFD_LAST_FIELD - 1), _written(identity.recovered_on)])


def _written(day: date) -> str:
    return day.isoformat().replace("-", "")


def _codes(identity: Carried) -> Iterator[str]:
    if identity.status is not None:
        yield _STATUSES.get(identity.status, identity.status).value
    yield from comments(identity)


def _identifiers(identity: Carried, encoding: Encoding) -> Iterator[str]:
    for local in identity.local_ids:
        if not local.is_old:
            yield _identifier(local.value, local.namespace, local.authority, "PI", encoding)
    if identity.ins is not None:
        authority = identity.ins.authority
        yield _identifier(identity.ins.number, authority.namespace, authority.oid, "INS", encoding)


def _identifier(value: str, namespace: str, oid: str, kind: str, encoding: Encoding) -> str:
    assigner = encoding.subcomponent.join((escape(namespace, encoding), escape(oid, encoding), "ISO"))
    parts = (escape(value, encoding), "", "", assigner, kind)
    return encoding.component.join(parts)


def _names(traits: Traits, encoding: Encoding) -> Iterator[str]:
    birth = {1: traits.birth_name, 2: traits.first_given_name, 3: traits.given_names, 7: "L"}
    yield _components(birth, encoding)
    if traits.used_name or traits.used_given_name:
        yield _components({1: traits.used_name, 2: traits.used_given_name, 7: "D"}, encoding)


def _components(values: dict[int, str], encoding: Encoding) -> str:
    return encoding.component.join(
        escape(values.get(rank, ""), encoding) for rank in range(1, max(values) + 1)
    )


# -- Read ------------------------------------------------------------------------------------------------------------


def read(
    pid: str,
    zfd: str = "",
    encoding: Encoding = STANDARD,
    *,
    accepted: Collection[Authority] = REAL,
    key_rule: KeyRule = KeyRule.BY_AUTHORITY,
) -> Received:
    """An identity from a PID segment and, when the message has one, its ZFD. `accepted` and `key_rule` are those of
    `matricule.parse`. Raises Refused."""
    fields = _Fields(pid, "PID", encoding)
    identifiers = [_assigned(one, encoding) for one in fields.repetitions(3)]
    number, doubts = read_number(((value, oid) for value, oid, *_ in identifiers), accepted, key_rule)
    claim = read_codes([code for code in map(fields.whole, fields.repetitions(32)) if code])
    status = Status.QUALIFIED if number and claim.status is Status.VALIDATED else claim.status
    local = (LocalId(value, oid, space) for value, oid, space, kind in identifiers if kind == "PI" and value)
    traits = _traits(fields)
    called = _Fields(zfd, "ZFD", encoding).first(_ZFD_LAST_FIELD) if zfd else ""
    identity = Carried(
        traits,
        status,
        None,
        claim.attributes,
        tuple(local),
        recovered_on=_day(called) if called else None,
        is_active=claim.is_active,
        is_date_uncertain=traits.has_uncertain_date,
    )
    received, broken = settled(identity, number)
    return Received(received, (*doubts, *claim.warnings, *broken))


class _Fields:
    """A segment cut into fields; PID-3 is number 3."""

    def __init__(self, segment: str, name: str, encoding: Encoding) -> None:
        self._fields = segment.rstrip("\r\n").split(encoding.field)
        self._encoding = encoding
        if self._fields[0] != name or "\r" in segment.rstrip("\r\n"):
            raise refuse(CARRIED_SHAPE, self._fields[0][:10], expected=f"{name}{encoding.field}")

    def repetitions(self, rank: int) -> list[list[str]]:
        """The repetitions of a field that are not empty, each cut into components, still escaped."""
        whole = self._fields[rank] if rank < len(self._fields) else ""
        cut = (one.split(self._encoding.component) for one in whole.split(self._encoding.repetition))
        return [components for components in cut if any(components)]

    def first(self, rank: int) -> str:
        found = self.repetitions(rank)
        return self.component(found[0], 1) if found else ""

    def whole(self, components: list[str]) -> str:
        return self.component(components, 1)

    def component(self, components: list[str], rank: int) -> str:
        """By its number from 1; a null value (two quotation marks) is read as empty."""
        text = components[rank - 1] if rank <= len(components) else ""
        return "" if text == '""' else unescape(text, self._encoding)


def _assigned(components: list[str], encoding: Encoding) -> tuple[str, str, str, str]:
    """Value, OID, namespace and type of one identifier."""
    value, _, _, assigner, kind = (*components, "", "", "", "")[:5] if len(components) < 5 else components[:5]
    space, oid = (*assigner.split(encoding.subcomponent), "")[:2]
    return unescape(value, encoding), unescape(oid, encoding), unescape(space, encoding), kind


def _traits(fields: _Fields) -> Traits:
    names = {fields.component(one, 7) or "L": one for one in reversed(fields.repetitions(5))}
    birth, used = names.get("L", []), names.get("D", [])
    listed, first = fields.component(birth, 3), fields.component(birth, 2)
    required = {"PID-5.1": fields.component(birth, 1), "PID-5.2": first or listed, "PID-7": fields.first(7)}
    missing = [path for path, value in required.items() if not value]
    if missing:
        raise refuse(CARRIED_MISSING, ", ".join(missing))
    match = _DAY.fullmatch(fields.first(7))
    if match is None:
        raise refuse(CARRIED_SHAPE, fields.first(7), expected="PID-7 AAAAMMJJ")
    born = complete("-".join(part for part in match.groups() if part))
    places = [fields.component(one, 9) for one in fields.repetitions(11) if fields.component(one, 7) == "BDL"]
    return Traits(
        required["PID-5.1"],
        first or listed.split()[0],
        born.value,
        _SEXES.get(fields.first(8), Sex.INDETERMINATE),
        next(filter(None, places), UNKNOWN_PLACE),
        listed,
        fields.component(used, 1),
        fields.component(used, 2),
        born.lunar,
    )


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise refuse(CARRIED_SHAPE, text, expected="ZFD-6 AAAAMMJJ") from None
