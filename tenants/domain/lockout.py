"""How long a log-in pauses after failures: longer each time, never for ever."""

from datetime import timedelta

FREE_FOR_LOGIN = 5
FREE_FOR_SOURCE = 50
FORGET_AFTER = timedelta(days=1)
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


def pause_after(failures: int, free: int) -> timedelta:
    """The pause that the newest of `failures` failures in a row brings.

    The first `free - 1` bring none; from there 30 seconds, doubling to an hour. An hour's cap leaves a guesser about
    24 tries a day against a second factor of a million, and leaves the owner a way in.

    Example:
        >>> [pause_after(n, 5).total_seconds() for n in (4, 5, 6, 7)]
        [0.0, 30.0, 60.0, 120.0]
    """
    if failures < free:
        return timedelta(0)
    doublings = min(failures - free, 16)
    return min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE)
