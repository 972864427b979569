"""A professional of the public files, for who answers persons: found by number, told whole. Nothing of it is erased
here: the law has it published, and it is corrected at the source that states it."""

import re
from typing import Any, Final

from socle.engines.fhirstore.faults import GONE, UNKNOWN_RESOURCE
from socle.engines.fhirstore.query import read_query
from socle.engines.fhirstore.read import read
from socle.engines.fhirstore.search import Start, current, search
from socle.engines.fhirstore.steps import drive
from socle.foundations.directory.registration.numbers import national_id
from socle.foundations.directory.resources import Json, each, loaded
from socle.foundations.directory.statements import practitioner_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Session
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Held, Text
from socle.standards.annuaire.identifiers import RPPS_LENGTH

_PREFIX: Final = "practitioner:"
_WHAT: Final = Text(
    "la fiche publique d’un professionnel ; elle se corrige à la source",
    "the public card of a professional; it is corrected at its source",
)
_RPPS: Final = re.compile(rf"\d{{{RPPS_LENGTH}}}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9A-Z/]{9,30}")
_ROLES: Final = 1_000
_SOURCE: Final = (
    "Annuaire Santé (extractions publiques) : données publiées par la loi, "
    "à corriger auprès de l’ordre ou de l’ARS"
)


def national_number(words: str) -> str:
    """The national identification that somebody gave: itself, an RPPS number, or the identifier of a card; empty for
    anything else."""
    bare = words.removeprefix(_PREFIX).replace(" ", "")
    if _RPPS.fullmatch(bare):
        return national_id(bare)
    return bare if _NUMBER.fullmatch(bare) else ""


def find(session: Session, words: str) -> list[Held]:
    """A card by RPPS number or national identification."""
    number = national_number(words)
    return [Held(_PREFIX + number, _WHAT)] if number and _card(session, number) is not None else []


def export(session: Session, subject: str) -> dict[str, Any] | None:
    """The card and the activities, as the API gives them; None of anybody who has none."""
    number = subject.removeprefix(_PREFIX)
    card = _card(session, number) if number != subject else None
    if card is None:
        return None
    snapshot = drive(session, current(PUBLIC, session.dialect))
    pairs = [("practitioner", str(card["id"])), ("_count", str(_ROLES)), ("_total", "none")]
    found = drive(session, search(PUBLIC, read_query(PUBLIC, "PractitionerRole", pairs), snapshot, Start()))
    return {"Practitioner": card, "PractitionerRole": list(each(found.matches)), "source": _SOURCE}


def _card(session: Session, number: str) -> Json | None:
    try:
        return loaded(drive(session, read(PUBLIC, "Practitioner", practitioner_id(number))).body)
    except SocleError as refusal:
        if refusal.kind not in (UNKNOWN_RESOURCE, GONE):
            raise
        return None
