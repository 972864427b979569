"""Who acts, for acts that ask for a permission."""

from socle.kernel.access import Role
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance


def agent(role: Role, structure: str = "") -> Acting:
    """Somebody with both factors who holds this role; their account has its name."""
    held = frozenset({role.code})
    return Acting(Actor(ActorKind.AGENT, role.code, Assurance.SUBSTANTIAL, structure, held), door="tests")
