"""The web server as a process of its own, over this test process's database."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

START_SECONDS = 60


@dataclass(frozen=True)
class Live:
    """A server that answers."""

    url: str
    process: "subprocess.Popen[str]"

    def kill(self) -> None:
        """SIGKILL to it and all it started, at once: what a power cut would do."""
        for one in [*psutil.Process(self.process.pid).children(recursive=True), psutil.Process(self.process.pid)]:
            one.kill()
        self.process.wait(10)


@contextmanager
def live_server(app_url: str, state: Path | None = None) -> Iterator[Live]:
    """Starts it, waits until it is ready, and leaves nothing behind but what is in a `state` folder of the caller's."""
    folder = state or Path(tempfile.mkdtemp(prefix="hjlive"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HENGJIAN_")}
    ours = {"PORT": str(port), "HENGJIAN_STATE": str(folder), "HENGJIAN_DATABASE_URL": app_url, "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "hengjian.deploy.cli", "serve"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, env=kept | ours, stdout=log, stderr=subprocess.STDOUT, text=True) as process,
    ):
        live = Live(f"http://127.0.0.1:{port}", process)
        try:
            _wait(live, folder / "log")
            yield live
        finally:
            if process.poll() is None:
                live.kill()
            if state is None:
                shutil.rmtree(folder, ignore_errors=True)


def _wait(live: Live, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and live.process.poll() is None:
        try:
            if httpx.get(f"{live.url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()[-2000:]}")
