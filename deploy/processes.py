"""Child processes that never outlive the one that started them."""

import ctypes
import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send `by` to this process when its parent ends, however the parent ends.

    Args:
        parent: the parent's process id as the parent knows it; when it has already gone, this process ends at once.
        by: the signal to be sent.

    Does nothing outside Linux: there the next start takes over what was left.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def bound_to_parent(by: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` for Popen: the child ends with the calling process.

    Raises:
        RuntimeError: not on the main thread. The kernel watches the *thread* that made the child.
    """
    if threading.current_thread() is not threading.main_thread():
        message = "a bound child must be started from the main thread"
        raise RuntimeError(message)
    parent = os.getpid()

    def before_exec() -> None:
        die_with_parent(parent, by=by)

    return before_exec


def start_bound(
    command: Sequence[str | Path],
    by: signal.Signals = signal.SIGTERM,
    *,
    output: IO[bytes] | int = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    ids: tuple[int, int] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own (a Ctrl-C reaches only us) that ends with this process.

    Args:
        command: program and arguments.
        by: what the kernel sends the child when this process ends.
        output: where its standard output and error go.
        environment: its whole environment; ours when absent.
        folder: its working folder.
        ids: user and group id to run under; without supplementary groups.
    """
    user, group = ids or (None, None)
    return subprocess.Popen(  # noqa: S603  # our own programs, no shell
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output != subprocess.DEVNULL else subprocess.DEVNULL,
        env=dict(environment) if environment is not None else None,
        cwd=folder,
        user=user,
        group=group,
        extra_groups=[] if ids else None,
        start_new_session=True,
        preexec_fn=bound_to_parent(by),  # noqa: PLW1509  # on the main thread, before any other thread is started
    )


def stop_child(child: "subprocess.Popen[bytes]", by: signal.Signals = signal.SIGTERM, *, seconds: float = 20.0) -> None:
    """Ask a child to end and wait; kill it when it takes longer than `seconds`."""
    if child.poll() is None:
        child.send_signal(by)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def claim(path: Path) -> IO[str] | None:
    """Hold a file's lock until the process ends, however it ends; None when somebody else holds it.

    The file keeps the holder's process id for people to read.
    """
    handle = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    handle.truncate()
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


def last_lines(path: Path, count: int = 5) -> str:
    """The end of a log file, for a message; empty when there is none."""
    try:
        text = path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-count:])


def end_with_server() -> None:
    """In a process that the web server forked: end when the server ends, also by kill -9. Elsewhere: nothing."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with_parent(parent.pid)
