"""Short films made for tests: a moving scene, with cuts, standstill, darkness and codes where a test wants them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import segno
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

RATE = 25
MADE_AT = datetime(2026, 5, 6, 1, 2, 3, tzinfo=UTC)


def scene(width: int, height: int, seed: int = 1) -> Callable[[int], Picture]:
    """A textured ground over which a bright square wanders; other seeds are other places."""
    random = np.random.default_rng(seed)
    fields = random.integers(60, 200, (height // 8 + 1, width // 8 + 1)).astype(np.uint8)
    ground: Picture = np.repeat(np.repeat(fields, 8, 0), 8, 1)[:height, :width]

    def at(number: int) -> Picture:
        picture = np.roll(ground, 3 * number, axis=1).copy()
        left = (5 * number) % max(1, width - height // 4)
        picture[height // 4 : height // 2, left : left + height // 4] = 250
        return picture

    return at


def code_picture(text: str, side: int) -> Picture:
    """A QR code with its quiet zone, at most so many pixels wide."""
    modules = np.array([[not dark for dark in row] for row in segno.make(text, error="m").matrix_iter(border=4)])
    scale = max(1, side // modules.shape[0])
    return np.kron(modules, np.ones((scale, scale))).astype(np.uint8) * 255


def with_code(picture: Picture, text: str) -> Picture:
    """The picture with a code in its lower right corner."""
    code = code_picture(text, min(picture.shape) // 2)
    height, width = code.shape
    picture[-height:, -width:] = code
    return picture


def write_clip(
    path: Path,
    pictures: Callable[[int], Picture | None],
    *,
    frames: int,
    codec: str = "libx264",
    made_at: datetime | None = MADE_AT,
    options: Mapping[str, str] | None = None,
) -> Path:
    """Write a film of so many frames at 25 a second; a picture that is None is left out, which leaves a gap."""
    form = "matroska" if path.suffix in {".mkv", ".webm"} else "mp4"
    first = next(picture for number in range(frames) if (picture := pictures(number)) is not None)
    with av.open(str(path), "w", format=form, options={"movflags": "+faststart"} if form == "mp4" else {}) as container:
        if made_at is not None:
            container.metadata["creation_time"] = made_at.isoformat()
        stream = container.add_stream(codec, rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = first.shape
        stream.pix_fmt = "yuv420p"
        stream.options = dict(options) if options else {"preset": "ultrafast", "crf": "18", "g": "25"}
        stream.codec_context.time_base = Fraction(1, RATE)
        for number in range(frames):
            picture = pictures(number)
            if picture is None:
                continue
            frame = av.VideoFrame.from_ndarray(_with_colour(picture), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _with_colour(picture: Picture) -> Picture:
    height, width = picture.shape
    limited = (16 + picture.astype(np.uint16) * 219 // 255).astype(np.uint8)
    return np.vstack([limited, np.full((height // 2, width), 128, np.uint8)])
