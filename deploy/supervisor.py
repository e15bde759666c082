"""`hengjian run`: database, signer, web and worker under one process, which owns the embedded server."""

import contextlib
import http.client
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

from hengjian.deploy import migrations
from hengjian.deploy.access import Access, check_reachable, embedded_access, given_access
from hengjian.deploy.children import Child
from hengjian.deploy.embedded import Server, choose_binaries, ensure_database, make_place
from hengjian.deploy.errors import AlreadyRunningError, ChildFailedError, PortBusyError
from hengjian.deploy.processes import claim, die_with_parent, start_bound, stop_child
from hengjian.deploy.secret_key import secret_key
from hengjian.deploy.serving import port_is_free
from hengjian.deploy.settings import Settings

_TICK = 0.2
_PORT_SECONDS = 5.0
_READY_SECONDS = 90.0
_FAILURES_BEFORE_READY = 3
_STOPPING = "stopping\n"
_OTHER_TELLS_SECONDS = 2.0
_OTHER_STOPS_SECONDS = 60.0


class StopRequestedError(Exception):
    """Somebody asked to stop while a step was being done."""


class Supervisor:
    """Starts the parts in order, starts again what ends, stops them in the opposite order.

    Whatever happens to this process, also kill -9, the kernel ends every part.
    """

    def __init__(self, settings: Settings, *, say: Callable[[str], None], setup: str = "") -> None:
        self.settings = settings
        self.state = settings.storage.state.resolve()
        self._say = say
        self._setup = setup
        self._claim: IO[str] | None = None
        self._server: Server | None = None
        self._children: list[Child] = []
        self._set_up: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> None:
        """Run until SIGINT or SIGTERM.

        Raises:
            DeployError: a part cannot be started; the ones that were are stopped.
        """
        if self.settings.operation.die_with_parent:
            die_with_parent(os.getppid())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            self._start()
            while not self._stopping:
                self._tend()
                time.sleep(_TICK)
        except StopRequestedError:
            pass
        finally:
            self._stop()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _step(self, text: str) -> None:
        if self._stopping:
            raise StopRequestedError
        self._tell(text)

    def _tell(self, text: str) -> None:
        """Say something; when the terminal has gone, go on all the same."""
        with contextlib.suppress(OSError):
            self._say(text)

    def _start(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        self._claim = self._claim_state()
        self._wait_for_port()
        secret_key(self.settings.storage)
        access = self._database()
        self._migrate(access)
        self._step("Starting web, worker and signer")
        program = [sys.executable, "-m", "hengjian.deploy.cli"]
        environment = self._environment(access)
        for name, verb in (("web", ("serve",)), ("worker", ("worker",)), ("signer", ("log", "signer"))):
            child = Child(name, [*program, *verb], environment, self.state / "log" / f"{name}.log")
            self._children.append(child)
            child.start()
        self._wait_until_ready()
        self._run_setup(environment)
        self._greet()

    def _claim_state(self) -> IO[str]:
        """The state folder's lock. Another supervisor that is just stopping is waited for, a running one is not."""
        file, told = self.state / "run.lock", False
        since = time.monotonic()
        while (held := claim(file)) is None:
            self._step_if_stopping()
            stopping = _STOPPING in file.read_text("ascii", errors="replace")
            if time.monotonic() > since + (_OTHER_STOPS_SECONDS if stopping else _OTHER_TELLS_SECONDS):
                raise AlreadyRunningError(str(self.state))
            if stopping and not told:
                self._tell("Waiting for the one before to stop")
                told = True
            time.sleep(_TICK)
        return held

    def _wait_for_port(self) -> None:
        """A port may still be held for a moment by what was killed before."""
        until = time.monotonic() + _PORT_SECONDS
        while not port_is_free(self.settings.web.host, self.settings.web.port):
            self._step_if_stopping()
            if time.monotonic() > until:
                raise PortBusyError(self.settings.web.port)
            time.sleep(_TICK)

    def _database(self) -> Access:
        if self.settings.database.url:
            self._step("Using the PostgreSQL server of HENGJIAN_DATABASE_URL")
            access = given_access(self.settings)
            check_reachable(access.migration or access.application)
            return access
        place = make_place(self.state)
        if place.note:
            self._tell(place.note)
        self._server = Server(place)
        binaries = choose_binaries(self._server.data, self.settings.database.pg_bindir)
        self._step(f"Starting PostgreSQL {binaries.major} of {binaries.folder} with data in {place.home}")
        self._server.start(binaries)
        ensure_database(self._server)
        return embedded_access(self._server)

    def _migrate(self, access: Access) -> None:
        if access.migration is None:
            return
        self._step("Bringing the database to the newest schema")
        revision = migrations.upgrade(access.migration, app_password=access.password)
        self._tell(f"The schema is at revision {revision}.")

    def _environment(self, access: Access) -> dict[str, str]:
        return {
            "HENGJIAN_DATABASE_URL": access.application,
            "HENGJIAN_MIGRATION_URL": "",
            "HENGJIAN_STATE": str(self.state),
            "HENGJIAN_DIE_WITH_PARENT": "",
            "HENGJIAN_BASE_URL": self.settings.web.url,
            "HENGJIAN_DEMO": "yes" if self.settings.operation.demo else "",
            "PORT": str(self.settings.web.port),
            "PYTHONUNBUFFERED": "1",
        }

    def _tend(self) -> None:
        """Start again what has ended: the server first, the others reconnect by themselves."""
        server = self._server
        if server is not None and server.process is not None and server.process.poll() is not None:
            self._tell("PostgreSQL ended unexpectedly; it is started again.")
            server.relaunch()
            self._tell("PostgreSQL was started again.")
        for child in self._children:
            if said := child.tend():
                self._tell(said)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while not self._ready():
            self._step_if_stopping()
            self._tend()
            for child in self._children:
                if child.failures >= _FAILURES_BEFORE_READY or time.monotonic() > until:
                    raise ChildFailedError(child.name, log=str(child.log), last_words=child.last_words())
            time.sleep(_TICK)

    def _step_if_stopping(self) -> None:
        if self._stopping:
            raise StopRequestedError

    def _ready(self) -> bool:
        link = http.client.HTTPConnection(self._listening_host(), self.settings.web.port, timeout=5)
        try:
            link.request("GET", "/readyz")
            return link.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def _listening_host(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.web.host, self.settings.web.host)  # noqa: S104  # compared

    def _run_setup(self, environment: dict[str, str]) -> None:
        """Run the set-up command; its output is ours, and what it cannot do is said but does not stop the product."""
        if not self._setup:
            return
        self._step("Loading data")
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        program = {**os.environ, **environment}
        self._set_up = start_bound(shlex.split(self._setup), output=sys.stdout.fileno(), environment=program)
        while (code := self._set_up.poll()) is None:
            self._step_if_stopping()
            self._tend()
            time.sleep(_TICK)
        self._set_up = None
        if code != 0:
            self._tell(f"The set-up command failed ({code}); the product runs without what it had to load.")

    def _greet(self) -> None:
        self._step(f"\nHengjian 衡鉴 is ready: {self.settings.web.url}")
        for line in log_ins(self.state / "demo.json"):
            self._tell(line)
        self._tell("Ctrl-C stops everything.")

    def _stop(self) -> None:
        if self._claim is not None:
            self._claim.write(_STOPPING)
            self._claim.flush()
        if self._set_up is not None:
            stop_child(self._set_up)
        for child in self._children:
            self._tell(f"Stopping {child.name}")
            child.stop()
        if self._server is not None:
            self._tell("Stopping PostgreSQL")
            self._server.stop()
        if self._claim is not None:
            self._claim.close()


def log_ins(file: Path) -> list[str]:
    """The demo log-ins as lines to print; none when there is no demo."""
    try:
        users = json.loads(file.read_text("utf-8"))["users"]
        rows = [tuple(str(user[name] or "") for name in ("login", "password", "totp_secret", "role")) for user in users]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(4)] if rows else []
    lines = [f"\nDemo log-ins (also in {file}): login, password, secret of the one-time code, role"]
    return [*lines, *("  " + "  ".join(text.ljust(widths[i]) for i, text in enumerate(row)).rstrip() for row in rows)]
