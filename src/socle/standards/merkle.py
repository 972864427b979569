"""Merkle trees of RFC 9162 §2.1 with SHA-256, held in tiles of 256 hashes (C2SP tlog-tiles).

A hash is 32 bytes. A *node* (level, index) is the root of the complete subtree over the 2^level leaves that start at
index × 2^level; level 0 are the leaves. A tile (level, index) holds up to 256 neighbouring nodes of level 8 × its own
level, one after another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 256
EMPTY_ROOT = sha256(b"").digest()
_LEAF, _NODE = b"\x00", b"\x01"
_TILES_KEPT = 256

Nodes = Callable[[int, int], bytes]
Tiles = Callable[[int, int], bytes]


class TileMissing(LookupError):
    """A tile, or the part of it that was asked for, is not there."""

    def __init__(self, level: int, index: int) -> None:
        self.level, self.index = level, index
        super().__init__(f"tile {level}/{index}")


def leaf_hash(data: bytes) -> bytes:
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: of each level, the node that waits for its sibling.

    It costs one hash a leaf to extend and one a level to ask for the root; it keeps nothing else of the tree.
    """

    size: int = 0
    waiting: list[bytes | None] = field(default_factory=list)

    def extend(self, leaves: Sequence[bytes]) -> list[list[bytes]]:
        """Append leaf hashes. Returns the nodes completed by them, by level from 0, each in order."""
        self.size += len(leaves)
        made: list[list[bytes]] = []
        nodes = list(leaves)
        while nodes:
            made.append(nodes)
            nodes = self._join(len(made) - 1, nodes)
        return made

    def _join(self, level: int, nodes: list[bytes]) -> list[bytes]:
        """The parents of what waits at `level` and of `nodes`; a last one without sibling waits."""
        if level == len(self.waiting):
            self.waiting.append(None)
        first = self.waiting[level]
        row = nodes if first is None else [first, *nodes]
        self.waiting[level] = row[-1] if len(row) % 2 else None
        return [
            sha256(_NODE + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]

    def root(self) -> bytes:
        found: bytes | None = None
        for node in self.waiting:
            if node is not None:
                found = node if found is None else node_hash(node, found)
        return EMPTY_ROOT if found is None else found


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


class TileTree:
    """Nodes of a tree whose tiles `read(level, index)` gives, each with all the hashes it holds so far.

    Raises TileMissing where a tile is shorter than what is asked of it.
    """

    def __init__(self, read: Tiles) -> None:
        self._read = read
        self._levels = lru_cache(maxsize=_TILES_KEPT)(self._levels_of)

    def node(self, level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        tile, place = divmod(first, TILE_WIDTH)
        rows = self._levels(tile_level, tile)
        try:
            return rows[height][place >> height]
        except IndexError:
            raise TileMissing(tile_level, tile) from None

    def frontier(self, size: int) -> Frontier:
        """The right edge of the tree over the first `size` leaves."""
        waiting: list[bytes | None] = []
        for level in range(size.bit_length()):
            odd = size >> level & 1
            waiting.append(self.node(level, (size >> level) - 1) if odd else None)
        return Frontier(size, waiting)

    def _levels_of(self, level: int, index: int) -> list[list[bytes]]:
        """The complete nodes of one tile by height, from 0 to 7."""
        held = self._read(level, index)
        row = [
            held[at : at + HASH_BYTES] for at in range(0, len(held) // HASH_BYTES * HASH_BYTES, HASH_BYTES)
        ]
        return Frontier().extend(row)


def tiles_of(size: int) -> list[tuple[int, int]]:
    """Of each tile level of a tree of `size` leaves: (how many tiles, how many hashes the last of them holds)."""
    found = []
    while size:
        found.append((-(-size // TILE_WIDTH), (size - 1) % TILE_WIDTH + 1))
        size >>= TILE_HEIGHT
    return found


def root_at(nodes: Nodes, size: int) -> bytes:
    """The root of the tree over the first `size` leaves."""
    return _subtree(nodes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """RFC 9162 §2.1.3.1: the siblings from leaf `index` up to the root over the first `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of a tree of {size}: expected 0 to {size - 1}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(nodes, middle, end))
            end = middle
        else:
            path.append(_subtree(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, first: int, second: int) -> list[bytes]:
    """RFC 9162 §2.1.4.1: that the tree over `second` leaves begins with the one over `first`."""
    if not 0 < first <= second:
        raise ValueError(f"sizes {first} and {second}: expected 0 < first <= second")
    start, end, whole, path = 0, second, True, []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_subtree(nodes, middle, end))
            end = middle
        else:
            path.append(_subtree(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(nodes, start, end))
    return path[::-1]


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def proves_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """RFC 9162 §2.1.4.2. A tree of equal size is consistent when its root is the same and the proof empty."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _subtree(nodes: Nodes, start: int, end: int) -> bytes:
    """The root over the leaves from `start` to `end`, which a split of the tree gave."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + _split(count)
    return node_hash(_subtree(nodes, start, middle), _subtree(nodes, middle, end))


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1
