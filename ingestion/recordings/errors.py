"""What can go wrong with an upload or an archived recording."""

from http import HTTPStatus
from typing import ClassVar

from hengjian.ingestion.recordings.domain.refusal_texts import REFUSAL_TEXTS
from hengjian.ingestion.recordings.domain.upload_texts import UPLOAD_TEXTS
from hengjian.platform.errors import ToldError


class UploadRefusedError(ToldError):
    """An upload or a part of it is not taken; the code has words in two languages."""

    def __init__(self, code: str, **facts: object) -> None:
        text = UPLOAD_TEXTS[code]
        self.code = code
        self.status = text.status
        self.retryable = text.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.facts = facts
        self.zh = text.zh.format(**facts)
        self.en = text.en.format(**facts)
        super().__init__(self.en)


class ReviewRefusedError(ToldError):
    """What a reviewer wrote is not taken; the words say what to do."""

    _TEXTS: ClassVar = {
        "NOTE_MISSING": (
            "有内容没有看到时须写明情况，例如在第几秒、被什么挡住。请补写后再提交。",
            "Say what could not be seen, for example at which second and what hid it; then send it again.",
        ),
        "NOT_OPENED": (
            "只有看过的录像才能填写所见。请先登记调阅，看完后再提交。",
            "Only who looked can say what is seen. Open the recording first, look, then send it.",
        ),
        "NOTE_TOO_LONG": (
            "说明不能超过 2000 字。请写得短一些再提交。",
            "A note has at most 2,000 characters. Make it shorter and send it again.",
        ),
    }

    def __init__(self, code: str) -> None:
        self.code = code
        self.zh, self.en = self._TEXTS[code]
        super().__init__(self.en)


class RecordingRefusedError(ToldError):
    """Something cannot be done with a recording or for a task; the code has words in two languages."""

    def __init__(self, code: str, **facts: object) -> None:
        zh, en = REFUSAL_TEXTS[code]
        self.code = code
        self.zh = zh.format(**facts)
        self.en = en.format(**facts)
        super().__init__(self.en)
