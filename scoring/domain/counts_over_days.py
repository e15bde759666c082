"""Counts and lists over days: what the rows that are true on each of some days come to."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import TypeVar

from hengjian.scoring.domain.register_rows import Row, Rows, Span, bounds, is_true
from hengjian.scoring.domain.values import Value

T = TypeVar("T")
Values = Sequence[Value | None]
Interval = tuple[date, date]
"""From the first day to before the second."""


def known_from(span: Span, kind: str, days: Sequence[date], values: Values) -> Values:
    """The values from the first row of a register on; before, they are unknown rather than zero."""
    unknown = bisect_left(days, span.first_days.get(kind, date.max))
    return [*(None for _ in days[:unknown]), *values[unknown:]] if unknown else values


def counted(rows: Rows, days: Sequence[date], *, one: bool = False) -> list[int]:
    """How many there are on each of the days (rising): each row stands for its `number`, or for one."""
    steps = [0] * (len(days) + 1)
    for row in rows:
        number = 1 if one else row["number"]
        steps[bisect_left(days, row["valid_from"])] += number
        steps[bisect_left(days, row["valid_until"])] -= number
    return list(accumulate(steps[:-1]))


def covering(intervals: Iterable[Interval], days: Sequence[date]) -> list[int]:
    """How many intervals each of the days lies in."""
    return counted([{"valid_from": first, "valid_until": until} for first, until in intervals], days, one=True)


def each_day(rows: Rows, days: Sequence[date], of: Callable[[list[Row]], T]) -> list[T]:
    """What the rows that are true on a day come to, on each of the days (rising)."""
    turns = sorted(set(bounds(rows)))
    found: dict[int, T] = {}
    values = []
    for day in days:
        place = bisect_right(turns, day)
        if place not in found:
            found[place] = of([row for row in rows if is_true(row, day)])
        values.append(found[place])
    return values
