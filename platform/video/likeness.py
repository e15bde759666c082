"""Whether two films show the same footage: longest stretch in which their pictures look alike, one shifted in time."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hengjian.platform.video.report import Fingerprint

FEW_BITS = 6
"""Pictures that differ in at most so many of 64 bits look alike."""
TELLING_BITS = 12
"""A picture with fewer bright fields than this, or fewer dark ones, is too plain to recognize anything by."""
MOST_SHIFTS = 200
"""So many shifts in time are tried at most, the likeliest first."""
MOST_TIMES = 20
"""A key that a film shows more often is a standstill; its first pictures say enough of where it may begin."""
_BITS = 64
_PAIRS = tuple(combinations(range(4), 2))


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
    nothing and neither continues nor ends a run. Looked at are the shifts at which some picture shares a key.
    """
    one, other = telling(first), telling(second)
    best: CommonFootage | None = None
    for shift in _likely_shifts(one, other):
        run = _longest_run(one, other, shift)
        if run is not None and run.pictures >= at_least and (best is None or run.pictures > best.pictures):
            best = run
    return best


def telling(fingerprints: Sequence[Fingerprint]) -> list[Fingerprint]:
    """Those with enough structure to recognize something by."""
    return [one for one in fingerprints if TELLING_BITS <= one.bits.bit_count() <= _BITS - TELLING_BITS]


def keys_of(bits: int) -> Iterator[int]:
    """Six keys of a picture: each two of its four bands of sixteen bits. Alike pictures share one, most others none.

    Two bands stay equal whatever happens to two bits, and mostly to more; in a run of alike pictures one is enough.
    """
    bands = [bits >> 16 * place & 0xFFFF for place in range(4)]
    for number, (left, right) in enumerate(_PAIRS):
        yield number << 32 | bands[left] << 16 | bands[right]


def _likely_shifts(one: Sequence[Fingerprint], other: Sequence[Fingerprint]) -> list[int]:
    places: defaultdict[int, list[int]] = defaultdict(list)
    for j, right in enumerate(other):
        for key in keys_of(right.bits):
            if len(places[key]) < MOST_TIMES:
                places[key].append(j)
    met: Counter[int] = Counter()
    for i, left in enumerate(one):
        met.update({j - i for key in keys_of(left.bits) for j in places.get(key, ())})
    return [shift for shift, _ in met.most_common(MOST_SHIFTS)]


def _longest_run(one: Sequence[Fingerprint], other: Sequence[Fingerprint], shift: int) -> CommonFootage | None:
    begun, best = None, None
    for i in range(max(0, -shift), min(len(one), len(other) - shift)):
        if (one[i].bits ^ other[i + shift].bits).bit_count() > FEW_BITS:
            begun = None
            continue
        begun = i if begun is None else begun
        if best is None or i - begun + 1 > best[1]:
            best = (begun, i - begun + 1)
    if best is None:
        return None
    return CommonFootage(one[best[0]].at_ms, other[best[0] + shift].at_ms, best[1])
