"""One PostgreSQL server of our own: made, started, adopted, stopped."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

from hengjian.deploy.embedded.binaries import Binaries
from hengjian.deploy.embedded.place import Place, reachable_binaries
from hengjian.deploy.errors import NotRunningError, ServerFailedError, SocketPathError
from hengjian.deploy.processes import claim, last_lines, start_bound, stop_child

ADMIN = "hengjian_admin"
PORT = 5432
_SOCKET_BYTES = 100
_START_SECONDS = 60.0
_RETRY_SECONDS = 20.0
_GRACE_SECONDS = 2.0
_SAFE_LOGGING = {
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_line_prefix": "%m [%p] ",
}
_DEFAULTS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "jit": "off",
    "timezone": "UTC",
    **_SAFE_LOGGING,
}


class Server:
    """A private data folder, its socket and the server over it.

    The process that calls `start` owns the server: it ends when that process ends, also by kill -9. Every other
    process only asks for `url`.
    """

    def __init__(self, place: Place, *, options: Mapping[str, str] | None = None) -> None:
        self.place = place
        self.home = place.home
        self.data = place.home / "data"
        self.socket_folder = place.home / "run"
        self._password_file = place.home / "admin.password"
        self._options = {**_DEFAULTS, **(options or {})}
        self._claim: IO[str] | None = None
        self._binaries: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None
        path = str(self.socket_folder / f".s.PGSQL.{PORT}")
        if len(os.fsencode(path)) > _SOCKET_BYTES:
            raise SocketPathError(path, limit=_SOCKET_BYTES)

    def start(self, binaries: Binaries) -> bool:
        """Bring the server up, making its data folder first; True when started, False when adopted.

        What a killed owner left running is stopped first, so that the server is always bound to a living owner.

        Raises:
            ServerFailedError: it did not come up.
        """
        self._claim = self._claim or claim(self.home / "owner.lock")
        if self._claim is None:
            self._wait_ready(time.monotonic() + _START_SECONDS)
            return False
        self._binaries = reachable_binaries(binaries, self.place)
        self._end_leftover()
        if not (self.data / "PG_VERSION").exists():
            self._make_data()
        self._folder(self.socket_folder)
        self._launch()
        return True

    def relaunch(self) -> None:
        """Bring a crashed server up again, with the same binaries."""
        self._launch()

    def stop(self) -> None:
        """End a server that this process started (fast shutdown: sessions are cut, data is safe)."""
        if self.process is not None:
            stop_child(self.process, signal.SIGINT, seconds=_START_SECONDS)
            self.process = None
        if self._claim is not None:
            self._claim.close()
            self._claim = None

    def accepts(self) -> bool:
        """Whether something listens on the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    def ready(self) -> bool:
        """Whether the server takes sessions."""
        return self._postmaster()[1] == "ready" and self.accepts()

    def url(self, database: str = "postgres", *, user: str = ADMIN, password: str | None = None) -> str:
        """How SQLAlchemy reaches a database of this server.

        Raises:
            NotRunningError: it does not run.
        """
        if not self.ready():
            raise NotRunningError(str(self.home))
        secret = self.password() if password is None else password
        return f"postgresql+asyncpg://{user}:{quote(secret, safe='')}@/{database}?host={quote(str(self.socket_folder))}"

    def password(self) -> str:
        """The administrator's password."""
        return self._password_file.read_text("ascii").strip()

    def _postmaster(self) -> tuple[int | None, str]:
        """Process id and state that the server wrote about itself."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip()
        except (OSError, IndexError, ValueError):
            return None, ""

    def _folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        if self.place.ids is not None:
            os.chown(path, *self.place.ids)

    def _make_data(self) -> None:
        """Make the data folder in one step: an interrupted attempt leaves nothing that looks like data."""
        assert self._binaries is not None  # noqa: S101  # set by start, which alone calls this
        if not self._password_file.exists():
            write_secret(self._password_file, self.place.ids)
        half = self.home / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        command: list[str | Path] = [
            self._binaries / "initdb",
            "-D",
            half,
            "-U",
            ADMIN,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ]
        command += ["--locale=C", "--data-checksums", "--no-instructions", f"--pwfile={self._password_file}"]
        with (self.home / "initdb.log").open("wb") as log:
            made = start_bound(command, signal.SIGKILL, output=log, folder=self.home, ids=self.place.ids).wait()
        if made != 0:
            raise ServerFailedError(str(self.home), last_words=last_lines(self.home / "initdb.log"))
        half.rename(self.data)

    def _launch(self) -> None:
        """Start the server and wait for it; again for a while, as a killed one's shared memory goes late."""
        assert self._binaries is not None  # noqa: S101  # set by start
        command = [str(self._binaries / "postgres"), "-D", str(self.data), "-k", str(self.socket_folder)]
        for name, value in self._options.items():
            command += ["-c", f"{name}={value}"]
        give_up = time.monotonic() + _RETRY_SECONDS
        while True:
            with (self.home / "start.log").open("wb") as log:
                self.process = start_bound(command, signal.SIGINT, output=log, folder=self.home, ids=self.place.ids)
            try:
                self._wait_ready(time.monotonic() + _START_SECONDS)
            except ServerFailedError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.5)
            else:
                return

    def _wait_ready(self, until: float) -> None:
        while not self.ready():
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > until:
                raise ServerFailedError(str(self.home), last_words=last_lines(self.home / "start.log"))
            time.sleep(0.05)

    def _end_leftover(self) -> None:
        """Wait for a server whose owner is gone; it has usually been told by the kernel already."""
        since, told = time.monotonic(), False
        while self.accepts() and time.monotonic() < since + _START_SECONDS:
            pid, _ = self._postmaster()
            if pid is not None and not told and time.monotonic() > since + _GRACE_SECONDS:
                os.kill(pid, signal.SIGINT)
                told = True
            time.sleep(0.05)


def write_secret(path: Path, ids: tuple[int, int] | None = None) -> str:
    """Put a fresh random secret into a new file that only its owner may read; the secret."""
    secret = secrets.token_urlsafe(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    if ids is not None:
        os.chown(path, *ids)
    return secret
