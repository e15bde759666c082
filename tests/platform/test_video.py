"""Looking into films: exact answers for made ones, problems and never a crash for hostile ones."""

import json
import random
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.deploy.cli import main
from hengjian.platform.video import VideoLimits, VideoReport, inspect_file
from hengjian.platform.video.likeness import CommonFootage, common_footage
from hengjian.platform.video.report import Fingerprint
from tests.support.clips import MADE_AT, RATE, Picture, scene, with_code, write_clip

WIDTH, HEIGHT = 320, 180
HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"
DASH = b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'


def told_story(number: int) -> Picture | None:
    """14 seconds: a code from 1 to 2.5, nothing from 3 to 5, darkness from 6 to 7.2, a standstill from 8 to 12."""
    view = scene(WIDTH, HEIGHT)
    if 3 * RATE <= number < 5 * RATE:
        return None
    if 6 * RATE <= number < int(7.2 * RATE):
        return np.zeros((HEIGHT, WIDTH), np.uint8)
    if 8 * RATE <= number < 12 * RATE:
        return view(200)
    return with_code(view(number), "WZ-0001") if RATE <= number < int(2.5 * RATE) else view(number)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The told story as a file."""
    return write_clip(tmp_path_factory.mktemp("clips") / "story.mp4", told_story, frames=14 * RATE)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds without anything conspicuous."""
    return write_clip(tmp_path_factory.mktemp("clips") / "plain.mp4", scene(WIDTH, HEIGHT, 7), frames=6 * RATE)


def codes_of(report: VideoReport) -> set[str]:
    """Codes of its problems."""
    return {problem.code for problem in report.problems}


def test_story_is_told_to_the_millisecond(story: Path) -> None:
    """Gap, darkness, standstill and label stand exactly where they were put."""
    report = inspect_file(story)
    assert (report.container, report.codec, report.width, report.height) == ("mp4", "h264", WIDTH, HEIGHT)
    assert (report.frames, report.duration_ms, report.created_at) == (12 * RATE, 14_000, MADE_AT)
    assert report.gaps == ((3_000, 5_000),)
    assert report.black == ((6_000, 7_200),)
    assert report.frozen == ((8_000, 12_000),)
    assert [(code.text, code.first_seen_ms, code.last_seen_ms) for code in report.codes] == [("WZ-0001", 1_000, 2_000)]
    assert codes_of(report) == {"GAPS", "BLACK", "FROZEN"}
    assert report.usable


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "libx264"), ("b.webm", "libvpx"), ("c.mov", "mpeg4")])
def test_other_containers_and_codecs_tell_the_same(name: str, codec: str, tmp_path: Path) -> None:
    """Matroska, WebM and MOV are looked into like MP4."""
    options = {"preset": "ultrafast"} if codec == "libx264" else {"b": "2000000"}
    clip = write_clip(tmp_path / name, scene(WIDTH, HEIGHT), frames=3 * RATE, codec=codec, options=options)
    report = inspect_file(clip)
    assert report.usable
    assert (report.frames, report.gaps, report.frozen, report.black) == (3 * RATE, (), (), ())


def test_no_creation_time_and_one_in_the_future_are_named(tmp_path: Path) -> None:
    """What the metadata claims is only a claim."""
    silent = write_clip(tmp_path / "silent.mp4", scene(WIDTH, HEIGHT), frames=RATE, made_at=None)
    lying = write_clip(tmp_path / "lying.mp4", scene(WIDTH, HEIGHT), frames=RATE, made_at=MADE_AT.replace(year=2099))
    assert "NO_CREATION_TIME" in codes_of(inspect_file(silent))
    assert "CREATED_IN_FUTURE" in codes_of(inspect_file(lying))


def test_blur_is_less_sharp(tmp_path: Path) -> None:
    """A blurred film has a much smaller figure than the same film sharp."""
    view = scene(WIDTH, HEIGHT)

    def blurred(number: int) -> Picture:
        wide = view(number).astype(np.uint16)
        for shift in range(1, 9):
            wide = wide + np.roll(view(number), shift, axis=1) + np.roll(view(number), shift, axis=0)
        return (wide // 17).astype(np.uint8)

    sharp = inspect_file(write_clip(tmp_path / "sharp.mp4", view, frames=2 * RATE)).sharpness
    soft = inspect_file(write_clip(tmp_path / "soft.mp4", blurred, frames=2 * RATE)).sharpness
    assert sharp is not None
    assert soft is not None
    assert soft * 4 < sharp


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (HLS, "NOT_A_VIDEO"),
        (CONCAT, "NOT_A_VIDEO"),
        (DASH, "NOT_A_VIDEO"),
        (b"\x00\x00\x00\x18ftypisom" + HLS, "UNREADABLE"),
        (b"\x00\x00\x00\x18ftypisom" + CONCAT, "UNREADABLE"),
        (b"\x1a\x45\xdf\xa3" + bytes(100), "UNREADABLE"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "UNREADABLE"),
    ],
)
def test_disguised_playlists_and_empty_files_are_problems(content: bytes, code: str, tmp_path: Path) -> None:
    """A playlist named .mp4, with or without a video's first bytes, is never followed."""
    file = tmp_path / "clip.mp4"
    file.write_bytes(content)
    report = inspect_file(file)
    assert (codes_of(report), report.usable, report.frames) == ({code}, False, 0)


def test_truncated_film_says_what_is_missing(plain: Path, tmp_path: Path) -> None:
    """Half a file is an error that names the told and the found duration."""
    half = tmp_path / "half.mp4"
    half.write_bytes(plain.read_bytes()[: plain.stat().st_size // 2])
    report = inspect_file(half)
    assert "TRUNCATED" in codes_of(report)
    assert report.told_duration_ms == 6_000
    assert report.duration_ms is not None
    assert report.duration_ms < 5_000
    assert not report.usable


def test_sound_without_picture_is_no_video(tmp_path: Path) -> None:
    """A container without a picture is refused by name."""
    with av.open(str(tmp_path / "sound.mp4"), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8_000)
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1_024)
        frame.sample_rate = 8_000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert codes_of(inspect_file(tmp_path / "sound.mp4")) == {"NO_VIDEO_STREAM"}


def test_too_large_a_picture_and_too_long_a_look_are_refused(plain: Path) -> None:
    """Limits of pixels, time and memory end in a problem, not in a dead server."""
    assert codes_of(inspect_file(plain, limits=VideoLimits(most_pixels=100))) == {"PICTURE_TOO_LARGE"}
    assert codes_of(inspect_file(plain, limits=VideoLimits(wall_seconds=0.01))) == {"TOO_SLOW"}
    assert codes_of(inspect_file(plain, limits=VideoLimits(address_space_mib=64))) == {"HOSTILE"}


def test_flipped_bytes_never_crash(plain: Path, tmp_path: Path) -> None:
    """Twelve damaged copies: each gives a report with its own hash."""
    whole = plain.read_bytes()
    chance = random.Random(5)  # noqa: S311  # the same damage each time
    for number in range(12):
        damaged = bytearray(whole)
        for _ in range(1 + 40 * number):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        file = tmp_path / f"{number}.mp4"
        file.write_bytes(damaged)
        report = inspect_file(file)
        assert len(report.sha256) == 64
        assert report.size == len(whole)


def test_command_prints_the_agreed_json(story: Path) -> None:
    """`hengjian recording inspect FILE` prints seconds, labels and problems; an error sets the exit code."""
    answer = CliRunner().invoke(main, ["recording", "inspect", str(story)])
    found = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert found["gaps"] == [[3.0, 5.0]]
    assert found["labels"] == [{"text": "WZ-0001", "first_seen": 1.0, "last_seen": 2.0}]
    assert (found["duration_seconds"], found["created_at"]) == (14.0, "2026-05-06T01:02:03+00:00")
    assert {problem["severity"] for problem in found["problems"]} == {"warning"}


def test_reused_footage_is_recognized_after_encoding_anew(tmp_path: Path) -> None:
    """The same scene, cut and encoded worse, is found with its shift; another place is not."""
    view = scene(WIDTH, HEIGHT, 3)
    first = inspect_file(write_clip(tmp_path / "first.mp4", view, frames=12 * RATE))
    again = write_clip(
        tmp_path / "again.mp4",
        lambda number: view(number + 3 * RATE),
        frames=9 * RATE,
        options={"preset": "ultrafast", "crf": "35"},
    )
    other = write_clip(tmp_path / "other.mp4", scene(WIDTH, HEIGHT, 4), frames=12 * RATE)
    found = common_footage(first.fingerprints, inspect_file(again).fingerprints)
    assert found is not None
    assert (found.first_ms - found.second_ms, found.pictures >= 8) == (3_000, True)
    assert common_footage(first.fingerprints, inspect_file(other).fingerprints) is None


def brute_force(one: list[int], other: list[int], at_least: int) -> int:
    """Length of the longest run at one shift, tried at every pair of beginnings."""

    def alike(left: int, right: int) -> bool:
        return (left ^ right).bit_count() <= 6

    best = 0
    for i in range(len(one)):
        for j in range(len(other)):
            length = 0
            while i + length < len(one) and j + length < len(other) and alike(one[i + length], other[j + length]):
                length += 1
            best = max(best, length)
    return best if best >= at_least else 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([0x00FF00FF00FF00FF, 0x0F0F0F0F0F0F0F0F, 0x5555555555555555, 0]), max_size=14),
    st.lists(st.sampled_from([0x00FF00FF00FF00FE, 0x0F0F0F0F0F0F0F0F, 0x5555555555555555, 0]), max_size=14),
    st.integers(1, 4),
)
def test_longest_common_footage_equals_brute_force(one: list[int], other: list[int], at_least: int) -> None:
    """The run found is as long as the longest that trying every beginning finds, plain pictures left out."""
    found = common_footage(_film(one), _film(other), at_least=at_least)
    telling = brute_force([bits for bits in one if bits], [bits for bits in other if bits], at_least)
    assert (found.pictures if found else 0) == telling


def _film(bits: list[int]) -> list[Fingerprint]:
    return [Fingerprint(at_ms=1_000 * number, bits=value) for number, value in enumerate(bits)]


def test_common_footage_names_both_beginnings() -> None:
    """Where the footage begins in each film is told."""
    one, other = (_film(bits) for bits in ([0x5555555555555555, 0x0F0F0F0F0F0F0F0F], [0x0F0F0F0F0F0F0F0F]))
    assert common_footage(one, other, at_least=1) == CommonFootage(first_ms=1_000, second_ms=0, pictures=1)
