"""What one picture after the other shows: light, standstill, gaps, sharpness, codes. No file and no decoder here.

A picture is its luma plane: unsigned bytes, height by width.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from hengjian.platform.video.report import Fingerprint, ReadCode, Stretch, VideoLimits

Luma = NDArray[np.uint8]

GRID = 96
"""About so many columns and rows of a picture are compared with those of the one before."""
STILL_PARTS = 4
"""Nothing has moved between two pictures that differ on average by at most one of so many parts of a level of 255."""
DARK = 20
"""A picture without a brighter sample than this many levels above its own black is black."""
BLACK_LEVEL = 16
LONGEST_CODE = 200
MOST_CODES = 200
_HASH_ROWS, _HASH_COLUMNS = 8, 9
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(slots=True)
class _Running:
    """A stretch that may still go on; kept when it turns out long enough."""

    least_ms: int
    found: list[Stretch] = field(default_factory=list)
    since: int | None = None

    def step(self, at: int, *, holds: bool) -> None:
        if holds:
            self.since = at if self.since is None else self.since
        else:
            self.close(at)

    def close(self, at: int) -> None:
        if self.since is not None and at - self.since >= self.least_ms:
            self.found.append((self.since, at))
        self.since = None


class Pictures:
    """Takes the pictures of a film in their order and remembers what is worth telling."""

    def __init__(self, limits: VideoLimits) -> None:
        self._limits = limits
        self._before: Luma | None = None
        self._before_at = 0
        self._end = 0
        self._looked_at: int | None = None
        self._black = _Running(limits.black_ms)
        self._frozen = _Running(limits.frozen_ms)
        self._sharp: list[int] = []
        self._codes: dict[str, list[int]] = {}
        self.gaps: list[Stretch] = []
        self.fingerprints: list[Fingerprint] = []

    def take(self, luma: Luma, at: int, length: int) -> None:
        """One picture, shown from `at` for `length` milliseconds."""
        if self._before is not None and at - self._end > self._limits.gap_ms:
            self.gaps.append((self._end, at))
            self._black.close(self._end)
            self._frozen.close(self._end)
            self._before = None
        rows, columns = max(1, luma.shape[0] // GRID), max(1, luma.shape[1] // GRID)
        sample = np.ascontiguousarray(luma[::rows, ::columns])
        self._black.step(at, holds=int(sample.max()) <= BLACK_LEVEL + DARK)
        self._stand_still(sample, at)
        if self._looked_at is None or at - self._looked_at >= self._limits.look_ms:
            self._looked_at = at
            self._look(luma, sample, at)
        self._before, self._before_at, self._end = sample, at, at + length

    def finish(self) -> None:
        """No picture follows."""
        self._black.close(self._end)
        self._frozen.close(self._end)

    @property
    def end(self) -> int:
        """When the last picture's time is over."""
        return self._end

    @property
    def black(self) -> tuple[Stretch, ...]:
        """Where there was no light."""
        return tuple(self._black.found)

    @property
    def frozen(self) -> tuple[Stretch, ...]:
        """Where the same picture stood, black ones left out."""
        dark = set(self.black)
        return tuple(stretch for stretch in self._frozen.found if stretch not in dark)

    @property
    def codes(self) -> tuple[ReadCode, ...]:
        """What was read, in the order of first sight."""
        return tuple(
            ReadCode(text=text, first_seen_ms=first, last_seen_ms=last) for text, (first, last) in self._codes.items()
        )

    @property
    def sharpness(self) -> int | None:
        """Hundredths of the median variance of the Laplacian; None without a picture."""
        return int(median(self._sharp)) if self._sharp else None

    def _stand_still(self, sample: Luma, at: int) -> None:
        if self._before is None or self._before.shape != sample.shape:
            self._frozen.close(at)
            return
        moved = np.abs(sample.astype(np.int16) - self._before)
        still = int(moved.sum()) * STILL_PARTS <= moved.size
        self._frozen.step(self._before_at if still else at, holds=still)

    def _look(self, luma: Luma, sample: Luma, at: int) -> None:
        self._sharp.append(_laplacian_variance(luma))
        self.fingerprints.append(Fingerprint(at_ms=at, bits=_difference_hash(sample)))
        for code in zxingcpp.read_barcodes(luma, formats=_QR, try_invert=False):
            text = code.text[:LONGEST_CODE]
            if text in self._codes:
                self._codes[text][1] = at
            elif text and len(self._codes) < MOST_CODES:
                self._codes[text] = [at, at]


def _laplacian_variance(luma: Luma) -> int:
    """Of the picture's middle at full resolution, in hundredths: edges are what blur takes away."""
    height, width = luma.shape
    middle = luma[height // 4 : height - height // 4, width // 4 : width - width // 4].astype(np.int16)
    if min(middle.shape) < len("abc"):
        return 0
    centre = middle[1:-1, 1:-1]
    around = middle[:-2, 1:-1] + middle[2:, 1:-1] + middle[1:-1, :-2] + middle[1:-1, 2:]
    return int(100 * (around - 4 * centre).var())


def _difference_hash(sample: Luma) -> int:
    """64 bits: whether each of 8 × 8 fields is brighter than its right neighbour."""
    rows = np.array_split(sample, _HASH_ROWS, axis=0)
    fields = [
        [int(part.sum()) * 4 // part.size if part.size else 0 for part in np.array_split(row, _HASH_COLUMNS, axis=1)]
        for row in rows
    ]
    bits = 0
    for row in fields:
        for left, right in pairwise(row):
            bits = bits << 1 | (left > right)
    return bits
