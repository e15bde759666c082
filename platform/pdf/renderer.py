"""Makes PDFs in a process of their own, which is kept warm and can be ended at any moment."""

import asyncio
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

import msgspec

from hengjian.platform.pdf.errors import (
    PdfError,
    PdfPartMissingError,
    PdfProcessLostError,
    PdfRefusedError,
    PdfTimedOutError,
)
from hengjian.platform.pdf.frames import PdfAnswer, PdfDocument, PdfLimits, framed, printable, read_body

_PASSED_ON = ("PATH", "HOME", "PYTHONPATH", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
_ANSWER = msgspec.msgpack.Decoder(PdfAnswer)
_LONGEST_LAST_WORDS = 500


@dataclass(slots=True)
class _Child:
    """A running drawing process, its errors in a file, and how many documents it has drawn."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]
    drawn: int = 0

    def ask(self, question: bytes) -> bytes | None:
        """The answer, or None when the process has ended. Blocks."""
        if self.process.stdin is None or self.process.stdout is None:
            return None
        try:
            self.process.stdin.write(question)
            self.process.stdin.flush()
            return read_body(self.process.stdout)
        except OSError:
            return None

    def end(self) -> None:
        """Ends it at once and gives back its pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.errors):
            if pipe is not None:
                _close(pipe)

    def last_words(self) -> str:
        """The end of what it said on its way out."""
        self.process.wait()
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace").strip()[-_LONGEST_LAST_WORDS:]


class PdfRenderer:
    """One warm drawing process; documents wait for each other. Use with `async with`, or call `close`."""

    def __init__(self, limits: PdfLimits | None = None) -> None:
        self.limits = limits or PdfLimits()
        self._child: _Child | None = None
        self._turn = asyncio.Lock()
        self._rest: asyncio.TimerHandle | None = None

    @property
    def process_id(self) -> int | None:
        """The running process, if there is one."""
        return None if self._child is None else self._child.process.pid

    async def render(self, document: PdfDocument) -> PdfAnswer:
        """Draws one document. Equal documents give equal bytes.

        Raises:
            PdfTimedOutError: the wall limit passed; the process was ended and the next call starts a new one.
            PdfPartMissingError: a library or the font is not on this machine.
            PdfProcessLostError: the process ended by itself (processor or memory limit, crash).
            PdfRefusedError: the document cannot be laid out.
        """
        clean = msgspec.structs.replace(document, html=printable(document.html), css=printable(document.css))
        async with self._turn:
            answer = await self._answer(framed(clean))
        self._rest_later()
        if answer.problem:
            raise PdfRefusedError(answer.problem)
        return answer

    async def close(self) -> None:
        """Ends the process; a later `render` starts a new one."""
        async with self._turn:
            self._end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _answer(self, question: bytes) -> PdfAnswer:
        child = self._child = self._child or _start(self.limits)
        asking = asyncio.get_running_loop().run_in_executor(None, child.ask, question)
        try:
            _, waiting = await asyncio.wait({asking}, timeout=self.limits.wall_seconds)
        except asyncio.CancelledError:
            await self._stop(child, asking)
            raise
        if waiting:
            await self._stop(child, asking)
            raise PdfTimedOutError(self.limits.wall_seconds)
        body = asking.result()
        if body is None:
            lost = _why_lost(child)
            self._end()
            raise lost
        child.drawn += 1
        if child.drawn >= self.limits.documents:
            self._end()
        return _ANSWER.decode(body)

    async def _stop(self, child: _Child, asking: "asyncio.Future[bytes | None]") -> None:
        """Kills the process, which ends the blocked read: no thread is left behind."""
        child.process.kill()
        await asyncio.wait({asking})
        self._end()

    def _rest_later(self) -> None:
        """Gives the process's memory back when nobody needs it for a while."""
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(self.limits.idle_seconds, self._end_if_idle)

    def _end_if_idle(self) -> None:
        if not self._turn.locked():
            self._end()

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _why_lost(child: _Child) -> PdfError:
    code, said = child.process.wait(), child.last_words()
    return PdfPartMissingError(said) if code == PdfPartMissingError.EXIT_CODE else PdfProcessLostError(code, said)


def _start(limits: PdfLimits) -> _Child:
    """Starts in the calling thread: the process ends when this thread does."""
    errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
    process = subprocess.Popen(  # noqa: S603  # our own module, no word of it from outside
        [sys.executable, "-P", "-m", "hengjian.platform.pdf.child", msgspec.json.encode(limits).decode()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=_environment(),
    )
    return _Child(process, errors)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _environment() -> dict[str, str]:
    """Only what a renderer needs: no database address, no key, no proxy; the same clock zone everywhere."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
