"""How long a log-in pauses after failures: longer each time, never for ever."""

from dataclasses import dataclass
from datetime import timedelta

FORGET_AFTER = timedelta(days=1)
_FIRST_PAUSE = timedelta(seconds=30)
_MOST_DOUBLINGS = 16


@dataclass(frozen=True)
class Patience:
    """How many failures in a row are free, and the longest pause that follows."""

    free: int
    longest: timedelta


# An hour leaves a guesser about 24 tries a day against a second factor of a million, and leaves the owner a way in.
WITH_LOGIN = Patience(free=5, longest=timedelta(hours=1))
# Many people may share one address (an office, a proxy), so they are slowed down, not shut out.
WITH_SOURCE = Patience(free=50, longest=timedelta(minutes=1))


def pause_after(failures: int, patience: Patience) -> timedelta:
    """The pause that the newest of `failures` failures in a row brings.

    The first `free - 1` bring none; from there 30 seconds, doubling up to the longest.

    Example:
        >>> [pause_after(n, WITH_LOGIN).total_seconds() for n in (4, 5, 6, 7)]
        [0.0, 30.0, 60.0, 120.0]
    """
    if failures < patience.free:
        return timedelta(0)
    doublings = min(failures - patience.free, _MOST_DOUBLINGS)
    return min(_FIRST_PAUSE * (1 << doublings), patience.longest)
