"""Counts what a journey takes: steps that a person takes, and the seconds that they last; both have a budget.

A step is one click or form that changes the page, one call, one command, or one wait for another person; typing in a
form that is open is none, and neither are the pages a test only looks at. With `HENGJIAN_JOURNEYS` set to a file, each
journey adds its line to it, from which the table in docs/journeys.md is made.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Journey:
    """One journey with its budget: at most so many steps, and so many seconds in them."""

    number: int
    name: str
    most_steps: int
    most_seconds: int
    steps: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Count what happens inside as one step; one that failed counts as well."""
        self.steps.append(what)
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - began

    def arrived(self) -> None:
        """The end of the journey.

        Raises:
            AssertionError: it took more steps or seconds than its budget allows.
        """
        if path := os.environ.get("HENGJIAN_JOURNEYS"):
            line = {"number": self.number, "name": self.name, "steps": self.steps, "seconds": round(self.seconds, 1)}
            line |= {"most_steps": self.most_steps, "most_seconds": self.most_seconds}
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        assert len(self.steps) <= self.most_steps, self.steps
        assert self.seconds <= self.most_seconds, f"{self.seconds:.0f} s of {self.most_seconds} s"
