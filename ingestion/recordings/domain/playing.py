"""How a browser may be given a recording, by what was found inside it and never by what its sender calls it."""

from dataclasses import dataclass

DOWNLOAD_ONLY = "application/octet-stream"
_PLAYED = {
    "mp4": ("video/mp4", frozenset({"h264"})),
    # By their own names and by those of the decoders that read them.
    "matroska": ("video/webm", frozenset({"vp8", "vp9", "av1", "libvpx", "libvpx-vp9", "libdav1d", "libaom-av1"})),
}


def media_type(container: str | None, codec: str | None) -> str | None:
    """The type under which browsers play it as it is; None when they cannot.

    >>> media_type("mp4", "h264"), media_type("mp4", "hevc"), media_type(None, None)
    ('video/mp4', None, None)
    """
    if container not in _PLAYED:
        return None
    name, codecs = _PLAYED[container]
    return name if codec in codecs else None


@dataclass(frozen=True, slots=True)
class Piece:
    """Octets `first` to `last`, both included (RFC 9110)."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many octets."""
        return self.last - self.first + 1


class UnsatisfiableRangeError(ValueError):
    """Nothing of what is asked for is there."""


def asked_piece(header: str | None, size: int) -> Piece | None:
    """The one range that a header `Range` asks for; None is the whole: no header, another unit or several ranges.

    >>> asked_piece("bytes=0-99", 50), asked_piece("bytes=-10", 50), asked_piece("bytes=1-2,4-5", 50)
    (Piece(first=0, last=49), Piece(first=40, last=49), None)

    Raises:
        UnsatisfiableRangeError: it begins at or behind the end.
    """
    unit, _, text = (header or "").partition("=")
    first, dash, last = text.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash or not _digits(first, last):
        return None
    if not first:
        if int(last) == 0 or size == 0:
            raise UnsatisfiableRangeError
        return Piece(max(0, size - int(last)), size - 1)
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise UnsatisfiableRangeError
    return Piece(begin, end)


def _digits(first: str, last: str) -> bool:
    return bool(first or last) and all(not text or (text.isascii() and text.isdigit()) for text in (first, last))
