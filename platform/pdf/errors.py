from typing import Self


class PdfError(RuntimeError):
    """A document could not be made; nothing of it was kept."""

    code = "PDF_FAILED"


class PdfPartMissingError(PdfError):
    """A library or font that the renderer needs is not on this machine."""

    code = "PDF_PART_MISSING"

    EXIT_CODE = 3
    """What the drawing process ends with when it misses something."""

    @classmethod
    def of(cls, part: str, package: str) -> Self:
        """Which part, and the Debian package that brings it."""
        return cls(f"{part} is missing: install it (Debian: apt-get install {package}) and start again")


class PdfTimedOutError(PdfError):
    """The document took longer than its limit; the process that drew it was ended."""

    code = "PDF_TIMED_OUT"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the document was not ready after {seconds:g} s; its process was ended")


class PdfProcessLostError(PdfError):
    """The drawing process ended in the middle of a document (memory or processor limit, or a crash in a library)."""

    code = "PDF_PROCESS_LOST"

    def __init__(self, exit_code: int | None, said: str) -> None:
        self.exit_code = exit_code
        super().__init__(f"the drawing process ended (exit code {exit_code}): {said or 'it said nothing'}")


class PdfRefusedError(PdfError):
    """The document cannot be laid out as it stands (nested too deeply, or larger than the memory limit)."""

    code = "PDF_REFUSED"
