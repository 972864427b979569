"""Who has an account, as those who manage accounts see it."""

from dataclasses import dataclass

from socle.kernel.access import OPERATOR, Permission, held
from socle.kernel.accounts import grants
from socle.kernel.accounts.faults import NO_ACCOUNT
from socle.kernel.accounts.grants import Grant
from socle.kernel.accounts.personal import Person, opened, person
from socle.kernel.actors import Acting, ActorKind
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session
from socle.kernel.errors import SocleError

_LISTED = "SELECT DISTINCT a.id, a.sealed, a.state, a.created FROM accounts_account a"
_IN_STRUCTURE = (
    " JOIN accounts_grant g ON g.account = a.id WHERE g.structure = ?1 AND g.ended IS NULL "
    "AND (g.expires IS NULL OR g.expires > ?2)"
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the roles that the manager may see."""

    person: Person
    grants: list[Grant]


def sees_everybody(by: Acting) -> bool:
    return by.actor.kind is ActorKind.SYSTEM or OPERATOR in held(by.actor)


def members(session: Session, by: Acting) -> list[Member]:
    """The accounts that this manager manages, by name; those that have left are not shown."""
    rows = (
        session.fetch(f"{_LISTED} WHERE a.state <> 'left'")
        if sees_everybody(by)
        else session.fetch(_LISTED + _IN_STRUCTURE, by.actor.organisation, micros())
    )
    found = [opened(session, id, sealed, state) for id, sealed, state, _ in rows]
    return [Member(one, seen_grants(session, by, one.account)) for one in sorted(found, key=_by_name)]


def _by_name(person: Person) -> tuple[str, str]:
    return person.shown.casefold(), person.account


def seen_grants(session: Session, by: Acting, account: str) -> list[Grant]:
    found = grants.of_account(session, account)
    return found if sees_everybody(by) else [one for one in found if one.structure == by.actor.organisation]


def check_visible(session: Session, by: Acting, account: str) -> Person:
    """The person, when this manager manages them. Raises SocleError(NO_ACCOUNT), the same whether the account exists
    elsewhere or not at all."""
    known = person(session, account)
    if not sees_everybody(by) and not seen_grants(session, by, account):
        raise SocleError(NO_ACCOUNT, account=account[:40])
    return known


def manages_wholly(session: Session, by: Acting, account: str) -> bool:
    """Whether all that this account holds is under this manager, who may then be given a link that opens it."""
    return sees_everybody(by) or all(
        grant.structure == by.actor.organisation for grant in grants.of_account(session, account)
    )


def active_accounts(db: Database) -> int:
    with db.reading() as session:
        row = session.fetch_one("SELECT count(*) FROM accounts_account WHERE state = 'active'")
        return int(row[0]) if row else 0


def is_active(session: Session, account: str) -> bool:
    """Whether its holder opened this account and has not left."""
    row = session.fetch_one("SELECT state FROM accounts_account WHERE id = ?1", account)
    return bool(row and row[0] == "active")


def holders(session: Session, permission: Permission, structure: str = "") -> list[str]:
    """The active accounts that hold a permission for this structure; for the empty one, for the installation."""
    roles = [role.code for role in permission.roles if role.per_structure is bool(structure)]
    dialect = session.dialect
    rows = session.fetch(
        "SELECT DISTINCT g.account FROM accounts_grant g JOIN accounts_account a ON a.id = g.account "
        "AND a.state = 'active' WHERE g.ended IS NULL AND (g.expires IS NULL OR g.expires > ?1) "
        f"AND g.structure = ?2 AND {dialect.among_texts('g.role', 3)}",
        *(micros(), structure, dialect.listed(roles)),
    )
    return sorted(account for (account,) in rows)
