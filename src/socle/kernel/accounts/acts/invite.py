"""Inviting somebody by a one-time link, and accepting it."""

from dataclasses import dataclass

from socle.kernel.access import Refused, Role, require
from socle.kernel.accounts import credentials, grants, people, sessions
from socle.kernel.accounts.actions import ACCEPTED, GRANTED, INVITATION, INVITED, ROLE_GIVEN
from socle.kernel.accounts.acts.grants import check_giver
from socle.kernel.accounts.acts.told import announce, announce_grant, tell
from socle.kernel.accounts.credentials import FactorKind
from socle.kernel.accounts.faults import INVITATION_UNUSABLE, NO_ACCOUNT, OWN_ACCOUNT
from socle.kernel.accounts.personal import (
    NAME_LIMIT,
    Person,
    email_keys,
    find_account,
    person,
    read_email,
    sealed_person,
)
from socle.kernel.accounts.roles import MANAGE_PEOPLE
from socle.kernel.accounts.settings import accounts_settings
from socle.kernel.accounts.tokens import digest_of, new_id, new_token
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.clock import micros
from socle.kernel.db import Session, Unit
from socle.kernel.errors import SocleError

_HOUR = 3600 * 1_000_000
_LINK = "INSERT INTO accounts_invitation (digest, account, created, expires, created_by) VALUES (?1, ?2, ?3, ?4, ?5)"
_WAITING = (
    "SELECT expires, created_by FROM accounts_invitation WHERE account = ?1 AND used IS NULL AND expires > ?2 "
    "ORDER BY created DESC LIMIT 1"
)
_OPEN = "SELECT account FROM accounts_invitation WHERE digest = ?1 AND used IS NULL AND expires > ?2"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` goes into the link and is kept nowhere; it is empty when the person needs no link: their account is open,
    or somebody else invited them to a role elsewhere. `expires` in microseconds."""

    token: str
    account: str
    expires: int

    @property
    def path(self) -> str:
        """The address of the page that accepts it. The token stands in the query, which no log keeps."""
        return f"/compte/invitation?jeton={self.token}"


def invite(unit: Unit, by: Acting, *, email: str, role: Role, structure: str = "") -> Invitation:
    """Make an account that its holder will open, with one role to begin with. Invited again before it was opened, the
    person gets a new link, and the earlier one stops working; with an account already open, the person gets the role.
    So does somebody whom others invited: a link made here would open what was entrusted to them elsewhere.

    Raises Refused, and SocleError: EMAIL_NOT_READ, OWN_ACCOUNT, STRUCTURE_ASKED, STRUCTURE_REFUSED.
    """
    structure = grants.check_structure(role, structure)
    check_giver(by, role, structure)
    address = read_email(email)
    account, state = _account(unit, by, address)
    if account == by.actor.id:
        raise SocleError(OWN_ACCOUNT)
    if grants.same(unit, account, role, structure) is None:
        grant = grants.add(unit, account, role, structure, by.actor.id)
        tell(unit, GRANTED, by, account, grant=grant.id, role=role.code, structure=structure)
        announce_grant(unit, ROLE_GIVEN, grant)
    if state == "active" or not people.manages_wholly(unit, by, account):
        return Invitation("", account, 0)
    return _linked(unit, by, account)


def renew(unit: Unit, by: Acting, *, account: str) -> Invitation:
    """Another link for somebody who lost what they enter with: their factors and their sessions end, their roles stay.

    Raises Refused for who holds a role elsewhere, whose account only an operator may open again, and SocleError:
    NO_ACCOUNT, OWN_ACCOUNT.
    """
    require(by, MANAGE_PEOPLE)
    known = people.check_visible(unit, by, account)
    if account == by.actor.id:
        raise SocleError(OWN_ACCOUNT)
    if known.state == "left":
        raise SocleError(NO_ACCOUNT, account=account)
    if not people.manages_wholly(unit, by, account):
        raise Refused(by, MANAGE_PEOPLE, by.actor.organisation)
    unit.execute("UPDATE accounts_account SET state = 'invited' WHERE id = ?1", account)
    # Factors first: who enters with one at this moment holds it, and their session is then ended too.
    credentials.end(unit, account, *FactorKind)
    sessions.end_all(unit, account)
    return _linked(unit, by, account)


def _linked(unit: Unit, by: Acting, account: str) -> Invitation:
    moment = micros()
    made = Invitation(new_token(), account, moment + accounts_settings().invitation_hours * _HOUR)
    _void_links(unit, account, moment)
    unit.execute(_LINK, digest_of(made.token), account, moment, made.expires, by.actor.id)
    tell(unit, INVITED, by, account)
    announce(unit, INVITATION, account)
    return made


def second_link(unit: Unit, account: str) -> Invitation | None:
    """Another link for the invitation that waits, beside the one that its inviter was given, until the same moment: the
    one that is mailed. None when none waits any more."""
    row = unit.fetch_one(_WAITING, account, micros())
    if row is None:
        return None
    made = Invitation(new_token(), account, row[0])
    unit.execute(_LINK, digest_of(made.token), account, micros(), made.expires, row[1])
    return made


def _void_links(unit: Unit, account: str, moment: int) -> int:
    """How many links there were that could still be used."""
    return unit.execute(
        "UPDATE accounts_invitation SET used = ?1 WHERE account = ?2 AND used IS NULL AND expires > ?1",
        *(moment, account),
    )


def _account(unit: Unit, by: Acting, email: str) -> tuple[str, str]:
    """The account of this address and its state; made, or taken up again after its holder had left."""
    account = find_account(unit, email)
    if account is None:
        account = new_id()
        unit.execute(
            "INSERT INTO accounts_account (id, email_key, sealed, state, created, created_by) "
            "VALUES (?1, ?2, ?3, 'invited', ?4, ?5)",
            *(account, email_keys(email)[0], sealed_person(unit, account, "", email), micros(), by.actor.id),
        )
        return account, "invited"
    state = person(unit, account).state
    if state == "left":
        unit.execute(
            "UPDATE accounts_account SET state = 'invited', sealed = ?1, closed = NULL WHERE id = ?2",
            *(sealed_person(unit, account, "", email), account),
        )
        state = "invited"
    return account, state


def invited(session: Session, token: str) -> Person:
    """Who a link is for. Raises SocleError(INVITATION_UNUSABLE) for one that was used, is too old, or is not ours."""
    row = session.fetch_one(_OPEN, digest_of(token), micros())
    if row is None:
        raise SocleError(INVITATION_UNUSABLE)
    return person(session, row[0])


def accept(unit: Unit, by: Acting, *, token: str, name: str, password_hash: str, agent: str) -> str:
    """Open the account with its first factor; the token of a session that still lacks the second.

    The password was checked and hashed before: that takes a tenth of a second, during which nobody else could write.
    Raises SocleError(INVITATION_UNUSABLE), also for the second of two who use the link at once.
    """
    known = invited(unit, token)
    moment = micros()
    # All links of the invitation at once: of two people who use two of them, one opens the account.
    if not _void_links(unit, known.account, moment):
        raise SocleError(INVITATION_UNUSABLE)
    unit.execute(
        "UPDATE accounts_account SET state = 'active', sealed = ?1 WHERE id = ?2",
        *(sealed_person(unit, known.account, name.strip()[:NAME_LIMIT], known.email), known.account),
    )
    credentials.end(unit, known.account, *FactorKind)
    # None should be open; one that is would come alive again with the account.
    sessions.end_all(unit, known.account)
    credentials.add(unit, known.account, FactorKind.PASSWORD, {"hash": password_hash})
    actor = Actor(ActorKind.AGENT, known.account, Assurance.LOW)
    acting = Acting(actor, by.door, by.request, by.purpose, by.client)
    tell(unit, ACCEPTED, acting, known.account)
    return sessions.open_session(unit, known.account, Assurance.LOW, client=by.client, agent=agent)
