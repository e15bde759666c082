"""What can go wrong with an upload."""

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
