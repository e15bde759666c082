"""What looking into a recording costs beside decoding it, for 1080p H.264."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import av

from hengjian.platform.video import inspect_file
from tests.bench.figures import Figure, Rounds, alone, compared
from tests.support.clips import RATE, scene, with_code, write_clip

SECONDS = 60
ROUNDS = 3


def measure() -> list[Figure]:
    """Frames a second of the whole inspection, process start included, against PyAV decoding alone."""
    with TemporaryDirectory() as folder:
        clip = _clip(Path(folder) / "clip.mp4")
        ours, theirs = Rounds(), Rounds()
        peak = 0
        for _ in range(ROUNDS + 1):
            ours.rates.append(_rate(lambda: _inspect(clip)))
            theirs.rates.append(_rate(lambda: _decode(clip)))
        peak = inspect_file(clip).peak_mib
    ours, theirs = ours.skip(1), theirs.skip(1)
    return [
        compared("inspect_vs_decode", ours, theirs, "frames/s"),
        alone("inspect_times_realtime", median(ours.rates) / RATE, "x", note=f"peak {peak} MiB"),
        alone("inspect_peak_mib", peak, "MiB"),
    ]


def _clip(path: Path) -> Path:
    view = scene(1920, 1080)
    return write_clip(
        path,
        lambda number: with_code(view(number), "WZ-BENCH") if number > RATE else view(number),
        frames=SECONDS * RATE,
        options={"preset": "veryfast", "crf": "20", "g": "50"},
    )


def _rate(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return SECONDS * RATE / (time.perf_counter() - began)


def _inspect(clip: Path) -> None:
    report = inspect_file(clip)
    if report.frames != SECONDS * RATE or not report.codes:
        raise RuntimeError(f"the inspection missed something: {report.frames} frames, {report.codes}")


def _decode(clip: Path) -> None:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for _ in container.decode(stream):
            pass
