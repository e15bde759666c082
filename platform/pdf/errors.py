from typing import Self

from hengjian.platform.errors import ToldError


class PdfError(ToldError):
    """A document could not be made; nothing of it was kept."""

    code = "PDF_FAILED"
    status = 503
    retryable = True
    zh = "文件没有生成，也没有保存任何内容。请几分钟后再试。"
    en = "The document was not made and nothing was kept. Try again in some minutes."


class PdfPartMissingError(PdfError):
    """A library or font that the renderer needs is not on this machine."""

    code = "PDF_PART_MISSING"
    retryable = False
    zh = "服务器缺少生成文件所需的字体或程序库。请联系管理员安装。"
    en = "The server lacks a library or font that documents need. Ask the administrator to install it."

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
    status = 422
    retryable = False
    zh = "内容过多或嵌套过深，无法排版成文件。请缩小范围后再试。"
    en = "There is too much in the document to lay it out. Ask for less and try again."
