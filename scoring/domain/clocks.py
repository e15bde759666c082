"""A clock that counts days since something was last done at a point, and stands still while the point is stopped."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
Days = tuple[date, date]
"""From the first day to before the second."""


def merged(spans: Iterable[Days]) -> tuple[Days, ...]:
    """The same days as spans that neither touch nor overlap, rising; empty ones fall away.

    >>> merged([(date(2026, 1, 5), date(2026, 1, 9)), (date(2026, 1, 1), date(2026, 1, 5))])
    ((datetime.date(2026, 1, 1), datetime.date(2026, 1, 9)),)
    """
    found: list[Days] = []
    for first, until in sorted(span for span in spans if span[0] < span[1]):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((first, until))
    return tuple(found)


def on_any(spans: Sequence[Days], day: date) -> bool:
    """Whether the day lies in one of the merged spans."""
    place = bisect_right(spans, day, key=_first) - 1
    return place >= 0 and day < spans[place][1]


def _first(span: Days) -> date:
    return span[0]


@dataclass(frozen=True, slots=True)
class Clock:
    """The days since the last time, counted by date: done on the 1st and again on the 8th is a gap of 7 days.

    Attributes:
        service: merged; with each of these spans the count begins anew.
        pauses: merged; days on which the clock stands still.
        done: rising; the days on which it was done.
        known_from: what was done before is unknown, so the count begins on this day at the earliest.
    """

    service: tuple[Days, ...]
    pauses: tuple[Days, ...]
    done: tuple[date, ...]
    known_from: date | None

    def reading(self, day: date) -> int | None:
        """Days from the last time before this day up to it, without those of pauses; None where that is unknown.

        On a day on which it is done the reading is still that of the gap which ends there.
        """
        for begins, until in self._runs():
            if begins <= day < until:
                place = bisect_left(self.done, day) - 1
                last = max(begins, self.done[place]) if place >= 0 else begins
                return self._counted(last, day)
        return None

    def turns(self, term: int, *, last: date) -> Iterator[date]:
        """The days up to `last` on which the reading goes above the term, and those on which it is back below."""
        for begins, until in self._runs():
            done = [day for day in self.done[bisect_right(self.done, begins) :] if day < until]
            for previous, following in zip((begins, *done), (*done, until), strict=True):
                over = self._after(previous, term + 1)
                if over <= min(following, last):
                    yield over
                    yield min(following, last) + _DAY

    def bounds(self) -> Iterator[date]:
        """The days on which the count or a pause begins or ends."""
        for begins, until in (*self._runs(), *self.service, *self.pauses):
            yield begins
            yield until

    def _runs(self) -> Iterator[Days]:
        known = self.known_from
        if known is not None:
            yield from ((max(begins, known), until) for begins, until in self.service if known < until)

    def _counted(self, after: date, day: date) -> int:
        """Days after the first up to the second, without those of pauses."""
        begins, until = after + _DAY, day + _DAY
        paused = sum(max(0, (min(until, end) - max(begins, start)).days) for start, end in self.pauses)
        return (until - begins).days - paused

    def _after(self, day: date, count: int) -> date:
        """The day on which so many days are counted after one; the last of all where a pause has no end."""
        reached = day + timedelta(days=count)
        for start, end in self.pauses:
            if end > day + _DAY and start <= reached:
                paused = end - max(start, day + _DAY)
                if paused >= date.max - reached:
                    return date.max
                reached += paused
        return reached
