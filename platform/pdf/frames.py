"""What the two sides of the PDF process say to each other: length-prefixed msgpack over a pipe."""

import re
from typing import IO

import msgspec

LENGTH_BYTES = 4
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class PdfLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one document may cost before its process is ended."""

    wall_seconds: float = 60.0
    """Time by the clock, for one document."""
    cpu_seconds: int = 60
    """Processor time, for one document."""
    address_space_mib: int = 1024
    """Address space of the process, MiB."""
    idle_seconds: float = 60.0
    """How long a process without work is kept warm."""
    documents: int = 200
    """Documents after which the process is replaced, so that no leak grows for ever."""


class PdfDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document to draw: everything it needs is inside, nothing is fetched."""

    html: str
    css: str
    variant: str = "pdf/a-3u"
    """Archival form, WeasyPrint's name for it."""
    tagged: bool = True
    """Whether the structure is written for screen readers."""


class PdfAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The drawn document, or why there is none."""

    pdf: bytes = b""
    pages: int = 0
    peak_rss_kib: int = 0
    refused: list[str] = []
    """Addresses that the document asked for and did not get."""
    problem: str = ""
    """Empty when the document was drawn."""


def printable(text: str) -> str:
    """Takes out what paper cannot show and a reader could be deceived by: control characters, bidi overrides."""
    return _UNPRINTABLE.sub("", text)


def framed(message: msgspec.Struct) -> bytes:
    """One message with its length before it."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH_BYTES) + body


def read_body(stream: IO[bytes]) -> bytes | None:
    """The next message, or None when the other side has closed the pipe."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    size = int.from_bytes(head)
    body = stream.read(size)
    return body if len(body) == size else None
