"""CSV that a spreadsheet opens as data: no cell can become a formula.

Source: OWASP on CSV injection; full-width signs are formulas too in Chinese editions of spreadsheets.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from litestar import Response

_FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
_BYTE_ORDER_MARK = "\ufeff"
MOST_ROWS = 10_000


def safe_cell(value: object) -> str:
    """The value as text; one that a spreadsheet could take for a formula gets an apostrophe in front.

    >>> safe_cell("=1+1"), safe_cell(" ＠SUM"), safe_cell(-3), safe_cell(None)
    ("'=1+1", "' ＠SUM", '-3', '')
    """
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\0", "")
    stripped = text.lstrip(" \u3000\u00a0\ufeff")
    return f"'{text}" if stripped[:1] in _FORMULA_SIGNS and stripped else text


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Head and rows, with the mark by which spreadsheets know UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([safe_cell(one) for one in head])
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return _BYTE_ORDER_MARK + buffer.getvalue()


def csv_answer(name: str, day: date, *, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[str]:
    """A download named after what it holds and the day."""
    return Response(
        csv_text(head, rows),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="hengjian-{name}-{day.isoformat()}.csv"'},
    )
