"""What registrations keep of a person: told to them, taken away on erasure, forgotten in time."""

import os
from collections.abc import Sequence
from typing import Any, Final

from socle.foundations.directory.professionals import national_number
from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.acts.moving import announce
from socle.foundations.directory.registration.announced import CLOSED
from socle.foundations.directory.registration.person import Person
from socle.foundations.directory.registration.records import Registration, subject_of
from socle.foundations.directory.registration.states import FINAL, HELD, Reason, State
from socle.foundations.directory.registration.steps import story_of
from socle.foundations.directory.settings import directory_settings
from socle.kernel.accounts.personal import person as account_person
from socle.kernel.accounts.privacy import account_of
from socle.kernel.clock import instant, micros
from socle.kernel.db import Session, Unit
from socle.kernel.manifest import Held, Text
from socle.standards.fhir.text import fold

_PREFIX: Final = subject_of("")
_REGISTRATION: Final = Text("un enregistrement dans l’annuaire", "a registration in the directory")
_DAY: Final = 86_400 * 1_000_000
_BARE: Final = (
    "UPDATE directory_registration SET state = ?2, reason = ?3, entered = ?4, due = '', sealed = NULL, code = NULL, "
    "national_id = '', matched = '', apart = '', traits_key = ?5, email_key = ?5 WHERE id = ?1"
)


def _of(session: Session, subject: str) -> Registration | None:
    id = subject.removeprefix(_PREFIX)
    return records.by_id(session, id) if id != subject else None


def find(session: Session, words: str) -> list[Held]:
    """Registrations by their number, by an address that was confirmed, by the national number that was given, or of who
    holds an account with that address and that name: an address may be shared, a name with it is not."""
    found = [records.by_id(session, id) for id in _looked_up(session, words)]
    return [Held(one.subject, _REGISTRATION) for one in found if one is not None and one.person is not None]


def number_of(session: Session, subject: str) -> str:
    """The national number of who registered; empty before it was given, and of anybody else."""
    one = _of(session, subject)
    return one.national_id if one is not None else ""


def _looked_up(session: Session, words: str) -> list[str]:
    if (account := account_of(session, words)) is not None:
        return _of_account(session, account)
    if "@" in words:
        return _of_address(session, words)
    number = national_number(words)
    if number:
        return records.ids(session, "national_id = ?1", number)
    return [words.removeprefix(_PREFIX)]


def _of_address(session: Session, words: str) -> list[str]:
    key = records.index_key_read(session, "email", words.strip().casefold())
    return records.ids(session, "email_key = ?1 AND state <> 'declared'", key) if key else []


def _of_account(session: Session, account: str) -> list[str]:
    holder = account_person(session, account)
    name = fold(holder.name).split()
    found = (records.by_id(session, id) for id in _of_address(session, holder.email) if holder.email)
    return [
        one.id for one in found if one is not None and one.person is not None and _bears(one.person, name)
    ]


def _bears(known: Person, name: Sequence[str]) -> bool:
    """Whether an account's name has the given name of a person, with one of their family names."""
    given = fold(known.given_name).split()
    families = [fold(family).split() for family in (known.birth_name, known.used_name) if family]
    return any({*given, *family} <= {*name} for family in families)


def export(session: Session, subject: str) -> dict[str, Any] | None:
    """What is held of who registered, by the number of the registration; None of anybody else."""
    one = _of(session, subject)
    if one is None:
        return None
    contract = one.contract
    return {
        "state": one.state.value,
        "person": one.person.as_json() if one.person else None,
        "structure": one.structure,
        "role": contract.role,
        "contract": contract.kind.value,
        "starts": contract.starts.isoformat(),
        "ends": contract.ends.isoformat() if contract.ends else None,
        "national_id": one.national_id,
        "identity_verified_by": one.evidence,
        "story": [
            {"at": instant(told.at), "what": told.what, "by": told.who, "note": told.note}
            for told in story_of(session, one.id)
        ],
    }


def erase(unit: Unit, subject: str) -> int:
    """Close the registration, have the directory let go of it, and take away all that finds or opens it; the number
    that was given is given to nobody else. Rows touched."""
    one = _of(unit, subject)
    if one is None:
        return 0
    state = State.CLOSED if one.state in HELD else one.state if one.state in FINAL else State.ABANDONED
    nobody = os.urandom(32)
    rows = unit.execute(_BARE, one.id, state.value, Reason.ERASED.value, micros(), nobody)
    rows += unit.execute("UPDATE directory_registration_step SET note = NULL WHERE registration = ?1", one.id)
    if not records.of_person(unit, one.traits_key):
        rows += unit.execute("DELETE FROM directory_registered_person WHERE traits_key = ?1", one.traits_key)
    if one.state in HELD:
        announce(unit, CLOSED, one)
    return rows


def forget_registrations(unit: Unit) -> int:
    """Registrations that were closed, refused or abandoned long ago; the person keeps their number. One that is
    restricted is kept (GDPR art. 18(2))."""
    before = micros() - directory_settings().registration_keep_days * _DAY
    over = ", ".join(f"'{state.value}'" for state in sorted(FINAL))
    gone = records.ids(unit, f"state IN ({over}) AND entered < ?1 AND {records.NOT_RESTRICTED}", before)
    for id in gone:
        unit.execute("DELETE FROM directory_registration_step WHERE registration = ?1", id)
        unit.execute("DELETE FROM directory_registration WHERE id = ?1", id)
    return len(gone)
