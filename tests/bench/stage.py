"""A place of its own for measurements: a durable PostgreSQL, the product's web server, and others to compare with."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import Self

import psutil
from sqlalchemy.engine import make_url

from hengjian.deploy import migrations
from hengjian.deploy.embedded import LOGIN, ensure_database, temporary_server
from hengjian.deploy.processes import last_lines, start_bound, stop_child
from hengjian.deploy.settings import read_settings

DATABASE = "bench"
PASSWORD = "only-for-measurements"
ROOT = Path(__file__).resolve().parents[2]
# As a small production server is set; fsync and synchronous_commit stay on.
OPTIONS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min", "max_connections": "100"}


class Stage:
    """Parts are started when first asked for, and gone at the end."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._ports: dict[str, int] = {}
        self._processes: dict[str, psutil.Process] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @cached_property
    def folder(self) -> Path:
        """A folder for everything, removed at the end."""
        folder = Path(tempfile.mkdtemp(prefix="hjbench"))
        folder.chmod(0o755)
        self._opened.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    @cached_property
    def admin_url(self) -> str:
        """The migrated database, as its administrator."""
        bindir = read_settings(os.environ).database.pg_bindir
        server = self._opened.enter_context(temporary_server(self.folder, durable=True, options=OPTIONS, bindir=bindir))
        if server.process is not None:
            self._processes["postgres"] = psutil.Process(server.process.pid)
        ensure_database(server, DATABASE)
        url = server.url(DATABASE)
        migrations.upgrade(url, app_password=PASSWORD)
        return url

    @property
    def app_url(self) -> str:
        """The same as the application's login role, which owns nothing."""
        return self.url_of(LOGIN, PASSWORD)

    def url_of(self, user: str, password: str) -> str:
        """The same for another log-in."""
        return make_url(self.admin_url).set(username=user, password=password).render_as_string(hide_password=False)

    def product(self) -> int:
        """The port of the product's own web server, one process, started as in production."""
        environment = {
            "HENGJIAN_DATABASE_URL": self.app_url,
            "HENGJIAN_STATE": str(self.folder / "state"),
            "HENGJIAN_WEB_PROCESSES": "1",
        }
        command = [sys.executable, "-m", "hengjian.deploy.cli", "serve"]
        return self.program("product", command, environment, port_name="PORT")

    def granian(self, name: str, application: str, environment: Mapping[str, str]) -> int:
        """The port of another application on the same kind of server."""
        port_name = "GRANIAN_PORT"
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--factory",
            "--no-ws",
            "--log-level",
            "warning",
        ]
        return self.program(name, [*command, application], environment, port_name=port_name)

    def program(self, name: str, command: Sequence[str], environment: Mapping[str, str], *, port_name: str) -> int:
        """Start a program once; the port it listens on.

        Raises:
            RuntimeError: it did not come up within half a minute.
        """
        if name in self._ports:
            return self._ports[name]
        port, log = free_port(), self.folder / f"{name}.log"
        with log.open("wb") as output:
            child = start_bound(
                command,
                output=output.fileno(),
                environment={**os.environ, "PYTHONPATH": str(ROOT), **environment, port_name: str(port)},
                folder=ROOT,
            )
        self._opened.callback(stop_child, child)
        deadline = time.monotonic() + 30
        while not listens(port):
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not come up: {last_lines(log, 15)}")
            time.sleep(0.1)
        self._ports[name] = port
        self._processes[name] = psutil.Process(child.pid)
        return port

    def cpu(self, name: str) -> float:
        """CPU seconds that a program and its children have used so far; other work on the machine hardly touches it."""
        total = 0.0
        for process in (self._processes[name], *self._processes[name].children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def settle(seconds: float = 0.5) -> None:
    """Let background writers of the round before come to rest."""
    asyncio.run(asyncio.sleep(seconds))
