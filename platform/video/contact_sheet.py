"""One sheet of small pictures of a film, drawn in a process of its own, which the file cannot leave."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hengjian.platform.video.inspect_file import SAFE
from hengjian.platform.video.report import SheetFacts, SheetOrder, VideoLimits

_LARGEST_SHEET = 16 << 20
_LEAST_STEP = 1_000


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """A JPEG with its pictures' times; `every_ms` is the step asked for."""

    content: bytes
    facts: SheetFacts
    every_ms: int


def sheet_order(duration_ms: int, *, most: int = 36) -> SheetOrder:
    """Pictures evenly over the film, at least a second apart, in whole seconds.

    >>> sheet_order(10_000).every_ms, sheet_order(900_000).every_ms
    (1000, 25000)
    """
    step = -(-duration_ms // most)
    return SheetOrder(every_ms=max(_LEAST_STEP, -(-step // _LEAST_STEP) * _LEAST_STEP), most=most)


def contact_sheet(path: Path, order: SheetOrder, *, limits: VideoLimits | None = None) -> ContactSheet | None:
    """The sheet; None when the file gives no picture, or the process that drew it had to be ended.

    Raises:
        OSError: the file cannot be opened.
    """
    bounds = limits or VideoLimits()
    arguments = [msgspec.json.encode(one).decode() for one in (bounds, order)]
    command = (sys.executable, "-m", "hengjian.platform.video.sheet_child", *arguments)
    with path.open("rb") as file:
        try:
            child = subprocess.run(  # noqa: S603  # our own module
                command, stdin=file, capture_output=True, timeout=bounds.wall_seconds, env=SAFE, check=False
            )
        except subprocess.TimeoutExpired:
            return None
    if child.returncode != 0 or len(child.stdout) > _LARGEST_SHEET:
        return None
    told, _, content = child.stdout.partition(b"\n")
    return ContactSheet(content, msgspec.json.decode(told, type=SheetFacts), order.every_ms)
