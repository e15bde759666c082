"""Stretches of time as sets: joined, cut out, laid over each other. Whole milliseconds since 1970, ends excluded."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def moment_of(instant: int) -> datetime:
    """The moment of milliseconds since 1970."""
    return _EPOCH + instant * _MILLISECOND


class Interval(NamedTuple):
    """From `since` (included) to `until` (excluded), in milliseconds; one that ends where it begins is empty."""

    since: int
    until: int

    @property
    def milliseconds(self) -> int:
        """How long it lasts."""
        return max(0, self.until - self.since)


def joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time as the fewest intervals, in order; what touches becomes one."""
    found: list[Interval] = []
    for interval in sorted(each for each in intervals if each.since < each.until):
        if found and interval.since <= found[-1].until:
            if interval.until > found[-1].until:
                found[-1] = Interval(found[-1].since, interval.until)
        else:
            found.append(interval)
    return tuple(found)


def without(intervals: Iterable[Interval], removed: Iterable[Interval]) -> tuple[Interval, ...]:
    """What remains of the first when the second is cut out."""
    cuts = joined(removed)
    found = []
    first_cut = 0
    for interval in joined(intervals):
        since = interval.since
        while first_cut < len(cuts) and cuts[first_cut].until <= since:
            first_cut += 1
        for cut in cuts[first_cut:]:
            if cut.since >= interval.until:
                break
            if since < cut.since:
                found.append(Interval(since, cut.since))
            since = cut.until
        if since < interval.until:
            found.append(Interval(since, interval.until))
    return tuple(found)


def common(intervals: Iterable[Interval], others: Iterable[Interval]) -> tuple[Interval, ...]:
    """What lies in both."""
    ours = joined(intervals)
    return without(ours, without(ours, others))


def twice(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """What lies in more than one of them."""
    found = []
    reached: int | None = None
    for interval in sorted(each for each in intervals if each.since < each.until):
        if reached is not None and interval.since < reached:
            found.append(Interval(interval.since, min(interval.until, reached)))
        reached = interval.until if reached is None else max(reached, interval.until)
    return joined(found)


def total(intervals: Iterable[Interval]) -> int:
    """Milliseconds in all, each counted once."""
    return sum(interval.milliseconds for interval in joined(intervals))
