"""The two lists of what must be seen clearly in a recording (温环发〔2023〕5号 附件1 第五条; rules V-08 and V-09)."""

from collections.abc import Collection
from enum import StrEnum

from hengjian.ingestion.recordings.domain.about import Tag


class ContentList(StrEnum):
    """Which list: that of a sampling (第五条第二款) or that of a field test (第三款)."""

    SAMPLING = "SAMPLING"
    FIELD_TEST = "FIELD_TEST"


CONTENTS: dict[ContentList, tuple[Tag, ...]] = {
    ContentList.SAMPLING: (Tag.PERSON, Tag.EQUIPMENT_STATE, Tag.SAMPLE_CHARACTER, Tag.SEALING, Tag.LABELLING),
    ContentList.FIELD_TEST: (Tag.PERSON, Tag.POINT, Tag.CALIBRATION, Tag.RESULT, Tag.RAW_RECORD),
}
_ONLY_FIELD_TEST = frozenset({Tag.POINT, Tag.CALIBRATION, Tag.RAW_RECORD})


def list_for(tags: Collection[str], *, field_test: bool) -> ContentList:
    """The list that a recording on site answers: that of field tests when the task has no other, or its tags say so.

    >>> list_for(["PERSON", "CALIBRATION"], field_test=False)
    <ContentList.FIELD_TEST: 'FIELD_TEST'>
    """
    return ContentList.FIELD_TEST if field_test or _ONLY_FIELD_TEST & set(tags) else ContentList.SAMPLING
