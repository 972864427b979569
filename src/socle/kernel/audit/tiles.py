"""The tree's tiles as the database keeps them (C2SP tlog-tiles)."""

from collections.abc import Sequence

from socle.kernel.db import Session, Unit
from socle.standards.merkle import TILE_HEIGHT, TILE_WIDTH, TileTree

_READ = "SELECT hashes FROM audit_tile WHERE level = ?1 AND number = ?2"
_WRITE = (
    "INSERT INTO audit_tile (level, number, hashes) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes"
)


def read_tile(session: Session, level: int, number: int) -> bytes:
    """Its hashes, one after another; nothing when it is not there."""
    row = session.fetch_one(_READ, level, number)
    return bytes(row[0]) if row else b""


def tile_tree(session: Session) -> TileTree:
    """The tree as the session sees it; raises TileMissing where a tile lacks."""
    return TileTree(lambda level, number: read_tile(session, level, number))


def append_to_tiles(unit: Unit, size: int, made: Sequence[Sequence[bytes]]) -> None:
    """Keep the nodes that a tree of `size` leaves gained, by level (as `Frontier.extend` returns them)."""
    rows = [
        row
        for level, nodes in enumerate(made[::TILE_HEIGHT])
        for row in _grown(unit, level, size >> level * TILE_HEIGHT, nodes)
    ]
    unit.execute_many(_WRITE, rows)


def _grown(unit: Unit, level: int, held: int, nodes: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
    """The tiles of one level that change when `nodes` come after the `held` first ones."""
    number, filled = divmod(held, TILE_WIDTH)
    row = [read_tile(unit, level, number), *nodes] if filled else [b"", *nodes]
    # The first piece is the partial tile as it was, and counts for what it holds.
    first = TILE_WIDTH - filled
    pieces = [row[: first + 1], *(row[at : at + TILE_WIDTH] for at in range(first + 1, len(row), TILE_WIDTH))]
    return [(level, number + place, b"".join(piece)) for place, piece in enumerate(pieces)]
