"""Permissions and roles: who may do what, deny by default.

A route or a page cannot be declared without a permission, and the gateway refuses to start on one that is not in the
catalogue. A permission says which roles hold it, where it is declared: the matrix is the sum of these declarations. One
that no role holds is refused to everybody but the system itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.errors import kind

ACCESS_REFUSED = kind(
    "access-refused",
    403,
    fr="Vous ne pouvez pas faire cela ici. Référence de ce refus : {reference}",
    en="You may not do this here. Reference of this refusal: {reference}",
    rule="the matrix of roles and permissions, page /acces",
    fhir="forbidden",
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a person or a program is trusted with. `per_structure`: held for one structure, and worth nothing in
    another; `assurance`: how sure the identification must be for the role to count (PGSSI-S, référentiel
    d'identification électronique: two factors for whoever acts at a distance)."""

    code: str
    fr: str
    en: str
    per_structure: bool = False
    assurance: Assurance = Assurance.SUBSTANTIAL


@dataclass(frozen=True, slots=True)
class Permission:
    """A stable dotted code and what it lets one do, for the matrix that people read."""

    code: str
    fr: str
    en: str
    roles: tuple[Role, ...] = field(default=(), compare=False)


CATALOGUE: dict[str, Permission] = {}
ROLES: dict[str, Role] = {}


class PermissionMissing(RuntimeError):
    """A route was declared without a permission of the catalogue: the program refuses to start."""


class Refused(Exception):
    """Somebody may not do what they asked for. It is told outside as ACCESS_REFUSED, once it is in the audit trail."""

    def __init__(self, by: Acting, permission: Permission, structure: str = "") -> None:
        self.by, self.permission, self.structure = by, permission, structure
        super().__init__(f"{by.actor.kind.value}: {permission.code}")


def role(
    code: str, fr: str, en: str, *, per_structure: bool = False, assurance: Assurance = Assurance.SUBSTANTIAL
) -> Role:
    """Add a role to the catalogue."""
    if code in ROLES:
        raise ValueError(f"role declared twice: {code}")
    ROLES[code] = added = Role(code, fr, en, per_structure, assurance)
    return added


def declare(code: str, fr: str, en: str, *, roles: Iterable[Role] = ()) -> Permission:
    """Add a permission to the catalogue, with the roles that hold it."""
    if code in CATALOGUE:
        raise ValueError(f"permission declared twice: {code}")
    CATALOGUE[code] = permission = Permission(code, fr, en, tuple(roles))
    return permission


def require_declared(where: str, permission: object) -> None:
    """Raise PermissionMissing unless `permission` is one of the catalogue; `where` names the route."""
    if not isinstance(permission, Permission) or CATALOGUE.get(permission.code) is not permission:
        raise PermissionMissing(f"{where}: declares no permission of the catalogue (got {permission!r})")


def allows(by: Acting, permission: Permission, structure: str | None = None) -> bool:
    """Whether this actor may use this permission: in this structure, or in theirs when none is named."""
    actor = by.actor
    if permission is PUBLIC or actor.kind is ActorKind.SYSTEM:
        return True
    mine = held(actor)
    return any(role in mine and _counts(role, actor, structure) for role in permission.roles)


def _counts(role: Role, actor: Actor, structure: str | None) -> bool:
    if actor.assurance < role.assurance:
        return False
    if not role.per_structure:
        return True
    return bool(actor.organisation) and structure in (None, actor.organisation)


def held(actor: Actor) -> set[Role]:
    """The roles that were given to the actor, and those that come with an account of one's own."""
    given = {ROLES[code] for code in actor.roles if code in ROLES}
    return given | {ENTERING, AGENT} if actor.kind is ActorKind.AGENT else given


def require(by: Acting, permission: Permission, structure: str | None = None) -> None:
    """Raise Refused unless `allows`."""
    if not allows(by, permission, structure):
        raise Refused(by, permission, structure or by.actor.organisation)


ENTERING = role(
    "entering",
    "Personne qui se connecte, avec un seul facteur",
    "Person signing in, with one factor",
    assurance=Assurance.LOW,
)
AGENT = role("agent", "Toute personne qui a un compte ici", "Anyone with an account here")
OPERATOR = role("operator", "Exploitant de l’installation", "Operator of the installation")
AUDITOR = role("auditor", "Auditeur de la trace", "Auditor of the trail")
ACCESS_MANAGER = role(
    "access-manager",
    "Gestionnaire des accès d’une structure",
    "Access manager of a structure",
    per_structure=True,
)
DIRECTORY_MANAGER = role(
    "directory-manager",
    "Gestionnaire d’annuaire d’une structure",
    "Directory manager of a structure",
    per_structure=True,
)
DATA_PROTECTION = role("data-protection", "Délégué à la protection des données", "Data protection officer")
PUBLISHER = role("publisher", "Éditeur de logiciels", "Software publisher")
GIVEN = (OPERATOR, AUDITOR, ACCESS_MANAGER, DIRECTORY_MANAGER, DATA_PROTECTION, PUBLISHER)
"""The roles that somebody gives; the others come with an account."""

PUBLIC = declare("public", "Ouvert à tous, sans compte", "Open to all, without an account")
READ_TRAIL = declare(
    "audit.read", "Lire la trace et la vérifier", "Read the trail and verify it", roles=(AUDITOR,)
)
VALIDATE_ROLES = declare(
    "directory.roles.validate",
    "Déclarer et valider les rôles des personnes de sa structure dans l’annuaire",
    "Declare and validate the roles of the people of one's structure in the directory",
    roles=(DIRECTORY_MANAGER,),
)
OWN_API_KEYS = declare(
    "api-keys.own",
    "Tenir les clés d’API de ses logiciels",
    "Keep the API keys of one's software",
    roles=(PUBLISHER, OPERATOR),
)
