"""Trees against the definitions of RFC 9162 §2.1, written out naively, and against the known roots of RFC 6962."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.merkle import (
    EMPTY_ROOT,
    Frontier,
    TileMissing,
    TileTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root,
    root_at,
    tiles_of,
)

# The eight leaves and the roots over the first n of them, as the reference implementation of Certificate Transparency
# (RFC 6962) publishes them.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162 §2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def tree_over(leaves: list[bytes]) -> TileTree:
    """The tiles of these leaves, made at once."""
    tiles: dict[tuple[int, int], bytes] = {}
    for level, row in enumerate(Frontier().extend(leaves)[::8]):
        for at in range(0, len(row), 256):
            tiles[level, at // 256] = b"".join(row[at : at + 256])
    return TileTree(lambda level, index: tiles.get((level, index), b""))


def test_the_known_roots() -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [root(hashes[: size + 1]).hex() for size in range(8)] == ROOTS
    assert (
        root([])
        == EMPTY_ROOT
        == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )


@given(st.lists(st.integers(0, 300), max_size=8))
def test_a_tree_that_grows_by_pieces_is_the_tree_made_at_once(pieces: list[int]) -> None:
    leaves, frontier = leaves_of(sum(pieces)), Frontier()
    for piece in pieces:
        frontier.extend(leaves[frontier.size : frontier.size + piece])
        assert frontier.root() == naive_root(leaves[: frontier.size])


@given(st.integers(1, 1200), st.data())
def test_proofs_are_those_of_the_definition_and_verify(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    nodes, whole = tree_over(leaves).node, naive_root(leaves)
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert root_at(nodes, size) == whole
    path = inclusion_proof(nodes, index, size)
    assert path == naive_path(index, leaves)
    assert proves_inclusion(leaves[index], index, size, path, whole)
    proof = consistency_proof(nodes, first, size)
    assert proof == naive_proof(first, leaves)
    assert proves_consistency(first, size, naive_root(leaves[:first]), whole, proof)


@given(st.integers(2, 300), st.data())
def test_no_changed_proof_verifies(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    nodes, whole = tree_over(leaves).node, naive_root(leaves)
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    path, proof = inclusion_proof(nodes, index, size), consistency_proof(nodes, first, size)
    start = naive_root(leaves[:first])
    for changed in altered(path, data):
        assert not proves_inclusion(leaves[index], index, size, changed, whole)
    for changed in altered(proof, data):
        assert not proves_consistency(first, size, start, whole, changed)
    assert not proves_inclusion(leaf_hash(b"other"), index, size, path, whole)
    assert not proves_consistency(first, size, leaf_hash(b"other"), whole, proof)
    assert not proves_consistency(first, size, start, leaf_hash(b"other"), proof)


def altered(path: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """The path with one hash changed, one less, one more."""
    at = data.draw(st.integers(0, len(path) - 1))
    other = bytes([path[at][0] ^ 1]) + path[at][1:]
    return [[*path[:at], other, *path[at + 1 :]], path[:at] + path[at + 1 :], [*path, path[0]]]


@pytest.mark.parametrize(
    ("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4)], ids=["empty", "beyond one", "negative", "beyond"]
)
def test_no_leaf_is_outside_of_its_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        inclusion_proof(tree_over(leaves_of(4)).node, index, size)
    assert not proves_inclusion(leaf_hash(b""), index, size, [], EMPTY_ROOT)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (-1, 3)])
def test_no_consistency_with_what_is_not_a_beginning(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        consistency_proof(tree_over(leaves_of(4)).node, first, second)
    assert not proves_consistency(first, second, EMPTY_ROOT, EMPTY_ROOT, [EMPTY_ROOT])


@given(st.integers(0, 70_000))
def test_the_right_edge_is_found_again_in_the_tiles(size: int) -> None:
    leaves = [bytes(32)] * size
    frontier = tree_over(leaves).frontier(size)
    assert frontier.size == size
    assert frontier.root() == root(leaves)
    frontier.extend([leaf_hash(b"next")])
    assert frontier.root() == root([*leaves, leaf_hash(b"next")])


def test_a_tile_that_is_cut_is_named() -> None:
    tree = TileTree(lambda level, index: b"".join(leaves_of(5)))
    with pytest.raises(TileMissing, match="tile 0/0"):
        tree.node(0, 5)


@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        (0, []),
        (1, [(1, 1)]),
        (255, [(1, 255)]),
        (256, [(1, 256), (1, 1)]),
        (257, [(2, 1), (1, 1)]),
        (65_536, [(256, 256), (1, 256), (1, 1)]),
    ],
)
def test_how_many_tiles_a_tree_has(size: int, tiles: list[tuple[int, int]]) -> None:
    assert tiles_of(size) == tiles
