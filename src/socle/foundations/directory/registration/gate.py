"""The only ways to a registration: the person's own link, or being the directory manager of its structure."""

from typing import Final

from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.faults import (
    LINK_UNKNOWN,
    OWN_REGISTRATION,
    REGISTRATION_UNKNOWN,
)
from socle.foundations.directory.registration.person import bears
from socle.foundations.directory.registration.records import Registration
from socle.foundations.directory.registration.states import State
from socle.kernel.access import VALIDATE_ROLES, allows, require
from socle.kernel.accounts.faults import NO_ACCOUNT
from socle.kernel.accounts.personal import find_account, person
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import Acting, ActorKind
from socle.kernel.db import Session
from socle.kernel.errors import SocleError

# An employer has nothing to do with a registration before its person is known to hold the address given.
_NOT_SHOWN: Final = frozenset((State.DECLARED,))


def of_link(session: Session, token: str) -> Registration:
    """Raises SocleError(LINK_UNKNOWN), the same sentence for a link that was never made and one that was erased."""
    found = records.by_follow(session, digest_of(token)) if token else None
    if found is None or found.person is None:
        raise SocleError(LINK_UNKNOWN)
    return found


def of_employer(session: Session, by: Acting, id: str) -> Registration:
    """Raises Refused for who manages no structure, and SocleError(REGISTRATION_UNKNOWN), the same whether the
    registration exists elsewhere, is not yet confirmed, or is not there at all."""
    require(by, VALIDATE_ROLES)
    found = records.by_id(session, id)
    if found is None or found.state in _NOT_SHOWN or not allows(by, VALIDATE_ROLES, found.structure):
        raise SocleError(REGISTRATION_UNKNOWN, id=id[:40])
    return found


def check_not_own(session: Session, by: Acting, found: Registration) -> None:
    """Raises SocleError(OWN_REGISTRATION): nobody decides upon their own registration."""
    if is_own(session, by, found):
        raise SocleError(OWN_REGISTRATION)


def is_own(session: Session, by: Acting, found: Registration) -> bool:
    """Whether the registration is the actor's, as far as an account tells: it has the same mail address, or the same
    name. Anybody may register with another address, and an account knows no other trait of its holder; a namesake is
    taken for the same person, and is decided upon by another manager."""
    if found.person is None or by.actor.kind is not ActorKind.AGENT:
        return False
    same_address = find_account(session, found.person.email) == by.actor.id
    return same_address or bears(_name_of(session, by.actor.id), found.person)


def _name_of(session: Session, account: str) -> str:
    """Empty for an account that was erased meanwhile."""
    try:
        return person(session, account).name
    except SocleError as refusal:
        if refusal.kind is not NO_ACCOUNT:
            raise
        return ""
