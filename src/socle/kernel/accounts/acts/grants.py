"""Giving roles, lending them, taking them back, and closing the account of whoever leaves."""

from datetime import date

from socle.kernel.access import OPERATOR, Refused, Role, held, require
from socle.kernel.accounts import credentials, grants, people, sessions
from socle.kernel.accounts.actions import (
    DELEGATED,
    GRANTED,
    HAS_LEFT,
    LEFT,
    REVOKED,
    ROLE_ENDED,
    ROLE_GIVEN,
    ROLE_LENT,
    STRUCTURE_CHOSEN,
)
from socle.kernel.accounts.acts.told import announce, announce_grant, tell
from socle.kernel.accounts.credentials import FactorKind
from socle.kernel.accounts.faults import DELEGATION_TOO_LONG, GRANT_GONE, NO_ACCOUNT, OWN_ACCOUNT
from socle.kernel.accounts.grants import Grant
from socle.kernel.accounts.personal import find_account, person, read_email
from socle.kernel.accounts.roles import DELEGATE, MANAGE_PEOPLE, may_give
from socle.kernel.accounts.sessions import Held
from socle.kernel.actors import Acting, ActorKind
from socle.kernel.clock import business_date, end_of_day, micros
from socle.kernel.db import Unit
from socle.kernel.errors import SocleError


def check_giver(by: Acting, role: Role, structure: str) -> None:
    """Raise Refused unless this actor may give, and take back, this role there."""
    require(by, MANAGE_PEOPLE, structure)
    if by.actor.kind is not ActorKind.SYSTEM and not may_give(frozenset(held(by.actor)), role):
        raise Refused(by, MANAGE_PEOPLE, structure)


def grant(unit: Unit, by: Acting, *, account: str, role: Role, structure: str = "") -> Grant:
    """Give a role; the one already held when there is one.

    Raises Refused, and SocleError: NO_ACCOUNT, OWN_ACCOUNT, STRUCTURE_ASKED, STRUCTURE_REFUSED.
    """
    structure = grants.check_structure(role, structure)
    check_giver(by, role, structure)
    if people.check_visible(unit, by, account).state == "left":
        raise SocleError(NO_ACCOUNT, account=account)
    if account == by.actor.id:
        raise SocleError(OWN_ACCOUNT)
    already = grants.same(unit, account, role, structure)
    if already is not None:
        return already
    given = grants.add(unit, account, role, structure, by.actor.id)
    tell(unit, GRANTED, by, account, grant=given.id, role=role.code, structure=structure)
    announce_grant(unit, ROLE_GIVEN, given)
    return given


def delegate(unit: Unit, by: Acting, *, grant: str, email: str, until: date) -> Grant:
    """Lend a role that one holds, until the end of a day. What is lent cannot be lent further.

    Raises Refused for a role that one does not hold, SocleError: GRANT_GONE, NO_ACCOUNT, OWN_ACCOUNT,
    DELEGATION_TOO_LONG.
    """
    require(by, DELEGATE)
    mine = grants.one(unit, grant)
    if mine is None:
        raise SocleError(GRANT_GONE)
    if mine.account != by.actor.id or mine.delegated:
        raise Refused(by, DELEGATE, mine.structure)
    expires = end_of_day(until)
    if until < business_date() or (mine.expires is not None and expires > mine.expires):
        raise SocleError(DELEGATION_TOO_LONG, received=until.isoformat())
    to = find_account(unit, read_email(email))
    if to is None or person(unit, to).state != "active":
        raise SocleError(NO_ACCOUNT, account=email.strip()[:80])
    if to == by.actor.id:
        raise SocleError(OWN_ACCOUNT)
    lent = grants.add(unit, to, mine.held, mine.structure, by.actor.id, expires=expires, delegated=mine.id)
    day = until.isoformat()
    tell(unit, DELEGATED, by, to, grant=lent.id, role=lent.role, structure=lent.structure, until=day)
    announce_grant(unit, ROLE_LENT, lent, until=day)
    return lent


def revoke(unit: Unit, by: Acting, *, grant: str) -> list[Grant]:
    """Take a role back, with the delegations made from it; whoever lent a role may take it back as well.

    Raises Refused, SocleError(GRANT_GONE).
    """
    known = grants.one(unit, grant)
    if known is None:
        raise SocleError(GRANT_GONE)
    lent_by_me = bool(known.delegated) and known.granted_by == by.actor.id
    if not lent_by_me and known.account != by.actor.id:
        check_giver(by, known.held, known.structure)
    return end_grant(unit, by, known, "revoked")


def end_grant(unit: Unit, by: Acting, known: Grant, reason: str) -> list[Grant]:
    ended = grants.end(unit, known, by.actor.id, reason)
    for one in ended:
        why = reason if one is known else "delegation-ended"
        tell(unit, REVOKED, by, one.account, grant=one.id, role=one.role, structure=one.structure, reason=why)
        announce_grant(unit, ROLE_ENDED, one, reason=why)
    return ended


def leave(unit: Unit, by: Acting, *, account: str) -> bool:
    """Somebody leaves: what they hold where the manager manages ends, with what they lent. Once nothing is left the
    account is closed, with its sessions and its factors; the operator closes it whatever is left.

    True when the account is closed. Raises Refused, SocleError: NO_ACCOUNT, OWN_ACCOUNT.
    """
    require(by, MANAGE_PEOPLE)
    people.check_visible(unit, by, account)
    if account == by.actor.id:
        raise SocleError(OWN_ACCOUNT)
    everywhere = by.actor.kind is ActorKind.SYSTEM or OPERATOR in held(by.actor)
    for one in grants.of_account(unit, account):
        if everywhere or one.structure == by.actor.organisation:
            end_grant(unit, by, one, "leaver")
    if not everywhere and grants.of_account(unit, account):
        return False
    unit.execute(
        "UPDATE accounts_account SET state = 'left', closed = ?1 WHERE id = ?2 AND state <> 'left'",
        *(micros(), account),
    )
    unit.execute(
        "UPDATE accounts_invitation SET used = ?1 WHERE account = ?2 AND used IS NULL", micros(), account
    )
    # Factors first: who enters with one at this moment holds it, and their session is then ended too.
    credentials.end(unit, account, *FactorKind)
    sessions.end_all(unit, account)
    tell(unit, LEFT, by, account)
    announce(unit, HAS_LEFT, account)
    return True


def act_for(unit: Unit, by: Acting, session: Held, structure: str) -> None:
    """Choose the structure that one acts for, among those where one holds a role. Raises Refused."""
    if structure and all(one.structure != structure for one in grants.of_account(unit, by.actor.id)):
        raise Refused(by, MANAGE_PEOPLE, structure)
    sessions.choose_structure(unit, session.digest, structure)
    tell(unit, STRUCTURE_CHOSEN, by, by.actor.id, structure=structure)
