"""What the accounts' own pages and acts ask for; the roles themselves are in `socle.kernel.access`."""

from socle.kernel.access import (
    ACCESS_MANAGER,
    AGENT,
    ENTERING,
    GIVEN,
    OPERATOR,
    ROLES,
    Role,
    declare,
)
from socle.kernel.accounts.faults import ROLE_UNKNOWN
from socle.kernel.errors import SocleError

ENTER = declare(
    "account.enter",
    "Finir de se connecter : second facteur, déconnexion",
    "Finish signing in: second factor, signing out",
    roles=(ENTERING, AGENT),
)
OWN_ACCOUNT = declare(
    "account.own",
    "Voir et tenir son propre compte : sessions, facteurs, rôles",
    "See and keep one's own account: sessions, factors, roles",
    roles=(AGENT,),
)
MANAGE_PEOPLE = declare(
    "accounts.manage",
    "Inviter des personnes, donner et retirer des rôles, fermer des comptes",
    "Invite people, give and take back roles, close accounts",
    roles=(OPERATOR, ACCESS_MANAGER),
)
DELEGATE = declare(
    "accounts.delegate",
    "Déléguer un rôle que l’on tient, jusqu’à une date",
    "Delegate a role that one holds, until a date",
    roles=GIVEN,
)
REVIEW = declare(
    "accounts.review",
    "Mener la revue annuelle des rôles",
    "Lead the yearly review of roles",
    roles=(OPERATOR, ACCESS_MANAGER),
)


def given_role(code: str) -> Role:
    """The role of this code. Raises SocleError(ROLE_UNKNOWN) for one that nobody gives."""
    found = ROLES.get(code)
    if found not in GIVEN:
        raise SocleError(ROLE_UNKNOWN, received=code[:40], known=", ".join(role.code for role in GIVEN))
    return found


def may_give(giver: frozenset[Role], role: Role) -> bool:
    """The operator gives every role; the access manager of a structure those that are held for a structure."""
    return OPERATOR in giver or (ACCESS_MANAGER in giver and role.per_structure)
