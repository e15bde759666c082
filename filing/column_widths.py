"""How wide the columns of a printed table are: by what stands in them, so that few cells break."""

import unicodedata
from collections.abc import Sequence

_NARROWEST, _WIDEST, _PADDING = 5, 30, 4
_WIDE = frozenset({"W", "F"})


def column_widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Shares of the line in per cent, one a column; nine of ten cells of a column fit where there is room.

    >>> column_widths(("甲", "b"), [("乌鲁木齐市", "x"), ("克拉玛依市", "y")])
    (61, 39)
    """
    weights = [_weight([title, *cells]) for title, cells in zip(head, _columns(head, rows), strict=True)]
    total = sum(weights)
    return tuple(round(100 * weight / total) for weight in weights)


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[row[index] for row in rows] for index in range(len(head))]


def _weight(cells: Sequence[str]) -> int:
    lengths = sorted(_length(cell) for cell in cells)
    return min(max(lengths[(len(lengths) * 9) // 10], _NARROWEST), _WIDEST) + _PADDING


def _length(text: str) -> int:
    """Latin letters count one, Chinese characters two."""
    return sum(2 if unicodedata.east_asian_width(letter) in _WIDE else 1 for letter in text)
