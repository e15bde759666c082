"""Small films for the demo region, drawn when they are needed: a moving ground and a burnt-in clock that says DEMO."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from hashlib import sha256

import av
import numpy as np
import segno
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]

WIDTH, HEIGHT, RATE = 320, 240, 5
"""Pixels, and pictures a second: a minute takes about 200 kB."""
_BEIJING = timezone(timedelta(hours=8))
_BAR = 26
_LEVELS = 235
_CODE_SIDE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What a camera shows from a moment on.

    Attributes:
        seconds: how long it runs.
        gap: seconds from the beginning between which no picture was kept.
        codes: texts of QR codes that are held before the camera, by the seconds between which they are.
    """

    begins: datetime
    seconds: int
    gap: tuple[int, int] | None = None
    codes: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def ends(self) -> datetime:
        """When the camera was stopped."""
        return self.begins + timedelta(seconds=self.seconds)


def draw(film: Film, *, seed: str) -> bytes:
    """The film as MP4 (H.264), the same bytes every time; another seed is another place."""
    made = io.BytesIO()
    picture = _scene(film, seed)
    with av.open(made, "w", format="mp4") as container:
        container.metadata["creation_time"] = film.begins.astimezone(UTC).isoformat()
        stream = container.add_stream("libx264", rate=RATE)
        if not isinstance(stream, VideoStream):
            raise TypeError(stream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "30", "g": str(RATE), "threads": "1"}
        stream.codec_context.time_base = Fraction(1, RATE)
        for number in range(film.seconds * RATE):
            if film.gap is None or not film.gap[0] <= number / RATE < film.gap[1]:
                frame = av.VideoFrame.from_ndarray(_with_colour(picture(number)), format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return made.getvalue()


def _scene(film: Film, seed: str) -> Callable[[int], Picture]:
    random = np.random.default_rng(int.from_bytes(sha256(seed.encode()).digest()[:8], "big"))
    fields = random.integers(60, 200, (HEIGHT // 24, WIDTH // 20)).astype(np.uint8)
    ground: Picture = np.repeat(np.repeat(fields, 24, 0), 20, 1)
    codes = {span: _code(text) for span, text in film.codes.items()}

    def at(number: int) -> Picture:
        second = number // RATE
        picture = np.roll(ground, number, axis=1).copy()
        left = 4 * number % (WIDTH - 48)
        picture[_BAR + 30 : _BAR + 78, left : left + 48] = _LEVELS
        picture[:_BAR] = _caption(film.begins + timedelta(seconds=second))
        for (first, last), code in codes.items():
            if first <= second < last:
                picture[-code.shape[0] :, -code.shape[1] :] = code
        return picture

    return at


def _caption(at: datetime) -> Picture:
    image = Image.new("L", (WIDTH, _BAR), 16)
    text = f"DEMO  {at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"
    ImageDraw.Draw(image).text((8, 4), text, fill=_LEVELS, font=ImageFont.load_default(16))
    drawn: Picture = np.asarray(image, dtype=np.uint8)
    return drawn


def _code(text: str) -> Picture:
    modules = np.array([[not dark for dark in row] for row in segno.make(text, error="m").matrix_iter(border=4)])
    scale = max(1, _CODE_SIDE // modules.shape[0])
    drawn: Picture = np.kron(modules, np.ones((scale, scale))).astype(np.uint8) * _LEVELS
    return drawn


def _with_colour(picture: Picture) -> Picture:
    """The planes of yuv420p: brightness as it is, the same pale blue all over."""
    blue = np.full((HEIGHT // 4, WIDTH), 136, np.uint8)
    red = np.full((HEIGHT // 4, WIDTH), 122, np.uint8)
    return np.vstack([picture, blue, red])
