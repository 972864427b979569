"""Showing validated roles in the directory, and taking closed and restricted ones away: what the outbox does after
the acts.

While a load holds the store the delivery fails and is tried again; the daily pass asks anew for what was parked.
"""

from socle.foundations.directory.loading.registered import Change, publish_registered
from socle.foundations.directory.registration import announced, records
from socle.foundations.directory.registration.acts.moving import move
from socle.foundations.directory.registration.numbers import rpps_of
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FINAL, State, Step
from socle.foundations.directory.statements import ActivityLine
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.clock import business_date
from socle.kernel.db import Unit
from socle.kernel.outbox.heard import Heard
from socle.kernel.privacy.restriction import CHANGED_EVENT, restricted_since

_AUTHORITY = "ENREG"
"""What the activity file says of roles that structures register (TRE_R60)."""
_RPPS_TYPE = "8"
_STATED_AGAIN = (announced.ATTACHED.code, CHANGED_EVENT.code)
_STATED = "SELECT key FROM directory_statement WHERE source = 8 AND part = ?1"


def hear(unit: Unit, heard: Heard) -> None:
    """The listener `registration-publishing`. Raises SocleError(STORE_BUSY) while a load is being written."""
    one = records.by_id(unit, _registration(heard))
    if one is None:
        return
    if restricted_since(unit, one.subject):
        _take_back(unit, one)
    elif one.state is State.VALIDATED and one.contract.has_begun(business_date()):
        _state(unit, one)
        move(unit, BY_SYSTEM, one, Step.PUBLISH)
    elif one.state is State.PUBLISHED and heard.kind in _STATED_AGAIN:
        _state(unit, one)
    elif one.state in FINAL:
        _take_back(unit, one)


def _registration(heard: Heard) -> str:
    """What is announced of persons concerns a registration when they are known by one."""
    subject = str(heard.data.get("subject", ""))
    return str(heard.data.get("registration", subject.removeprefix(records.subject_of(""))))


def _state(unit: Unit, one: Registration) -> None:
    """State the role under the person's number, and no more under another."""
    gone = [Change(key, one.id, None) for key in _stated_under(unit, one.id) if key != one.national_id]
    publish_registered(unit, [*gone, Change(one.national_id, one.id, line_of(one))], one.target)


def _take_back(unit: Unit, one: Registration) -> None:
    if gone := [Change(key, one.id, None) for key in _stated_under(unit, one.id)]:
        publish_registered(unit, gone, one.target)


def _stated_under(unit: Unit, registration: str) -> list[str]:
    return [key for (key,) in unit.fetch(_STATED, registration)]


def line_of(one: Registration) -> ActivityLine:
    """The registration as a line of the activity file would say it (Annuaire Santé, extraction Personne_activite)."""
    assert one.person is not None
    return ActivityLine(
        id_type=_RPPS_TYPE,
        id=rpps_of(one.national_id),
        exercise_civility="",
        civility=one.person.civility,
        family_name=one.person.practice_name,
        given_name=one.person.given_name.upper(),
        profession="",
        category="",
        skill_type="",
        skill="",
        mode=one.contract.mode,
        pharmacist_section="",
        role=one.contract.role,
        activity_kind="",
        authority=_AUTHORITY,
        department="",
        structure=one.structure,
        variant="",
    )
