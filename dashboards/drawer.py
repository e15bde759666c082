"""The server's drawings of charts, made beside the pages: a page takes one that is ready and never waits for one."""

import json
import queue
import subprocess
import sys
import threading
from collections import OrderedDict
from typing import Protocol

import structlog
from markupsafe import Markup

from hengjian.platform.charts import PRINT_FONT

_LOG = structlog.stdlib.get_logger("hengjian.charts")
_LONGEST_SECONDS = 30.0
_MOST_WAITING = 200
Wanted = tuple[str, int, str]


class Drawer(Protocol):
    """Gives the drawing of a specification, or None while there is none."""

    def svg(self, spec: str, width: int, name: str) -> Markup | None:
        """The drawing of a specification (JSON text), `width` CSS pixels wide."""


def in_page_font(svg: str) -> Markup:
    """The drawing in the page's own font, safe to print: our renderer made and escaped it."""
    return Markup(svg.replace(f' font-family="{PRINT_FONT}"', ""))  # noqa: S704  # see above


class ChildDrawer:
    """Draws in one child process, which is started at the first wish and ends with this one.

    Drawings are kept by their content. One that is not ready is asked for and missing this once: the browser draws
    the same specification anyway.
    """

    def __init__(self, *, keep: int = 256) -> None:
        self._keep = keep
        self._made: OrderedDict[Wanted, Markup] = OrderedDict()
        self._waiting: set[Wanted] = set()
        self._wishes: queue.Queue[Wanted | None] = queue.Queue(_MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[str] | None = None

    def svg(self, spec: str, width: int, name: str) -> Markup | None:
        """The drawing when it is ready; asks for it otherwise."""
        wanted = (spec, width, name)
        with self._lock:
            found = self._made.get(wanted)
            if found is not None:
                self._made.move_to_end(wanted)
            elif wanted not in self._waiting and not self._wishes.full():
                self._waiting.add(wanted)
                self._wishes.put_nowait(wanted)
                self._begin()
        return found

    def close(self) -> None:
        """Ends the child once the wishes before are done."""
        if self._thread is not None:
            self._wishes.put(None)
            self._thread.join()
            self._thread = None

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="charts", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (wanted := self._wishes.get()) is not None:
            try:
                svg = self._ask(wanted)
            except (OSError, ValueError) as error:
                _LOG.warning("chart not drawn", error=type(error).__name__, chart=wanted[2])
                self._end_child()
                svg = None
            with self._lock:
                self._waiting.discard(wanted)
                if svg is not None:
                    self._made[wanted] = in_page_font(svg)
                    if len(self._made) > self._keep:
                        self._made.popitem(last=False)
        self._end_child()

    def _ask(self, wanted: Wanted) -> str | None:
        """One question to the child; it is killed when it takes too long, and the broken pipe says so."""
        child = self._child = self._child or _start()
        spec, width, name = wanted
        if child.stdin is None or child.stdout is None:
            raise OSError
        limit = threading.Timer(_LONGEST_SECONDS, child.kill)
        limit.start()
        try:
            child.stdin.write(json.dumps({"spec": json.loads(spec), "width": width, "name": name}) + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        finally:
            limit.cancel()
        svg: str | None = json.loads(answer)["svg"]
        return svg

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(  # our own interpreter and module
        [sys.executable, "-m", "hengjian.dashboards.chart_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
