"""What a sender tells of a recording (温环发〔2023〕5号 附件1; form fields D7), checked before a byte is taken."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

import msgspec

from hengjian.ingestion.recordings.domain.coverage import Stage

LONGEST = timedelta(hours=12)
_FIRST_YEAR = 2000
_CONTROLS = {chr(code) for code in range(32) if chr(code) not in "\n\t"} | {"\x7f"}

Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Degrees = Annotated[str, msgspec.Meta(pattern=r"^-?\d{1,3}(\.\d{1,9})?$")]


class Node(StrEnum):
    """What of the action a recording shows."""

    WHOLE = "WHOLE"
    START = "START"
    END = "END"
    KEY_STEP = "KEY_STEP"


class Purpose(StrEnum):
    """What a recording is to prove, where its stage alone does not say it (第五至八条, 附件2 第八条)."""

    LANDMARK = "LANDMARK"
    REPRINT = "REPRINT"
    ACID = "ACID"
    COLD = "COLD"
    DARK = "DARK"
    SHOCKPROOF = "SHOCKPROOF"
    COLLECT = "COLLECT"
    OPEN = "OPEN"
    LOAD = "LOAD"
    WEIGH = "WEIGH"
    TITRATE = "TITRATE"
    PHOTOMETRY = "PHOTOMETRY"
    RESULT = "RESULT"


class Tag(StrEnum):
    """What can be seen clearly (第五条): the two lists of five, and what other stages ask for."""

    PERSON = "PERSON"
    EQUIPMENT_STATE = "EQUIPMENT_STATE"
    SAMPLE_CHARACTER = "SAMPLE_CHARACTER"
    SEALING = "SEALING"
    LABELLING = "LABELLING"
    POINT = "POINT"
    CALIBRATION = "CALIBRATION"
    RESULT = "RESULT"
    RAW_RECORD = "RAW_RECORD"


class Secrecy(StrEnum):
    """Who may look (第十条)."""

    NORMAL = "NORMAL"
    PERSONAL = "PERSONAL"
    COMMERCIAL = "COMMERCIAL"
    STATE = "STATE"


class About(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A recording as its sender describes it; times are those of the recording device."""

    recording_no: Ref
    stage: Stage
    node: Node
    device_id: Ref
    started_at: Moment
    ended_at: Moment
    completed_at: Moment
    task_ref: Ref | None = None
    label_ids: Annotated[list[Ref], msgspec.Meta(max_length=100)] = []
    purpose: Purpose | None = None
    person_refs: Annotated[list[Ref], msgspec.Meta(max_length=50)] = []
    tags: list[Tag] = []
    note: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    custodian_ref: Ref | None = None
    longitude: Degrees | None = None
    latitude: Degrees | None = None
    secrecy: Secrecy = Secrecy.NORMAL

    @classmethod
    def read(cls, content: bytes) -> Self:
        """From JSON.

        Raises:
            msgspec.ValidationError: a field is missing, unknown or of another kind; the text tells its path.
            msgspec.DecodeError: it is no JSON.
        """
        return msgspec.json.decode(content, type=cls)


def faults(about: About, *, now: datetime) -> Iterator[tuple[str, str]]:
    """What is wrong with a description, as field and code; nothing when it can be taken.

    A clock that is off is no fault here: both clocks are kept and compared later.
    """
    if not about.started_at < about.ended_at <= about.completed_at:
        yield "endedAt", "TIMES_NOT_IN_ORDER"
    elif about.ended_at - about.started_at > LONGEST:
        yield "endedAt", "RECORDING_TOO_LONG"
    if about.started_at.year < _FIRST_YEAR:
        yield "startedAt", "TIME_TOO_EARLY"
    if about.started_at > now + timedelta(days=1):
        yield "startedAt", "TIME_IN_FUTURE"
    elif about.completed_at > now + timedelta(days=1):
        yield "completedAt", "TIME_IN_FUTURE"
    if (about.longitude is None) != (about.latitude is None):
        yield "longitude", "POSITION_INCOMPLETE"
    refs = (about.recording_no, about.device_id, about.task_ref, about.custodian_ref, *about.person_refs)
    if any(_CONTROLS & set(text or "") for text in (about.note, *refs)):
        yield "note", "CONTROL_CHARACTER"
