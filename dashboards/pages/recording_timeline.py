"""Where everything of a task lies on its drawing: one lane a stage, idle hours folded away. Pixels, no words.

The drawing shows; the table beside it tells the same to the second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hengjian.ingestion.api import Interval, joined

LEFT, RIGHT = 132, 1040
LANE, TOP = 50, 34
_FOLD = 24
_NARROWEST = 96
_AROUND = 60_000
_IDLE = 15 * 60_000
_THINNEST = 3
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Box:
    """One stretch in a lane, in pixels ready to print."""

    x: str
    width: str
    title: str
    href: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One stage: above what must be seen, below what is, in red what is missing."""

    label: str
    y: int
    required: tuple[Box, ...]
    clips: tuple[Box, ...]
    missing: tuple[Box, ...]
    twice: tuple[Box, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The whole drawing; `hours` are the beginnings of its stretches, `folds` where idle time is left out."""

    width: int
    height: int
    left: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Box, ...]
    hours: tuple[Box, ...]
    folds: tuple[str, ...]
    description: str


class Scale:
    """From milliseconds to pixels. What is busy is drawn to scale, idle time of a quarter of an hour or more is folded."""

    def __init__(self, spans: Iterable[Interval]) -> None:
        busy = joined(Interval(span.since - _AROUND, span.until + _AROUND) for span in spans)
        self.stretches = _without_short_pauses(busy)
        count = len(self.stretches)
        folds = max(0, count - 1) * _FOLD
        room = max(RIGHT - LEFT - folds, count * _NARROWEST)
        self.width = LEFT + room + folds
        spare = room - count * _NARROWEST
        whole = sum(one.milliseconds for one in self.stretches) or 1
        self._places: list[tuple[Interval, int, int]] = []
        left = LEFT
        for one in self.stretches:
            wide = _NARROWEST + spare * one.milliseconds // whole
            self._places.append((one, left, wide))
            left += wide + _FOLD

    def tenths(self, instant: int) -> int:
        """Tenths of a pixel from the left; what lies in a fold is drawn at the fold's beginning."""
        at = LEFT * _TENTHS
        for span, left, wide in self._places:
            if instant < span.since:
                break
            into = min(instant, span.until) - span.since
            at = left * _TENTHS + into * wide * _TENTHS // max(1, span.milliseconds)
        return at

    def x(self, instant: int) -> str:
        """Pixels from the left, with one decimal."""
        return _pixels(self.tenths(instant))

    def box(self, span: Interval, title: str, *, href: str = "", text: str = "") -> Box:
        """A stretch, at least a few pixels wide."""
        since = self.tenths(span.since)
        wide = max(_THINNEST * _TENTHS, self.tenths(span.until) - since)
        return Box(_pixels(since), _pixels(wide), title, href, text)

    @property
    def beginnings(self) -> tuple[tuple[int, str], ...]:
        """Each stretch's first moment and its place."""
        return tuple((span.since, str(left)) for span, left, _ in self._places)

    @property
    def folds(self) -> tuple[str, ...]:
        """The middles of the folds."""
        return tuple(str(left - _FOLD // 2) for _, left, _ in self._places[1:])


def _without_short_pauses(busy: Sequence[Interval]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for span in busy:
        if found and span.since - found[-1].until < _IDLE:
            found[-1] = Interval(found[-1].since, span.until)
        else:
            found.append(span)
    return tuple(found)


def _pixels(tenths: int) -> str:
    whole, rest = divmod(tenths, _TENTHS)
    return f"{whole}.{rest}"
