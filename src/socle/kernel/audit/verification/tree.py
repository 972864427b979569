"""The tiles above the leaves."""

from collections.abc import Iterator

from socle.kernel.audit.verification.findings import TILE_CHANGED, Finding
from socle.kernel.db import Session
from socle.standards.merkle import TILE_HEIGHT, TILE_WIDTH, Frontier, tiles_of

_ABOVE = "SELECT number, hashes FROM audit_tile WHERE level = ?1 ORDER BY number"
_OTHERS = (
    "SELECT level, number FROM audit_tile WHERE level < 0 OR level >= ?1 ORDER BY level, number LIMIT 10"
)
_OUTSIDE = (
    "SELECT number FROM audit_tile WHERE level = ?1 AND (number < 0 OR number >= ?2) ORDER BY number LIMIT 10"
)


def check_tree(session: Session, nodes: list[bytes], size: int) -> Iterator[Finding]:
    """`nodes` are those of level 8, as the leaves give them; each level above is built from the one below."""
    wanted = tiles_of(size)
    for level, (count, _) in enumerate(wanted):
        for (number,) in session.fetch(_OUTSIDE, level, count):
            yield Finding(TILE_CHANGED, f"tile {level}/{number}")
    for level, number in session.fetch(_OTHERS, len(wanted)):
        yield Finding(TILE_CHANGED, f"tile {level}/{number}")
    for level in range(1, len(wanted)):
        tiles = [b"".join(nodes[at : at + TILE_WIDTH]) for at in range(0, len(nodes), TILE_WIDTH)]
        held = {number: bytes(hashes) for number, hashes in session.fetch(_ABOVE, level)}
        for number, tile in enumerate(tiles):
            if held.get(number) != tile:
                yield Finding(TILE_CHANGED, f"tile {level}/{number}")
        made = Frontier().extend(nodes)
        nodes = made[TILE_HEIGHT] if len(made) > TILE_HEIGHT else []
