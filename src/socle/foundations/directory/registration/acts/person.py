"""What the person does: declare, confirm their address, correct, withdraw."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from socle.foundations.directory.registration import gate, records
from socle.foundations.directory.registration.acts.moving import announce, delays, move, tell
from socle.foundations.directory.registration.acts.throttling import check_address
from socle.foundations.directory.registration.announced import (
    CODE_MADE,
    CODE_READ,
    CODE_TRIED,
    CODE_WANTED,
    DECLARED,
)
from socle.foundations.directory.registration.contract import Contract, checked_contract
from socle.foundations.directory.registration.faults import CODE_EXPIRED, CODE_REFUSED, DUPLICATE, MOVED
from socle.foundations.directory.registration.lookup import open_structure
from socle.foundations.directory.registration.person import Person, checked_person
from socle.foundations.directory.registration.records import Registration, place_of
from socle.foundations.directory.registration.states import (
    HELD,
    OPEN,
    Reason,
    State,
    Step,
    after_correction,
)
from socle.foundations.directory.registration.steps import tell_step
from socle.foundations.directory.settings import directory_settings
from socle.kernel.accounts import attempts
from socle.kernel.accounts.faults import TRY_LATER
from socle.kernel.accounts.tokens import digest_of, new_id, new_token
from socle.kernel.actors import Acting
from socle.kernel.audit.actions import Outcome
from socle.kernel.clock import business_date, micros
from socle.kernel.db import Database, Session, Unit
from socle.kernel.errors import SocleError
from socle.kernel.sealing import seal, unseal

_HOUR: Final = 3_600 * 1_000_000
_CODE_DIGITS: Final = 8
# What one address of the network is counted for: codes that are sent to addresses, and codes that are typed.
_MAILED: Final = "registration"
_TYPED: Final = "registration-codes"
_FOLLOW_PATH: Final = "/annuaire/s-enregistrer/suivi"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The code that waits to be typed, empty when there is none, and the token of the person's link."""

    code: str
    token: str


@dataclass(frozen=True, slots=True)
class Declared:
    """`token` goes into the link by which the person follows their registration."""

    registration: str
    token: str

    @property
    def path(self) -> str:
        return follow_path(self.token)


def follow_path(token: str) -> str:
    """Where the person follows their registration. The token stands in the query, which no log keeps."""
    return f"{_FOLLOW_PATH}?jeton={token}"


def declare(unit: Unit, by: Acting, *, person: Person, contract: Contract, structure: str) -> Declared:
    """Register a person who says who they are, and make a code for the address that they give.

    Whether somebody of these traits is registered already is not told here, to a visitor of whom nothing is known, but
    once the address is confirmed.

    Raises SocleError: FROM_HERE, STRUCTURE_UNKNOWN, STRUCTURE_CLOSED, and those of `checked_person` and
    `checked_contract`.
    """
    today = business_date()
    known = checked_person(person, today)
    agreed = checked_contract(contract, today)
    place = open_structure(unit, structure)
    check_address(unit, by, _MAILED)
    made = Declared(new_id(), new_token())
    moment = micros()
    traits_key, email_key = _keys(unit, known)
    one = Registration(
        id=made.registration,
        state=State.DECLARED,
        structure=place.key,
        contract=agreed,
        due=delays().due(State.DECLARED, today),
        declared=moment,
        entered=moment,
        traits_key=traits_key,
        email_key=email_key,
        person=known,
    )
    records.add(unit, one, digest_of(made.token))
    tell_step(unit, one.id, "declared", "person")
    tell(unit, by, DECLARED, one, structure=place.key, role=agreed.role)
    _make_code(unit, one.id, made.token)
    announce(unit, CODE_WANTED, one)
    return made


def _keys(unit: Unit, person: Person) -> tuple[bytes, bytes]:
    return records.index_key(unit, "traits", person.traits()), records.index_key(unit, "email", person.email)


def _make_code(unit: Unit, registration: str, token: str) -> None:
    code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}d}"
    _keep_secrets(unit, registration, Secrets(code, token))
    expires = micros() + directory_settings().registration_code_hours * _HOUR
    unit.execute("UPDATE directory_registration SET code_expires = ?1 WHERE id = ?2", expires, registration)


def _keep_secrets(unit: Unit, registration: str, kept: Secrets) -> None:
    told = {"code": kept.code, "token": kept.token}
    sealed = seal(unit, records.subject_of(registration), place_of(registration, "code"), told)
    unit.execute("UPDATE directory_registration SET code = ?1 WHERE id = ?2", sealed, registration)


def secrets_of(session: Session, one: Registration) -> Secrets:
    """What the messages to the person carry; empty once the person is erased."""
    row = session.fetch_one("SELECT code FROM directory_registration WHERE id = ?1", one.id)
    if row is None or row[0] is None:
        return Secrets("", "")
    return Secrets(**unseal(session, one.subject, place_of(one.id, "code"), row[0]))


def read_code(unit: Unit, by: Acting, *, registration: str) -> str:
    """The code, for an operator who hands it over where no mail goes out. Raises SocleError: LINK_UNKNOWN, MOVED."""
    one = records.by_id(unit, registration)
    if one is None or not (code := secrets_of(unit, one).code):
        raise SocleError(MOVED, state=one.state.value if one else "-")
    tell(unit, by, CODE_READ, one)
    return code


def renew_code(unit: Unit, by: Acting, *, token: str) -> None:
    """Another code; the earlier one stops working. Raises SocleError: LINK_UNKNOWN, MOVED, FROM_HERE, TRY_LATER."""
    one = gate.of_link(unit, token)
    if one.state is not State.DECLARED:
        raise SocleError(MOVED, state=one.state.value)
    check_address(unit, by, _MAILED)
    if wait := attempts.begin(unit, f"registration-renewal:{one.id}").wait:
        raise SocleError(TRY_LATER, seconds=wait)
    _make_code(unit, one.id, token)
    tell(unit, by, CODE_MADE, one)
    announce(unit, CODE_WANTED, one)


def confirm_address(db: Database, by: Acting, *, token: str, code: str) -> Registration:
    """Confirm with the code that the person holds the address.

    The attempt is counted in a unit of its own, so that a refusal does not take the count back. Raises SocleError:
    LINK_UNKNOWN, MOVED, FROM_HERE, TRY_LATER, CODE_EXPIRED, CODE_REFUSED, DUPLICATE.
    """
    with db.unit() as unit:
        one = gate.of_link(unit, token)
        check_address(unit, by, _TYPED)
        counted = f"registration-code:{one.id}"
        wait = attempts.begin(unit, counted).wait
    if wait:
        raise SocleError(TRY_LATER, seconds=wait)
    with db.unit() as unit:
        one = gate.of_link(unit, token)
        if one.state is not State.DECLARED:
            raise SocleError(MOVED, state=one.state.value)
        right = _is_right(unit, one, code)
        if right:
            attempts.succeeded(unit, counted)
            _keep_secrets(unit, one.id, Secrets("", token))
            _check_alone(unit, one)
            # Whose identity was verified before they corrected their address has only that to confirm.
            to = State.IDENTIFIED if one.evidence else None
            return move(unit, by, one, Step.CONFIRM, to=to)
        tell(unit, by, CODE_TRIED, one, outcome=Outcome.REFUSED)
    raise SocleError(CODE_REFUSED)


def _is_right(unit: Unit, one: Registration, code: str) -> bool:
    """Raises SocleError(CODE_EXPIRED) for the right code, too late."""
    typed = "".join(character for character in code if character.isdigit())
    if not hmac.compare_digest(typed.encode(), secrets_of(unit, one).code.encode()) or not typed:
        return False
    row = unit.fetch_one("SELECT code_expires FROM directory_registration WHERE id = ?1", one.id)
    if row is None or row[0] < micros():
        raise SocleError(CODE_EXPIRED, hours=directory_settings().registration_code_hours)
    return True


def _check_alone(unit: Unit, one: Registration) -> None:
    """Raises SocleError(DUPLICATE) when the same address has confirmed the same person for the same structure."""
    alike = duplicates(unit, one)
    if any(other.email_key == one.email_key for other in alike):
        raise SocleError(DUPLICATE)


def duplicates(session: Session, one: Registration) -> list[Registration]:
    """The other registrations of the same person for the same structure that are confirmed and not over."""
    alive = (OPEN | HELD) - {State.DECLARED}
    return [
        other
        for other in records.of_person(session, one.traits_key)
        if other.id != one.id and other.structure == one.structure and other.state in alive
    ]


def correct(
    unit: Unit, by: Acting, *, token: str, person: Person, contract: Contract, structure: str
) -> Registration:
    """Put right what the employer asked for, or what the person sees before they confirm their address. What was
    checked and has not changed is not checked again.

    Raises SocleError: LINK_UNKNOWN, MOVED, and those of `declare`: FROM_HERE only when a code is to be sent.
    """
    one = gate.of_link(unit, token)
    today = business_date()
    known = checked_person(person, today)
    agreed = checked_contract(contract, today)
    place = open_structure(unit, structure)
    traits_key, email_key = _keys(unit, known)
    moved_away = place.key != one.structure
    identity_kept = bool(one.evidence) and traits_key == one.traits_key and not moved_away
    address_kept = one.state is State.TO_CORRECT and email_key == one.email_key
    to = after_correction(address_kept=address_kept, identity_kept=identity_kept)
    after = move(
        *(unit, by, one, Step.CORRECT),
        to=to,
        person=known,
        contract=agreed,
        structure=place.key,
        traits_key=traits_key,
        email_key=email_key,
        evidence=one.evidence if identity_kept else "",
    )
    if to is State.DECLARED:
        check_address(unit, by, _MAILED)
        _make_code(unit, one.id, token)
    return after


def withdraw(unit: Unit, by: Acting, *, token: str) -> Registration:
    """The person gives up before anything is decided. Raises SocleError: LINK_UNKNOWN, MOVED."""
    one = gate.of_link(unit, token)
    return move(unit, by, one, Step.WITHDRAW, reason=Reason.WITHDRAWN.value)
