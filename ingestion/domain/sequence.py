"""Sequence numbers of a stream: what is missing, what came twice."""

from dataclasses import dataclass

Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StreamState:
    """What a stream has seen: the highest number, and the gaps below it (both ends included, rising)."""

    highest: int = 0
    missing: tuple[Gap, ...] = ()

    @property
    def expected_next(self) -> int:
        """The number that the next push should carry."""
        return self.highest + 1


def already_seen(state: StreamState, sequence: int) -> bool:
    """Whether a number has been used: not above the highest and in no gap."""
    return sequence <= state.highest and not any(low <= sequence <= high for low, high in state.missing)


def after(state: StreamState, sequence: int) -> StreamState:
    """The state once a number has come; a jump leaves a gap, a late number fills one.

    >>> after(StreamState(highest=3), 6)
    StreamState(highest=6, missing=((4, 5),))
    >>> after(StreamState(highest=6, missing=((4, 5),)), 4)
    StreamState(highest=6, missing=((5, 5),))
    """
    if sequence > state.highest:
        gap: tuple[Gap, ...] = ((state.highest + 1, sequence - 1),) if sequence > state.highest + 1 else ()
        return StreamState(sequence, state.missing + gap)
    missing: list[Gap] = []
    for low, high in state.missing:
        if low <= sequence <= high:
            missing += [part for part in ((low, sequence - 1), (sequence + 1, high)) if part[0] <= part[1]]
        else:
            missing.append((low, high))
    return StreamState(state.highest, tuple(missing))
