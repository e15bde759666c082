"""Looks into one video file in a process of its own, which the file cannot leave."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from hengjian.platform.video.report import VideoLimits, VideoProblem, VideoReport

_LARGEST_ANSWER = 16 << 20
SAFE = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
"""All that the processes which open such files know of ours."""


def inspect_file(path: Path, *, limits: VideoLimits | None = None) -> VideoReport:
    """What is in a file, whoever sent it.

    A file that is no video, is damaged, or kills the process that looks into it gives a report with problems.

    Raises:
        OSError: the file cannot be opened.
    """
    bounds = limits or VideoLimits()
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        command = (
            sys.executable,
            "-m",
            "hengjian.platform.video.child",
            msgspec.json.encode(bounds).decode(),
            str(size),
            sha256,
        )
        blank = VideoReport(sha256=sha256, size=size)
        try:
            child = subprocess.run(  # noqa: S603  # our own module
                command, stdin=file, capture_output=True, timeout=bounds.wall_seconds, env=SAFE, check=False
            )
        except subprocess.TimeoutExpired:
            return _broken(blank, "TOO_SLOW", "looking into it took longer than allowed")
    if child.returncode != 0 or len(child.stdout) > _LARGEST_ANSWER:
        return _broken(blank, "HOSTILE", "the process that looked into it had to be ended")
    return msgspec.json.decode(child.stdout, type=VideoReport)


def _broken(blank: VideoReport, code: str, message: str) -> VideoReport:
    return msgspec.structs.replace(blank, problems=(VideoProblem(code=code, severity="error", message=message),))
