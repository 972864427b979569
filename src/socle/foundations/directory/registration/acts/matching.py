"""People who registered here and whom the national files come to name: told to their employer, never doubled in
silence.

The same number is the same person: what the files say and what was registered is composed into one card. The same name
in the same structure may be the same person, which only the employer knows.
"""

from dataclasses import replace
from typing import Final

from socle.engines.fhirstore.stores import find_store
from socle.foundations.directory.loading.registered import is_stated_by_files
from socle.foundations.directory.registration import gate, records
from socle.foundations.directory.registration.acts.moving import announce, check_not_restricted, tell
from socle.foundations.directory.registration.acts.numbering import number_for
from socle.foundations.directory.registration.announced import (
    ATTACHED,
    KEPT_APART,
    MATCHED,
    RECONCILED,
    TWIN_FOUND,
)
from socle.foundations.directory.registration.faults import MOVED
from socle.foundations.directory.registration.lookup import namesakes
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import State
from socle.foundations.directory.registration.steps import tell_step
from socle.foundations.directory.statements import organization_id
from socle.foundations.directory.stores import PUBLIC
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError
from socle.kernel.outbox.heard import Heard

AT_ONCE: Final = 50
_COMPARED: Final = "UPDATE directory_registration SET compared = ?1 WHERE id = ?2"


def hear_load(unit: Unit, heard: Heard) -> None:
    """The listener `registration-matching`: after a load, some of those published; the daily pass does the others."""
    compare_some(unit)


def compare_some(unit: Unit, limit: int = AT_ONCE) -> tuple[int, int]:
    """Search the files for some of those published whom the present state of the store was not searched for yet:
    (compared, found)."""
    store = find_store(unit, PUBLIC.name)
    published = store.published if store else 0
    waiting = f"state = 'published' AND compared < ?1 AND matched = '' AND {records.NOT_RESTRICTED}"
    todo = records.ids(unit, waiting, published, limit=limit)
    found = 0
    for id in todo:
        one = records.by_id(unit, id)
        assert one is not None
        twin = _twin(unit, one)
        unit.execute(_COMPARED, published, id)
        if twin:
            _tell_twin(unit, one, twin)
            found += 1
    return len(todo), found


def _twin(unit: Unit, one: Registration) -> str:
    """The national identification of who may be the same person; empty for nobody."""
    if one.national_id not in one.apart and is_stated_by_files(unit, one.national_id):
        return one.national_id
    if one.person is None:
        return ""
    others = namesakes(unit, one.person, structure=organization_id(one.structure))
    known = {one.national_id, *one.apart, ""}
    stated = (other.national_id for other in others if other.national_id not in known)
    return next((number for number in stated if is_stated_by_files(unit, number)), "")


def _tell_twin(unit: Unit, one: Registration, twin: str) -> None:
    records.replace_in(unit, one, replace(one, matched=twin))
    tell_step(unit, one.id, "matched", "house")
    tell(unit, BY_SYSTEM, MATCHED, one, same_number=twin == one.national_id)
    announce(unit, TWIN_FOUND, one)


def reconcile(unit: Unit, by: Acting, *, registration: str) -> Registration:
    """The employer says that both are one person: the role goes on under the national number, and the number given here
    is nobody's any more. Raises Refused, SocleError: REGISTRATION_UNKNOWN, MOVED, OWN_REGISTRATION, OTHER_PERSON."""
    one = _matched(unit, by, registration)
    number_for(unit, one, one.matched)
    after = replace(one, national_id=one.matched, matched="", apart=one.apart | {one.matched})
    _write(unit, one, after)
    tell_step(unit, one.id, "reconciled", "employer")
    tell(unit, by, RECONCILED, one)
    _announce_number(unit, one, after)
    return after


def keep_apart(unit: Unit, by: Acting, *, registration: str) -> Registration:
    """The employer says that they are two persons; the same one is not told again. When both have one number, the one
    who registered is given another. Raises Refused, SocleError: REGISTRATION_UNKNOWN, MOVED, OWN_REGISTRATION,
    NUMBERS_USED_UP."""
    one = _matched(unit, by, registration)
    after = replace(one, matched="", apart=one.apart | {one.matched})
    if one.matched == one.national_id:
        unit.execute("DELETE FROM directory_registered_person WHERE traits_key = ?1", one.traits_key)
        after = replace(after, national_id=number_for(unit, one))
    _write(unit, one, after)
    tell_step(unit, one.id, "kept-apart", "employer")
    tell(unit, by, KEPT_APART, one)
    _announce_number(unit, one, after)
    return after


def _matched(unit: Unit, by: Acting, registration: str) -> Registration:
    one = gate.of_employer(unit, by, registration)
    gate.check_not_own(unit, by, one)
    check_not_restricted(unit, by, one)
    if not one.matched or one.state is not State.PUBLISHED:
        raise SocleError(MOVED, state=one.state.value)
    return one


def _write(unit: Unit, before: Registration, after: Registration) -> None:
    if not records.replace_in(unit, before, after):
        raise SocleError(MOVED, state=before.state.value)


def _announce_number(unit: Unit, before: Registration, after: Registration) -> None:
    if after.national_id != before.national_id:
        announce(unit, ATTACHED, after)
