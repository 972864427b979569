"""What differs from one provider to another in how it reads requests."""

from dataclasses import dataclass

from socle.standards.oauth.levels import Level


@dataclass(frozen=True, slots=True)
class Provider:
    """`shortest_state` and `shortest_nonce` are lengths: 0 for a parameter that one may leave out. `levels` are those
    that may be asked for; who asks for none of them gets `level_otherwise`."""

    issuer: str
    scopes: frozenset[str]
    levels: tuple[Level, ...]
    level_otherwise: Level
    shortest_state: int = 1
    shortest_nonce: int = 0
