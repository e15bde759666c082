"""What is found in a video file, and what looking may cost. Times are whole milliseconds from the first frame."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Stretch = tuple[int, int]
"""From (included) to (excluded), in milliseconds from the first frame."""

Severity = Literal["error", "warning"]


class VideoLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one file may cost before the process that looks into it is ended, and what counts as conspicuous."""

    cpu_seconds: int = 7_200
    """Processor time."""
    wall_seconds: float = 7_200.0
    """Time by the clock."""
    address_space_mib: int = 3_072
    """Address space of the process, MiB."""
    most_pixels: int = 8_192 * 4_352
    """Larger pictures are not decoded."""
    most_milliseconds: int = 12 * 3_600_000
    """What lies beyond is not decoded."""
    gap_ms: int = 500
    """Frames that follow each other by more than this, beyond their own length, are a gap."""
    frozen_ms: int = 3_000
    """The same picture for at least this long is a freeze."""
    black_ms: int = 1_000
    """A picture without light for at least this long is black."""
    look_ms: int = 1_000
    """Codes, sharpness and fingerprints are looked for once in so many milliseconds."""


class VideoProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that makes the file worse as evidence; an error means that it is none."""

    code: str
    severity: Severity
    message: str


class ReadCode(msgspec.Struct, frozen=True, kw_only=True):
    """A QR code read in the picture, with the first and the last time it was read."""

    text: str
    first_seen_ms: int
    last_seen_ms: int


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """64 bits of how a picture looks at a moment; alike pictures differ in few bits."""

    at_ms: int
    bits: int


class VideoReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found. What could not be known is None, never zero.

    Attributes:
        sha256: of the whole file, 64 hexadecimal digits.
        size: bytes.
        container: `mp4`, `matroska` or None when the file is neither.
        duration_ms: from the first frame to the end of the last one that could be decoded.
        told_duration_ms: as the container tells it.
        created_at: as the container tells it; anybody can write there whatever he likes.
        sharpness: hundredths of the median variance of the Laplacian; blurred pictures are below about 5,000.
    """

    sha256: str
    size: int
    container: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    frames: int = 0
    duration_ms: int | None = None
    told_duration_ms: int | None = None
    created_at: datetime | None = None
    gaps: tuple[Stretch, ...] = ()
    frozen: tuple[Stretch, ...] = ()
    black: tuple[Stretch, ...] = ()
    codes: tuple[ReadCode, ...] = ()
    sharpness: int | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    problems: tuple[VideoProblem, ...] = ()
    peak_mib: int = 0

    @property
    def usable(self) -> bool:
        """Whether it can serve as evidence at all."""
        return not any(problem.severity == "error" for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """As `hengjian recording inspect` prints it: seconds with three decimals."""
        return {
            "sha256": self.sha256,
            "size": self.size,
            "container": self.container,
            "codec": self.codec,
            "width": self.width,
            "height": self.height,
            "frames": self.frames,
            "duration_seconds": _seconds(self.duration_ms),
            "created_at": self.created_at.isoformat() if self.created_at else None,
            "gaps": _stretches(self.gaps),
            "frozen": _stretches(self.frozen),
            "black": _stretches(self.black),
            "labels": [
                {
                    "text": code.text,
                    "first_seen": _seconds(code.first_seen_ms),
                    "last_seen": _seconds(code.last_seen_ms),
                }
                for code in self.codes
            ],
            "sharpness": None if self.sharpness is None else self.sharpness / 100,
            "problems": [msgspec.to_builtins(problem) for problem in self.problems],
        }


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _stretches(found: tuple[Stretch, ...]) -> list[list[float]]:
    return [[since / 1000, until / 1000] for since, until in found]


class SheetOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet of small pictures as it is asked for: one every so many milliseconds, so many pixels wide."""

    every_ms: int
    most: int = 36
    columns: int = 6
    width: int = 240


class SheetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as it was drawn: pixels, pictures a row, and the time of each picture from the film's first frame."""

    width: int
    height: int
    columns: int
    times_ms: tuple[int, ...]
