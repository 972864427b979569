"""Those who ask and those who instruct."""

from socle.kernel.actors import ANONYMOUS, Acting, Actor, ActorKind, Assurance

OFFICER = Acting(
    Actor(ActorKind.AGENT, "dpo", Assurance.SUBSTANTIAL, roles=frozenset({"data-protection"})), door="tests"
)
OTHER = Acting(
    Actor(ActorKind.AGENT, "ada", Assurance.SUBSTANTIAL, roles=frozenset({"operator"})), door="tests"
)
NOBODY = Acting(ANONYMOUS, door="tests")
