"""Merkle trees as RFC 6962 hashes them, and what their proofs lead to. Pure: bytes in, bytes out."""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2).

    Raises:
        ValueError: index outside the tree, or a path of the wrong length.
    """
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("path too long")
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("path too short")
    return found


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a tree (size, root) is the beginning of another (RFC 9162, section 2.1.4.2)."""
    (first, first_root), (second, second_root) = old, new
    if first > second or first < 0:
        return False
    if first in {0, second}:
        return not proof and (first_root == second_root if first == second else True)
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    left = right = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            left, right = node_hash(sibling, left), node_hash(sibling, right)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            right = node_hash(right, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and left == first_root and right == second_root
