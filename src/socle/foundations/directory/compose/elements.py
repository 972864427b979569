"""Elements that several resources of the directory share."""

from functools import lru_cache
from typing import Any

from socle.foundations.directory.statements import MailboxLine
from socle.foundations.terminology.tables import group
from socle.standards.annuaire import systems
from socle.standards.fhir.json import Prepared

Json = dict[str, Any]
ASSUMED_PERSON = "urn:socle:directory:person"
ASSUMED_ACTIVITY = "urn:socle:directory:activity"
ASSUMED_STRUCTURE = "urn:socle:directory:structure"
_SECURE_EMAIL = {
    "url": systems.EMAIL_TYPE,
    "valueCoding": {"system": systems.MESSAGING_TYPE, "code": "MSSANTE"},
}


@lru_cache(maxsize=10_000)
def system_of(column: str, code: str) -> str:
    """The code system of a code found in a column: the table that holds it, else the first whose codes look alike."""
    tables = group(column).tables
    found = group(column).find(code) or next(
        (one for one in tables if one.pattern.fullmatch(code)), tables[0]
    )
    return found.url


def coding(column: str, code: str) -> Json:
    return {"system": system_of(column, code), "code": code}


def concept(*codings: Json) -> Json:
    return {"coding": list(codings)}


@lru_cache(maxsize=100)
def _identifier_type(code: str) -> Prepared:
    return Prepared(concept({"system": systems.IDENTIFIER_TYPES, "code": code}))


def identifier(type_code: str, system: str, value: str) -> Json:
    return {"use": "official", "type": _identifier_type(type_code), "system": system, "value": value}


@lru_cache(maxsize=10_000)
def coded(*pairs: tuple[str, str]) -> Prepared:
    """A CodeableConcept of (column, code) pairs, empty codes left out; prepared, because the same few come back."""
    return Prepared(concept(*(coding(column, code) for column, code in pairs if code)))


@lru_cache(maxsize=10_000)
def meta(type_name: str, information_system: str, authority: str) -> Prepared:
    """Source, profiles (without version) and data trace of a composed resource."""
    trace: list[Json] = [{"url": "systeme-information", "valueCode": information_system}]
    if code := authority.partition("/")[0].strip():
        trace.append(
            {
                "url": "autorite-enregistrement",
                "valueCodeableConcept": concept({"system": systems.AUTHORITY, "code": code}),
            }
        )
    return Prepared(
        {
            "extension": [{"url": systems.DATA_TRACE, "extension": list(trace)}],
            "source": systems.SOURCE,
            "profile": list(systems.PUBLIC_PROFILES[type_name]),
        }
    )


def mailbox(line: MailboxLine) -> Json:
    """An MSSanté mailbox as a ContactPoint (profile as-mailbox-mss)."""
    details: list[Json] = []
    if line.mailbox_type:
        kind = concept({"system": systems.MAILBOX_TYPE, "code": line.mailbox_type})
        details.append({"url": "type", "valueCodeableConcept": kind})
    if line.service:
        details.append({"url": "service", "valueString": line.service})
    metadata = [{"url": systems.MAILBOX_METADATA, "extension": details}] if details else []
    extensions = [_SECURE_EMAIL, *metadata]
    return {"extension": extensions, "system": "email", "value": line.address}


def mailboxes(lines: list[MailboxLine]) -> list[Json]:
    """Each address once, in order; the first is the preferred one."""
    found = [mailbox(line) for line in {line.address: line for line in sorted(lines)}.values()]
    return [{**one, "rank": rank} for rank, one in enumerate(found, 1)]
