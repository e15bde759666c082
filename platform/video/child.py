"""The process that looks into one video: `python -m hengjian.platform.video.child LIMITS SIZE SHA256 < file`.

The file comes as standard input, already open; the process opens nothing else, calls nobody, writes no file, and may
be ended at any moment. Containers are forced by what the file begins with, so that no demuxer that fetches or
includes other files is ever asked.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import av
import av.error
import av.logging
import av.subtitles.stream
import msgspec
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hengjian.platform.video.pictures import Luma, Pictures
from hengjian.platform.video.report import VideoLimits, VideoProblem, VideoReport

_MIB = 1 << 20
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.remove", "os.rename")
_MATROSKA = b"\x1a\x45\xdf\xa3"
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_EIGHT_BIT_LUMA = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray")
_MOST_BROKEN = 1_000
_TRUNCATED_MS = 1_000


def confine(limits: VideoLimits) -> None:
    """Gives up what looking does not need: memory, files, the network, an orphan's life."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.address_space_mib * _MIB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(kind, (most, most))
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.unshare(_NEW_USER | _NEW_NET)  # where the kernel lets us; the hook below holds in any case
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    opens_a_path = event == "open" and not isinstance(arguments[0], int)
    if opens_a_path or event.startswith(_FORBIDDEN):
        raise PermissionError(f"the process that looks into videos may not do this: {event}")


def container_of(head: bytes) -> str | None:
    """FFmpeg's name of the only demuxer that may be asked; None is a file that is no video we take."""
    if head.startswith(_MATROSKA):
        return "matroska"
    if head[4:8] in _BOXES:
        return "mov"
    return None


def look(limits: VideoLimits, size: int, sha256: str) -> VideoReport:
    """Everything that can be found; a file that cannot be read gives problems, not an error."""
    blank = VideoReport(sha256=sha256, size=size)
    if size == 0:
        return _with(blank, _error("EMPTY_FILE", "the file has no content"))
    file = os.fdopen(0, "rb", buffering=0)
    form = container_of(file.read(12))
    if form is None:
        return _with(blank, _error("NOT_A_VIDEO", "neither MP4/MOV nor Matroska/WebM by its first bytes"))
    file.seek(0)
    try:
        with av.open(file, "r", format=form, metadata_errors="replace", buffer_size=_MIB) as container:
            return _look_inside(container, blank, limits, "mp4" if form == "mov" else form)
    except (av.error.FFmpegError, ValueError, OverflowError) as error:
        return _with(blank, _error("UNREADABLE", f"the container cannot be read: {type(error).__name__}"))


def _look_inside(container: InputContainer, blank: VideoReport, limits: VideoLimits, form: str) -> VideoReport:
    known = msgspec.structs.replace(blank, container=form, created_at=_created(container.metadata.get("creation_time")))
    if not container.streams.video:
        return _with(known, _error("NO_VIDEO_STREAM", "the file holds no picture"))
    stream = container.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    known = msgspec.structs.replace(
        known,
        codec=stream.codec_context.name,
        width=width,
        height=height,
        told_duration_ms=_duration(container, stream),
    )
    if width * height > limits.most_pixels:
        return _with(known, _error("PICTURE_TOO_LARGE", f"{width} × {height} is more than can be looked at"))
    pictures, frames, broken = _decode(container, stream, limits)
    return _told(known, pictures, frames, broken, limits)


def _decode(container: InputContainer, stream: VideoStream, limits: VideoLimits) -> tuple[Pictures, int, int]:
    stream.thread_type = "AUTO"
    pictures = Pictures(limits)
    frames = broken = 0
    rate = stream.guessed_rate or stream.average_rate
    usual = round(1000 / rate) if rate else 40
    start: int | None = None
    for frame in _frames(container, stream):
        if frame is None:
            broken += 1
            if broken > _MOST_BROKEN:
                break
            continue
        if frame.pts is None or frame.time_base is None:
            broken += 1
            continue
        at = round(frame.pts * frame.time_base * 1000)
        start = at if start is None else start
        if at - start > limits.most_milliseconds:
            break
        frames += 1
        pictures.take(luma_of(frame), at - start, usual)
    pictures.finish()
    return pictures, frames, broken


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame | None]:
    """Frames in their order; None for a packet that cannot be decoded."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from (frame for frame in packet.decode() if isinstance(frame, VideoFrame))
        except av.error.FFmpegError:
            yield None


def luma_of(frame: VideoFrame) -> Luma:
    """Brightness of each pixel, without a copy where the decoder has it in eight bits already."""
    plain = frame if frame.format.name in _EIGHT_BIT_LUMA else frame.reformat(format="gray")
    plane = plain.planes[0]
    whole: Luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return whole[: plain.height, : plain.width]


def _told(known: VideoReport, pictures: Pictures, frames: int, broken: int, limits: VideoLimits) -> VideoReport:
    problems = []
    if frames == 0:
        problems.append(_error("NO_FRAME", "no picture could be decoded"))
    if broken:
        problems.append(_warning("BROKEN_FRAMES", f"{broken} frames could not be decoded"))
    told = known.told_duration_ms
    if frames and told is not None and told - pictures.end > _TRUNCATED_MS:
        problems.append(
            _error("TRUNCATED", f"the container tells {told} ms, only {pictures.end} ms are there: send it again")
        )
    if pictures.end > limits.most_milliseconds:
        problems.append(_warning("TOO_LONG", "only the first hours were looked at"))
    for stretches, code, what in (
        (pictures.gaps, "GAPS", "frames are missing"),
        (pictures.frozen, "FROZEN", "the picture stands still"),
        (pictures.black, "BLACK", "the picture is black"),
    ):
        if stretches:
            whole = sum(until - since for since, until in stretches)
            problems.append(_warning(code, f"{what} for {whole} ms in {len(stretches)} places"))
    if known.created_at is None:
        problems.append(_warning("NO_CREATION_TIME", "the file does not tell when it was made"))
    elif known.created_at > datetime.now(UTC):
        problems.append(_warning("CREATED_IN_FUTURE", "the file claims to be made after now"))
    return msgspec.structs.replace(
        known,
        frames=frames,
        duration_ms=pictures.end if frames else None,
        gaps=tuple(pictures.gaps),
        frozen=pictures.frozen,
        black=pictures.black,
        codes=pictures.codes,
        sharpness=pictures.sharpness,
        fingerprints=tuple(pictures.fingerprints),
        problems=tuple(problems),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def _duration(container: InputContainer, stream: VideoStream) -> int | None:
    """As told for the picture, else for the whole, in milliseconds."""
    if stream.duration is not None and stream.time_base is not None:
        return int(stream.duration * stream.time_base * 1000)
    return None if container.duration is None else container.duration // 1000


def _created(text: str | None) -> datetime | None:
    if not text:
        return None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _with(report: VideoReport, problem: VideoProblem) -> VideoReport:
    return msgspec.structs.replace(report, problems=(*report.problems, problem))


def _error(code: str, message: str) -> VideoProblem:
    return VideoProblem(code=code, severity="error", message=message)


def _warning(code: str, message: str) -> VideoProblem:
    return VideoProblem(code=code, severity="warning", message=message)


def main() -> int:
    """Takes standard output for itself, so that no library can disturb the answer."""
    limits = msgspec.json.decode(sys.argv[1], type=VideoLimits)
    answers = os.dup(1)
    os.dup2(2, 1)
    av.logging.set_level(None)
    confine(limits)
    report = look(limits, int(sys.argv[2]), sys.argv[3])
    with os.fdopen(answers, "wb") as out:
        out.write(msgspec.json.encode(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
