"""What the directory manager of the employing structure does: verify the identity, validate, refuse, ask for a
correction, change the end of the contract."""

from dataclasses import replace
from datetime import date
from typing import Final

from socle.foundations.directory.loading.registered import is_stated_by_files
from socle.foundations.directory.registration import gate, records
from socle.foundations.directory.registration.acts.moving import check_not_restricted, move, tell
from socle.foundations.directory.registration.acts.numbering import number_for
from socle.foundations.directory.registration.acts.person import duplicates
from socle.foundations.directory.registration.announced import PROLONGED
from socle.foundations.directory.registration.contract import check_end, checked_contract
from socle.foundations.directory.registration.evidence import evidence_of
from socle.foundations.directory.registration.faults import DUPLICATE, MOVED, REASON_ASKED
from socle.foundations.directory.registration.lookup import open_structure
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import FINAL, HELD, Reason, State, Step
from socle.foundations.directory.registration.steps import tell_step
from socle.kernel.actors import Acting
from socle.kernel.clock import business_date
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError

NOTE_LIMIT: Final = 500


def verify_identity(unit: Unit, by: Acting, *, registration: str, evidence: str) -> Registration:
    """Say what document was seen, whose traits are those of the registration. Raises Refused, SocleError:
    REGISTRATION_UNKNOWN, MOVED, EVIDENCE_UNKNOWN, OWN_REGISTRATION."""
    one = _decided_by(unit, by, registration)
    return move(unit, by, one, Step.IDENTIFY, evidence=evidence_of(evidence).code)


def validate(unit: Unit, by: Acting, *, registration: str, national_id: str = "") -> Registration:
    """The employer vouches for the role and the contract; the directory shows it once the contract has begun.

    `national_id` is that of a person of the directory whom the manager recognises; without it the person keeps the
    number they were given before, or is given one. Raises Refused, SocleError: REGISTRATION_UNKNOWN,
    MOVED, OWN_REGISTRATION, DUPLICATE, STRUCTURE_CLOSED, OTHER_PERSON, NUMBERS_USED_UP, and those of
    `checked_contract`.
    """
    one = _decided_by(unit, by, registration)
    if one.state is not State.IDENTIFIED:
        raise SocleError(MOVED, state=one.state.value)
    if duplicates(unit, one):
        raise SocleError(DUPLICATE)
    open_structure(unit, one.structure)
    checked_contract(one.contract, business_date())
    number = number_for(unit, one, national_id)
    # A number that the files know and that was recognised, now or before, is not told as a discovery.
    apart = one.apart | ({number} if is_stated_by_files(unit, number) else set())
    return move(unit, by, one, Step.VALIDATE, national_id=number, apart=apart)


def refuse(unit: Unit, by: Acting, *, registration: str, why: str) -> Registration:
    """Raises Refused, SocleError: REGISTRATION_UNKNOWN, MOVED, OWN_REGISTRATION, REASON_ASKED."""
    one = _decided_by(unit, by, registration)
    return move(unit, by, one, Step.REFUSE, note=_note(why))


def reopen(unit: Unit, by: Acting, *, registration: str) -> Registration:
    """Undo a refusal: the registration waits for its employer again, its identity to be verified anew. Raises Refused,
    SocleError: MOVED, OWN_REGISTRATION."""
    return move(unit, by, _decided_by(unit, by, registration), Step.REOPEN, evidence="")


def ask_correction(unit: Unit, by: Acting, *, registration: str, why: str) -> Registration:
    """Raises Refused, SocleError: REGISTRATION_UNKNOWN, MOVED, OWN_REGISTRATION, REASON_ASKED."""
    one = _decided_by(unit, by, registration)
    return move(unit, by, one, Step.ASK_CORRECTION, note=_note(why))


def change_end(unit: Unit, by: Acting, *, registration: str, ends: date | None) -> Registration:
    """Give the contract another last day, or none: it is renewed, or it ends sooner. A last day that is past closes the
    role at once; another is closed by the daily pass, and can be changed until then.

    Raises Refused, SocleError: REGISTRATION_UNKNOWN, MOVED, OWN_REGISTRATION, CONTRACT_BACKWARDS, CONTRACT_END_ASKED.
    """
    one = _decided_by(unit, by, registration)
    if one.state not in HELD:
        raise SocleError(MOVED, state=one.state.value)
    contract = replace(one.contract, ends=ends)
    check_end(contract)
    changed = replace(one, contract=contract)
    if not records.replace_in(unit, one, changed):
        raise SocleError(MOVED, state=one.state.value)
    tell_step(unit, one.id, "contract", "employer")
    tell(unit, by, PROLONGED, one, ends=ends.isoformat() if ends else "")
    if contract.is_over(business_date()):
        return move(unit, by, changed, Step.END, reason=Reason.LEFT.value)
    return changed


def _decided_by(unit: Unit, by: Acting, registration: str) -> Registration:
    one = gate.of_employer(unit, by, registration)
    if one.state in FINAL and one.person is None:
        raise SocleError(MOVED, state=one.state.value)
    gate.check_not_own(unit, by, one)
    check_not_restricted(unit, by, one)
    return one


def _note(why: str) -> str:
    note = " ".join(why.split())[:NOTE_LIMIT]
    if not note:
        raise SocleError(REASON_ASKED)
    return note
