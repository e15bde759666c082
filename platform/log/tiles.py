"""The tree as tiles of 256 hashes (as C2SP tlog-tiles has them): appending, and which tiles a proof needs. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from hengjian.platform.log.errors import LogBrokenError
from hengjian.platform.proof.trees import EMPTY_ROOT, node_hash

HASH = 32
WIDTH = 256
_LEVEL_HEIGHT = 8

Tile = tuple[int, int]
"""Level and index of a tile."""
Range = tuple[int, int]
"""Leaves from the first up to, not including, the second."""


def edge(size: int) -> list[Tile]:
    """The tiles at the right edge of a tree, one a level: those that the next leaf may change."""
    found, level, count = [], 0, size
    while True:
        found.append((level, count // WIDTH))
        if count < WIDTH:
            return found
        level, count = level + 1, count // WIDTH


def grow(tiles: Mapping[Tile, bytes], size: int, leaves: Sequence[bytes]) -> dict[Tile, bytes]:
    """The tiles that change when hashes of leaves are appended to a tree of `size`.

    Raises:
        LogBrokenError: a tile of the edge does not hold as many hashes as the size says.
    """
    changed: dict[Tile, bytes] = {}
    level, count, fresh = 0, size, list(leaves)
    while fresh:
        above = []
        index, filled = divmod(count, WIDTH)
        hashes = tiles.get((level, index), b"")
        if len(hashes) != filled * HASH:
            raise LogBrokenError(f"tile {level}/{index} holds {len(hashes) // HASH} of {filled}")
        for one in fresh:
            hashes += one
            changed[level, index] = hashes
            if len(hashes) == WIDTH * HASH:
                above.append(fold_complete(hashes))
                index, hashes = index + 1, b""
        level, count, fresh = level + 1, count // WIDTH, above
    return changed


def fold_complete(hashes: bytes) -> bytes:
    """The root over a power of two of hashes."""
    row = [hashes[i : i + HASH] for i in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def pieces(span: Range) -> Iterator[tuple[int, int]]:
    """The complete subtrees that a range consists of, left to right, as (height, index)."""
    begin, end = span
    while begin < end:
        height = (end - begin).bit_length() - 1
        if begin:
            height = min(height, (begin & -begin).bit_length() - 1)
        yield height, begin >> height
        begin += 1 << height


def tile_of(height: int, index: int) -> tuple[Tile, int, int]:
    """Where the hashes of a complete subtree lie: the tile, and the hashes from .. up to in it."""
    level, inside = divmod(height, _LEVEL_HEIGHT)
    first = index << inside
    tile, offset = divmod(first, WIDTH)
    return (level, tile), offset, offset + (1 << inside)


def tiles_of(spans: Sequence[Range]) -> set[Tile]:
    """The tiles that hold the roots of ranges."""
    return {tile_of(*piece)[0] for span in spans for piece in pieces(span)}


def root_of(tiles: Mapping[Tile, bytes], span: Range) -> bytes:
    """The root over a range of leaves that begins where a complete subtree may.

    Raises:
        LogBrokenError: a tile is missing or too short.
    """
    found: bytes | None = None
    for height, index in reversed(list(pieces(span))):
        tile, begin, end = tile_of(height, index)
        hashes = tiles.get(tile, b"")[begin * HASH : end * HASH]
        if len(hashes) != (end - begin) * HASH:
            raise LogBrokenError(f"tile {tile[0]}/{tile[1]} is missing or too short")
        whole = fold_complete(hashes)
        found = whole if found is None else node_hash(whole, found)
    if found is None:
        raise LogBrokenError("an empty range has no root")
    return found


def inclusion_spans(index: int, size: int) -> list[Range]:
    """The ranges whose roots prove that a leaf is in a tree, from the leaf upward (RFC 6962, section 2.1.1)."""
    begin, end, found = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    return found[::-1]


def consistency_spans(old: int, size: int) -> list[Range]:
    """The ranges whose roots prove that a tree is the beginning of another (RFC 6962, section 2.1.2)."""
    if not 0 < old < size:
        return []
    begin, end, found, whole = 0, size, [], True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin, whole = middle, False
    if not whole:
        found.append((begin, end))
    return found[::-1]


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


class Growing:
    """The root of a tree while its leaves come in, in a few hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more hash of a leaf."""
        self._roots.append(leaf)
        count = self.size = self.size + 1
        while not count & 1:
            right = self._roots.pop()
            self._roots[-1] = node_hash(self._roots[-1], right)
            count >>= 1

    def root(self) -> bytes:
        """The root now."""
        if not self._roots:
            return EMPTY_ROOT
        found = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            found = node_hash(left, found)
        return found
