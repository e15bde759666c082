"""The process that draws a sheet of small pictures: `python -m hengjian.platform.video.sheet_child LIMITS ORDER < file`.

It is confined as the one that looks into videos. Its answer is a line of JSON (SheetFacts), then the JPEG.
"""

import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from io import RawIOBase
from typing import BinaryIO

import av
import av.logging
import msgspec
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from hengjian.platform.video.child import confine, container_of
from hengjian.platform.video.report import SheetFacts, SheetOrder, VideoLimits

_MIB = 1 << 20
_PAPER = 235
Picture = NDArray[np.uint8]


def pictures_every(file: BinaryIO | RawIOBase, form: str, order: SheetOrder) -> Iterator[tuple[int, Picture]]:
    """One picture at or after each step, with its time in milliseconds from the first; broken ones are passed over."""
    with av.open(file, "r", format=form, metadata_errors="replace", buffer_size=_MIB) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        start: int | None = None
        due = 0
        for frame in _frames(container, stream):
            if frame.pts is None or frame.time_base is None:
                continue
            at = round(frame.pts * frame.time_base * 1000)
            start = at if start is None else start
            if at - start < due:
                continue
            yield at - start, _small(frame, order.width)
            due = (at - start) // order.every_ms * order.every_ms + order.every_ms


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from (frame for frame in packet.decode() if isinstance(frame, VideoFrame))
        except av.error.FFmpegError:
            continue


def _small(frame: VideoFrame, width: int) -> Picture:
    height = max(2, round(frame.height * width / frame.width) // 2 * 2)
    return frame.reformat(width=width, height=height, format="rgb24").to_ndarray().astype(np.uint8, copy=False)


def sheet_of(pictures: list[Picture], columns: int) -> Picture:
    """The pictures in rows, on light paper; a picture of another size is cut to the first one's."""
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * height, columns * width, 3), _PAPER, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = number // columns * height, number % columns * width
        part = picture[:height, :width]
        sheet[top : top + part.shape[0], left : left + part.shape[1]] = part
    return sheet


def jpeg_of(picture: Picture) -> bytes:
    """The picture as JPEG."""
    frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuvj420p")
    frame.pts = 0
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.framerate = Fraction(1)
    encoder.options = {"qmin": "4", "qmax": "6"}
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


def main() -> int:
    """Takes standard output for itself, so that no library can disturb the answer."""
    limits = msgspec.json.decode(sys.argv[1], type=VideoLimits)
    order = msgspec.json.decode(sys.argv[2], type=SheetOrder)
    answers = os.dup(1)
    os.dup2(2, 1)
    av.logging.set_level(None)
    confine(limits)
    file = os.fdopen(0, "rb", buffering=0)
    form = container_of(file.read(12))
    if form is None:
        return 1
    file.seek(0)
    taken: list[tuple[int, Picture]] = []
    for one in pictures_every(file, form, order):
        taken.append(one)
        if len(taken) == order.most:
            break
    if not taken:
        return 1
    columns = min(order.columns, len(taken))
    sheet = sheet_of([picture for _, picture in taken], columns)
    facts = SheetFacts(
        width=sheet.shape[1], height=sheet.shape[0], columns=columns, times_ms=tuple(at for at, _ in taken)
    )
    with os.fdopen(answers, "wb") as out:
        out.write(msgspec.json.encode(facts) + b"\n" + jpeg_of(sheet))
    return 0


if __name__ == "__main__":
    sys.exit(main())
