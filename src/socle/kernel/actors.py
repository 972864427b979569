"""Who acts: a professional, a citizen, an agent, a software, or the system itself; how sure we are of it; why.

The kernel owns this vocabulary. Authentication only produces actors; gates and the audit trail read them.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class ActorKind(StrEnum):
    PROFESSIONAL = "professional"
    CITIZEN = "citizen"
    AGENT = "agent"
    SOFTWARE = "software"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class Assurance(IntEnum):
    """How sure the identification is: the levels of eIDAS (regulation 910/2014, art. 8), which the French référentiel
    d'identification électronique names eidas1, eidas2 and eidas3."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @property
    def code(self) -> str:
        return f"eidas{self.value}" if self else "none"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is an internal identifier, never a national one; `organisation` is the structure on whose behalf the actor
    acts; `roles` are those held there at this moment."""

    kind: ActorKind
    id: str
    assurance: Assurance = Assurance.NONE
    organisation: str = ""
    roles: frozenset[str] = field(default=frozenset())

    @property
    def subject(self) -> str:
        """The name under which this actor's own personal details are sealed."""
        return f"{self.kind.value}:{self.id}"


SYSTEM = Actor(ActorKind.SYSTEM, "socle", Assurance.HIGH)
ANONYMOUS = Actor(ActorKind.ANONYMOUS, "-")


@dataclass(frozen=True, slots=True)
class Acting:
    """One actor in one request: `door` is the address family that was used, `request` the identifier that logs carry,
    `purpose` why (a code of PurposeOfUse), `client` the address of the machine, which is personal."""

    actor: Actor
    door: str = ""
    request: str = ""
    purpose: str = ""
    client: str = ""


BY_SYSTEM = Acting(SYSTEM, door="system")
