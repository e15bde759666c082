"""Makes PDFs in a process of their own, which is kept warm and can be ended at any moment."""

import asyncio
import contextlib
import os
import sys
from types import TracebackType
from typing import Self

import msgspec

from hengjian.platform.pdf.errors import PdfProcessLostError, PdfRefusedError, PdfTimedOutError
from hengjian.platform.pdf.frames import LENGTH_BYTES, PdfAnswer, PdfDocument, PdfLimits, framed, printable

_PASSED_ON = ("PATH", "HOME", "PYTHONPATH", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
_ANSWER = msgspec.msgpack.Decoder(PdfAnswer)


class PdfRenderer:
    """One warm drawing process; documents wait for each other. Use with `async with`, or call `close`."""

    def __init__(self, limits: PdfLimits | None = None) -> None:
        self.limits = limits or PdfLimits()
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._drawn = 0

    async def render(self, document: PdfDocument) -> PdfAnswer:
        """Draws one document. Equal documents give equal bytes.

        Raises:
            PdfTimedOutError: the wall limit passed; the process was ended and the next call starts a new one.
            PdfProcessLostError: the process ended by itself (processor or memory limit, missing part, crash).
            PdfRefusedError: the document cannot be laid out.
        """
        clean = msgspec.structs.replace(document, html=printable(document.html), css=printable(document.css))
        async with self._turn:
            process = await self._running()
            try:
                answer = await asyncio.wait_for(_ask(process, clean), self.limits.wall_seconds)
            except TimeoutError:
                await self._end()
                raise PdfTimedOutError(self.limits.wall_seconds) from None
            except (asyncio.IncompleteReadError, ConnectionError):
                raise await self._lost() from None
            except BaseException:
                await self._end()
                raise
            await self._count()
        if answer.problem:
            raise PdfRefusedError(answer.problem)
        return answer

    async def close(self) -> None:
        """Ends the process; a later `render` starts a new one."""
        async with self._turn:
            await self._end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            limits = msgspec.json.encode(self.limits).decode()
            self._drawn = 0
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-P", "-m", "hengjian.platform.pdf.child", limits),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=_environment(),
            )
        return self._process

    async def _count(self) -> None:
        self._drawn += 1
        if self._drawn >= self.limits.documents:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()

    async def _lost(self) -> PdfProcessLostError:
        process, self._process = self._process, None
        if process is None:
            return PdfProcessLostError(None, "")
        _, said = await process.communicate()
        return PdfProcessLostError(process.returncode, said.decode(errors="replace").strip()[-500:])


async def _ask(process: asyncio.subprocess.Process, document: PdfDocument) -> PdfAnswer:
    questions, answers = process.stdin, process.stdout
    if questions is None or answers is None:
        raise ConnectionError("the process has no pipes")
    questions.write(framed(document))
    await questions.drain()
    size = int.from_bytes(await answers.readexactly(LENGTH_BYTES))
    return _ANSWER.decode(await answers.readexactly(size))


def _environment() -> dict[str, str]:
    """Only what a renderer needs: no database address, no key, no proxy; the same clock zone everywhere."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
