"""Hashing and proofs against RFC 6962: its known vectors, and a naive tree that follows its definitions word for word."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.log.tiles import (
    Growing,
    consistency_spans,
    edge,
    grow,
    inclusion_spans,
    root_of,
    tiles_of,
)
from hengjian.platform.proof.trees import EMPTY_ROOT, is_consistent, leaf_hash, node_hash, root_from_inclusion

# The vectors that every implementation of Certificate Transparency is tried with.
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
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZES = st.integers(1, 1400)


def naive_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(naive_root(hashes[:k]), naive_root(hashes[k:]))


def naive_path(m: int, hashes: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def naive_proof(m: int, hashes: list[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if m == len(hashes):
        return [] if whole else [naive_root(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return [*naive_proof(m, hashes[:k], whole=whole), naive_root(hashes[k:])]
    return [*naive_proof(m - k, hashes[k:], whole=False), naive_root(hashes[:k])]


def some(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def tiled(hashes: list[bytes], steps: list[int]) -> dict[tuple[int, int], bytes]:
    """The tiles after appending in batches of the given sizes, the last one with the rest."""
    tiles: dict[tuple[int, int], bytes] = {}
    size = 0
    for step in [*steps, len(hashes)]:
        batch = hashes[size : size + step]
        known = {tile: tiles[tile] for tile in edge(size) if tile in tiles}
        tiles |= grow(known, size, batch)
        size += len(batch)
    return tiles


def test_known_vectors() -> None:
    """The roots of the first one to eight leaves are the published ones."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    growing = Growing()
    assert growing.root() == EMPTY_ROOT
    for count, root in enumerate(ROOTS, 1):
        growing.add(hashes[count - 1])
        assert growing.root().hex() == root
        assert root_of(tiled(hashes[:count], []), (0, count)).hex() == root


def test_published_proofs() -> None:
    """The path of leaf 5 of 8 and the proof from 6 to 8 are the published ones."""
    tiles = tiled([leaf_hash(leaf) for leaf in LEAVES], [])
    path = [root_of(tiles, span).hex() for span in inclusion_spans(5, 8)]
    assert path == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    proof = [root_of(tiles, span).hex() for span in consistency_spans(6, 8)]
    assert proof == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(size=SIZES, steps=st.lists(st.integers(1, 300), max_size=6), data=st.data())
def test_proofs_from_tiles_are_those_of_the_naive_tree(size: int, steps: list[int], data: st.DataObject) -> None:
    """However the leaves came in, root, path and consistency proof are what the RFC defines, and they verify."""
    hashes = some(size)
    tiles = tiled(hashes, steps)
    root = naive_root(hashes)
    assert root_of(tiles, (0, size)) == root
    index = data.draw(st.integers(0, size - 1))
    spans = inclusion_spans(index, size)
    path = [root_of(tiles, span) for span in spans]
    assert path == naive_path(index, hashes)
    assert root_from_inclusion(hashes[index], index, size, path) == root
    old = data.draw(st.integers(1, size))
    proof = [root_of(tiles, span) for span in consistency_spans(old, size)]
    assert proof == (naive_proof(old, hashes) if old < size else [])
    assert is_consistent((old, naive_root(hashes[:old])), (size, root), proof)
    assert len(tiles_of(spans)) <= 2 * len(edge(size))


@given(size=st.integers(2, 300), data=st.data())
def test_a_proof_proves_nothing_else(size: int, data: st.DataObject) -> None:
    """Another leaf, another place, another root, a longer or shorter path, a flipped bit: none of them verifies."""
    hashes = some(size)
    tiles = tiled(hashes, [])
    index = data.draw(st.integers(0, size - 1))
    path = [root_of(tiles, span) for span in inclusion_spans(index, size)]
    root = naive_root(hashes)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    assert _leads_to(hashes[other], index, size, path) != root
    assert _leads_to(hashes[index], other, size, path) != root
    assert _leads_to(hashes[index], index, size, path[:-1]) != root
    assert _leads_to(hashes[index], index, size, [*path, root]) != root
    step, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(path[step]) ^ 1 << bit).to_bytes(32)
    assert _leads_to(hashes[index], index, size, [*path[:step], flipped, *path[step + 1 :]]) != root


def _leads_to(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        return root_from_inclusion(leaf, index, size, path)
    except ValueError:
        return None


@given(size=st.integers(2, 300), data=st.data())
def test_a_rewritten_tree_is_not_consistent(size: int, data: st.DataObject) -> None:
    """A change of any leaf that an older root covers breaks the proof, whoever makes it."""
    hashes = some(size)
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*hashes[:changed], leaf_hash(b"other"), *hashes[changed + 1 :]]
    tiles = tiled(rewritten, [])
    proof = [root_of(tiles, span) for span in consistency_spans(old, size)]
    assert not is_consistent((old, naive_root(hashes[:old])), (size, naive_root(rewritten)), proof)
    assert not is_consistent((size, naive_root(hashes)), (old, naive_root(hashes[:old])), proof) or old == size


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (7, 3)])
def test_a_place_outside_the_tree_is_refused(index: int, size: int) -> None:
    """Such a proof isn't merely wrong, it is none."""
    with pytest.raises(ValueError, match="outside"):
        root_from_inclusion(bytes(32), index, size, [])
