"""Whether two films show the same footage: longest stretch in which their pictures look alike, one shifted in time."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hengjian.platform.video.report import Fingerprint

FEW_BITS = 6
"""Pictures that differ in at most so many of 64 bits look alike."""
TELLING_BITS = 12
"""A picture with fewer bright fields than this, or fewer dark ones, is too plain to recognize anything by."""
_BITS = 64


@dataclass(frozen=True, slots=True)
class CommonFootage:
    """A stretch that both films show: where it begins in each, and how many pictures agree in a row."""

    first_ms: int
    second_ms: int
    pictures: int


def common_footage(
    first: Sequence[Fingerprint], second: Sequence[Fingerprint], *, at_least: int = 5
) -> CommonFootage | None:
    """The longest run of pictures that look alike at one and the same shift; None below `at_least` in a row.

    Both are in the order of time and taken at the same distance; a picture without structure (dark, plain) tells
    nothing and neither continues nor ends a run.
    """
    one = [fingerprint for fingerprint in first if _tells(fingerprint)]
    other = [fingerprint for fingerprint in second if _tells(fingerprint)]
    runs: Counter[int] = Counter()
    begun: dict[int, tuple[int, int]] = {}
    best: CommonFootage | None = None
    previous: defaultdict[int, bool] = defaultdict(bool)
    for i, left in enumerate(one):
        current: defaultdict[int, bool] = defaultdict(bool)
        for j, right in enumerate(other):
            if (left.bits ^ right.bits).bit_count() > FEW_BITS:
                continue
            shift = j - i
            current[shift] = True
            runs[shift] = runs[shift] + 1 if previous[shift] else 1
            if runs[shift] == 1:
                begun[shift] = (left.at_ms, right.at_ms)
            if runs[shift] >= at_least and (best is None or runs[shift] > best.pictures):
                best = CommonFootage(*begun[shift], pictures=runs[shift])
        previous = current
    return best


def _tells(fingerprint: Fingerprint) -> bool:
    ones = fingerprint.bits.bit_count()
    return TELLING_BITS <= ones <= _BITS - TELLING_BITS
