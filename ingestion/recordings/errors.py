"""What can go wrong with an upload or an archived recording."""

from hengjian.ingestion.recordings.domain.refusal_texts import REFUSAL_TEXTS
from hengjian.ingestion.recordings.domain.upload_texts import UPLOAD_TEXTS


class UploadRefusedError(RuntimeError):
    """An upload or a part of it is not taken; the code has words in two languages."""

    def __init__(self, code: str, **facts: object) -> None:
        text = UPLOAD_TEXTS[code]
        self.code = code
        self.status = text.status
        self.facts = facts
        self.zh = text.zh.format(**facts)
        self.en = text.en.format(**facts)
        super().__init__(self.en)


class RecordingRefusedError(RuntimeError):
    """Something cannot be done with a recording or for a task; the code has words in two languages."""

    def __init__(self, code: str, **facts: object) -> None:
        zh, en = REFUSAL_TEXTS[code]
        self.code = code
        self.zh = zh.format(**facts)
        self.en = en.format(**facts)
        super().__init__(self.en)
