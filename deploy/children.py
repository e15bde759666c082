"""One part of the product in a process of its own: started, watched, started again, stopped."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hengjian.deploy.processes import last_lines, start_bound, stop_child

_LOG_BYTES = 20 * 2**20
_LONGEST_PAUSE = 30.0
_MOST_DOUBLINGS = 5
_STEADY_SECONDS = 60.0


@dataclass(slots=True)
class Child:
    """A part, its command and its log file. Times are seconds of the monotonic clock."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    _started: float = 0.0
    _next_start: float = field(default=0.0)

    def start(self) -> None:
        """Start it; a log that has grown long is kept under another name first."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = start_bound(self.command, output=output, environment={**os.environ, **self.environment})
        self._started = time.monotonic()

    def tend(self) -> str:
        """Start it again when it has ended, later each time; what happened, in words, or nothing."""
        now = time.monotonic()
        if self.process is None:
            if now < self._next_start:
                return ""
            self.start()
            return f"{self.name} was started again."
        code = self.process.poll()
        if code is None:
            if self.failures and now - self._started > _STEADY_SECONDS:
                self.failures = 0
            return ""
        self.process = None
        pause = min(2.0 ** min(self.failures, _MOST_DOUBLINGS) - 1, _LONGEST_PAUSE)
        self.failures += 1
        self._next_start = now + pause
        return f"{self.name} ended unexpectedly ({code}); it is started again. See {self.log}"

    def stop(self) -> None:
        """Ask it to end, wait, and kill it when it takes too long."""
        if self.process is not None:
            stop_child(self.process)
            self.process = None

    def last_words(self) -> str:
        """The end of its log."""
        return last_lines(self.log)
