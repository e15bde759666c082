"""Files made to do harm: `hengjian recording inspect` gives problems, reaches nobody, stays within its limits, ends."""

import io
import json
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import psutil
import pytest
from av.video.stream import VideoStream
from click.testing import CliRunner

from hengjian.deploy.cli import main
from hengjian.platform.video import VideoLimits, inspect_file
from hengjian.platform.video.inspect_file import SAFE
from tests.support.clips import RATE, scene, write_clip

LIMITS = VideoLimits(wall_seconds=60, cpu_seconds=60, address_space_mib=1_024)


@dataclass
class Listener:
    """Somebody whom no file may reach."""

    port: int
    calls: list[object] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/secret.ts"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = Listener(server.getsockname()[1])

        def listen() -> None:
            try:
                while True:
                    link, _ = server.accept()
                    heard.calls.append(link.getpeername())
                    link.close()
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield heard
        server.shutdown(socket.SHUT_RDWR)


def box(kind: bytes, content: bytes, *, told: int | None = None) -> bytes:
    """A box of an MP4, which may lie about its size."""
    return (8 + len(content) if told is None else told).to_bytes(4, "big") + kind + content


FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2")


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("clip.mp4", bytes(50_000_000))
    return packed.getvalue()


def reaching(url: bytes) -> bytes:
    """A film whose data lies elsewhere, as its own boxes say."""
    dref = box(b"dref", bytes(4) + (1).to_bytes(4, "big") + box(b"url ", bytes(4) + url + b"\x00"))
    return FTYP + box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"dinf", dref)))))


# What it is, how it is made with the address of somebody who must not be called, and the problems it may give.
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "ffconcat": (lambda url: b"ffconcat version 1.0\nfile '" + url + b"'\nfile /etc/passwd\n", {"NOT_A_VIDEO"}),
    "HLS": (lambda url: b"#EXTM3U\n#EXTINF:10,\n" + url + b"\n#EXT-X-ENDLIST\n", {"NOT_A_VIDEO"}),
    "HLS behind the first bytes of a film": (lambda url: FTYP + b"#EXTM3U\n#EXTINF:10,\n" + url, {"UNREADABLE"}),
    "DASH": (lambda url: b'<?xml version="1.0"?><MPD><BaseURL>' + url + b"</BaseURL></MPD>", {"NOT_A_VIDEO"}),
    "SDP": (lambda url: b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video " + url[-20:], {"NOT_A_VIDEO"}),
    "SVG": (lambda url: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="' + url + b'"/></svg>', {"NOT_A_VIDEO"}),
    "entities": (lambda _: b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 99 + b'">]><x>' + b"&a;" * 9_999, {"NOT_A_VIDEO"}),
    "zip bomb": (lambda _: zip_bomb(), {"NOT_A_VIDEO"}),
    "a film that says its data lies elsewhere": (reaching, {"UNREADABLE", "NO_VIDEO_STREAM"}),
    "zeros": (lambda _: bytes(3_000_000), {"NOT_A_VIDEO"}),
    "zeros in a film": (lambda _: FTYP + box(b"mdat", bytes(3_000_000)), {"UNREADABLE", "NO_VIDEO_STREAM"}),
    "a truncated moov": (lambda _: FTYP + box(b"moov", bytes(100), told=5_000), {"UNREADABLE", "NO_VIDEO_STREAM"}),
    "a moov as large as can be told": (
        lambda _: FTYP + b"\x00\x00\x00\x01moov\x7f\xff\xff\xff\xff\xff\xff\xff" + bytes(64),
        {"UNREADABLE", "NO_VIDEO_STREAM"},
    ),
    "half a million empty boxes": (lambda _: FTYP + box(b"free", b"") * 500_000, {"UNREADABLE", "NO_VIDEO_STREAM"}),
    "metadata without end": (
        lambda _: FTYP + box(b"moov", box(b"udta", box(b"\xa9cmt", b"\x00\x40\x00\x00" + b"x" * 64) * 100_000)),
        {"UNREADABLE", "NO_VIDEO_STREAM"},
    ),
    "boxes in boxes": (
        lambda _: FTYP + b"".join(box(b"moov", b"", told=8 * depth) for depth in range(20_000, 0, -1)),
        {"UNREADABLE", "NO_VIDEO_STREAM", "HOSTILE"},
    ),
    "Matroska of unknown size": (lambda _: b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 7 + bytes(5_000), {"UNREADABLE"}),
    "Matroska that ends in its head": (lambda _: b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81", {"UNREADABLE"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gives_problems_and_reaches_nobody(name: str, tmp_path: Path, listener: Listener) -> None:
    """By name and by content a film, and none: exit code 1, a JSON with its hash and a problem; nobody was called."""
    made, allowed = HOSTILE[name]
    file = tmp_path / "clip.mp4"
    file.write_bytes(made(listener.url.encode()))
    answer = CliRunner().invoke(main, ["recording", "inspect", str(file)])
    assert answer.exit_code == 1, answer.output
    found = json.loads(answer.stdout)
    codes = {problem["code"] for problem in found["problems"] if problem["severity"] == "error"}
    assert codes
    assert codes <= allowed
    assert (found["size"], len(found["sha256"])) == (file.stat().st_size, 64)
    assert listener.calls == []


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sound one of two seconds."""
    return write_clip(tmp_path_factory.mktemp("film") / "a.mp4", scene(320, 180), frames=2 * RATE).read_bytes()


@pytest.mark.parametrize("size", [(65_535, 65_535), (0, 0), (65_535, 1)])
def test_a_film_that_lies_about_the_size_of_its_picture(film: bytes, size: tuple[int, int], tmp_path: Path) -> None:
    """What the container claims is not believed: too large is refused, else the pictures themselves tell."""
    at = film.index(b"avc1", film.index(b"stsd")) + 4 + 24
    width, height = size
    file = tmp_path / "clip.mp4"
    file.write_bytes(film[:at] + width.to_bytes(2, "big") + height.to_bytes(2, "big") + film[at + 4 :])
    report = inspect_file(file, limits=LIMITS)
    codes = {problem.code for problem in report.problems}
    assert codes & {"PICTURE_TOO_LARGE", "UNREADABLE", "NO_FRAME"} or (report.frames, report.width) == (2 * RATE, 320)
    assert report.peak_mib < LIMITS.address_space_mib


def test_negative_and_enormous_times_are_no_trap(tmp_path: Path) -> None:
    """Pictures before zero, a leap of a thousand hours: no length below zero or beyond the limit, or a problem says why."""
    for name, first, leap in (("before.mkv", -RATE, 0), ("leap.mkv", 0, 1_000 * 3_600 * RATE)):
        file = tmp_path / name
        with av.open(str(file), "w", format="matroska", options={"avoid_negative_ts": "disabled"}) as container:
            stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "tune": "zerolatency"})
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
            stream.codec_context.time_base = Fraction(1, RATE)
            for number in range(RATE):
                frame = av.VideoFrame.from_ndarray(scene(320, 180)(number), format="gray").reformat(format="yuv420p")
                frame.time_base = Fraction(1, RATE)
                frame.pts = first + number + (leap if number > RATE // 2 else 0)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        report = inspect_file(file, limits=LIMITS)
        assert (report.duration_ms is None) is (report.frames == 0)
        assert report.frames or "NO_FRAME" in {problem.code for problem in report.problems}
        assert 0 <= (report.duration_ms or 0) <= LIMITS.most_milliseconds
        assert all(0 <= begin <= end for begin, end in report.gaps)


def test_names_that_lead_elsewhere(film: bytes, tmp_path: Path) -> None:
    """A link is looked at for what it leads to; a circle of links, a pipe and a device are asked wrongly."""
    (tmp_path / "film.mp4").write_bytes(film)
    links = {
        "to a film": tmp_path / "film.mp4",
        "to a secret": Path("/etc/passwd"),
        "circle.mp4": tmp_path / "circle.mp4",
    }
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "-x\n.mp4").write_bytes(film)
    expected = {"to a film": 0, "to a secret": 1, "circle.mp4": 2, "pipe.mp4": 2, "/dev/zero": 2, "-x\n.mp4": 0}
    for name, code in expected.items():
        answer = CliRunner().invoke(main, ["recording", "inspect", "--", str(tmp_path / name)])
        assert answer.exit_code == code, (name, answer.output)
        assert "root:" not in answer.output


def test_a_child_beyond_its_limits_is_ended_and_nothing_is_left(film: bytes, tmp_path: Path) -> None:
    """Memory, clock: the report says so, and no process stays behind."""
    file = tmp_path / "clip.mp4"
    file.write_bytes(film)
    for limits, code in (
        (VideoLimits(address_space_mib=64), "HOSTILE"),
        (VideoLimits(wall_seconds=0.05), "TOO_SLOW"),
        (VideoLimits(most_pixels=10), "PICTURE_TOO_LARGE"),
    ):
        report = inspect_file(file, limits=limits)
        assert [problem.code for problem in report.problems] == [code]
    assert [one for one in psutil.Process().children(recursive=True) if "video.child" in " ".join(one.cmdline())] == []


CONFINED = """
import ctypes, socket, struct, sys
from hengjian.platform.video.child import confine
from hengjian.platform.video.report import VideoLimits
confine(VideoLimits())
said = []
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=3)
    said.append("python connected")
except PermissionError:
    pass
libc = ctypes.CDLL(None, use_errno=True)  # around the hook, as foreign code would
link = libc.socket(2, 1, 0)
address = struct.pack("!HH4s8x", 0, int(sys.argv[1]), bytes([127, 0, 0, 1]))
address = struct.pack("=H", 2) + address[2:]
if link >= 0 and libc.connect(link, address, len(address)) == 0:
    said.append("connected")
try:
    open("/etc/passwd")
    said.append("opened")
except PermissionError:
    pass
if libc.open(b"written", 0o101, 0o600) >= 0:
    if libc.write(libc.open(b"written", 1), b"x", 1) > 0:
        said.append("written")
print(said)
"""


def test_even_foreign_code_in_the_child_reaches_nobody_and_writes_nothing(tmp_path: Path, listener: Listener) -> None:
    """By Python and by the system's own calls; where the kernel gives no network namespace Python's wall is left."""
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(listener.port)],
        env=SAFE,  # as the real one: a second thread, and the kernel gives no network of its own
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    alone = subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True, check=False)
    allowed = [] if alone.returncode == 0 else ["connected"]
    said = done.stdout.strip().splitlines()
    assert said in (["[]"], [str(allowed)]) or done.returncode < 0, (done.stdout, done.stderr[-800:])
    if not allowed:
        assert listener.calls == []
