"""How wide the columns of a printed table are: by what stands in them, so that few cells and no words break."""

import re
import unicodedata
from collections.abc import Callable, Sequence

LINE = 110
"""Latin letters that fit on a line of a report's table."""

_WIDEST, _UNBROKEN, _PADDING = 34, 14, 3
_WIDE = frozenset({"W", "F"})
_BREAK = re.compile(r"[\s/，、,;；]+")


def column_widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Shares of the line in per cent, one a column.

    Each column first gets room for its longest word, in nine of ten cells; what is left goes to the columns with
    longer texts. Where not even the words fit, the columns share the line by them.

    >>> column_widths(("甲", "b"), [("乌鲁木齐市", "2026-11-20"), ("克拉玛依市", "2026-11-21")])
    (50, 50)
    """
    columns = [[title, *(row[index] for row in rows)] for index, title in enumerate(head)]
    least = [max(_usual(cells, _longest_word), _longest_word(cells[0])) + _PADDING for cells in columns]
    wanted = [min(_usual(cells, _length), _WIDEST) + _PADDING for cells in columns]
    missing = [max(want - have, 0) for want, have in zip(wanted, least, strict=True)]
    left = max(LINE - sum(least), 0)
    if missing and sum(missing):
        share = min(1.0, left / sum(missing))
        least = [round(have + more * share) for have, more in zip(least, missing, strict=True)]
    total = sum(least)
    return tuple(100 * width // total for width in least)


def _usual(cells: Sequence[str], measure: Callable[[str], int]) -> int:
    """What nine of ten cells need."""
    lengths = sorted(measure(cell) for cell in cells)
    return lengths[(len(lengths) * 9) // 10]


def _longest_word(text: str) -> int:
    """What the longest word needs; from fourteen letters on a word may be broken, Chinese from seven characters on."""
    return max((min(_length(word), _UNBROKEN) for word in _BREAK.split(text)), default=0)


def _length(text: str) -> int:
    """Latin letters count one, Chinese characters two."""
    return sum(2 if unicodedata.east_asian_width(letter) in _WIDE else 1 for letter in text)
