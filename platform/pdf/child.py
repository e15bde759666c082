"""The process that draws PDFs: `python -m hengjian.platform.pdf.child LIMITS`.

It holds no secret, opens no address and no file of its own accord, and may be ended at any moment: a document is
either answered whole or not at all.
"""

import ctypes
import gc
import logging
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from hengjian.platform.pdf.errors import PdfPartMissingError
from hengjian.platform.pdf.frames import PdfAnswer, PdfDocument, PdfLimits, framed, read_body
from hengjian.platform.pdf.parts import require_parts

_MIB = 1 << 20
_PR_SET_PDEATHSIG = 1
_FORBIDDEN_EVENTS = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "ftplib.connect",
)
_READABLE = tuple(
    str(Path(folder).resolve()) for folder in (sys.prefix, sys.base_prefix + "/lib", Path(__file__).parent)
)


class DataOnlyFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no annotations
    """Opens data: addresses and refuses every other, keeping what was asked for."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Answers a data: address; anything else is an error that WeasyPrint turns into an empty place."""
        if not url.lower().startswith("data:"):
            self.refused.append(url[:200])
            raise ValueError("a report may not fetch anything")
        return super().fetch(url, headers)


def draw(document: PdfDocument, fonts: FontConfiguration) -> PdfAnswer:
    """Lays one document out; equal input gives equal bytes (the only date inside is the one in its HTML)."""
    fetcher = DataOnlyFetcher()
    sheet = weasyprint.CSS(string=document.css, font_config=fonts, url_fetcher=fetcher)
    source = weasyprint.HTML(string=document.html, base_url=None, url_fetcher=fetcher)
    laid_out = source.render(
        stylesheets=[sheet], font_config=fonts, pdf_variant=document.variant, pdf_tags=document.tagged
    )
    pdf: bytes = laid_out.write_pdf(pdf_variant=document.variant, pdf_tags=document.tagged)
    return PdfAnswer(
        pdf=pdf,
        pages=len(laid_out.pages),
        peak_rss_kib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        refused=fetcher.refused,
    )


def answer(document: PdfDocument, fonts: FontConfiguration) -> PdfAnswer:
    """Draws, or says in one line why that was not possible."""
    try:
        return draw(document, fonts)
    except RecursionError:
        return PdfAnswer(problem="the document is nested too deeply")
    except MemoryError:
        return PdfAnswer(problem="the document needs more memory than a report may use")
    except PermissionError as error:
        return PdfAnswer(problem=str(error))


def confine(limits: PdfLimits) -> None:
    """Gives up what drawing does not need: memory beyond the limit, large files, core dumps, an orphan's life."""
    space = limits.address_space_mib * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * _MIB, 16 * _MIB))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    sys.addaudithook(_refuse_reaching_out)


def _refuse_reaching_out(event: str, arguments: tuple[Any, ...]) -> None:
    """Second wall behind the fetcher: Python code in this process neither calls out nor opens foreign files."""
    if event in _FORBIDDEN_EVENTS:
        raise PermissionError(f"the PDF process may not do this: {event}")
    if event == "open" and isinstance(arguments[0], str | bytes):
        path, mode = os.fsdecode(arguments[0]), arguments[1] or "r"
        if set(mode) & set("wax+") or not os.path.realpath(path).startswith(_READABLE):
            raise PermissionError(f"the PDF process may not open {path}")


def _allow_processor_time(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def serve(requests: BinaryIO, answers: BinaryIO, limits: PdfLimits) -> None:
    """Answers documents one after the other until the other side closes the pipe.

    Garbage is collected between documents, when nobody waits: a tenth of the time of each.
    """
    fonts = FontConfiguration()
    decoder = msgspec.msgpack.Decoder(PdfDocument)
    gc.freeze()
    gc.disable()
    while (body := read_body(requests)) is not None:
        _allow_processor_time(limits.cpu_seconds)
        answers.write(framed(answer(decoder.decode(body), fonts)))
        answers.flush()
        gc.collect()


def main() -> int:
    """Takes standard input and output for itself, so that no library can disturb the conversation."""
    limits = msgspec.json.decode(sys.argv[1], type=PdfLimits)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        require_parts()
    except PdfPartMissingError as error:
        sys.stderr.write(f"{error}\n")
        return error.EXIT_CODE
    confine(limits)
    serve(sys.stdin.buffer, answers, limits)
    return 0


if __name__ == "__main__":
    sys.exit(main())
