"""A push and its receipt: what was sent, what became of each row, what the sender should do."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec

from hengjian.ingestion.domain.sequence import Gap

LARGEST_BATCH = 5_000

RowT = TypeVar("RowT")
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class BatchMode(StrEnum):
    """Whether rows stand alone or fall together."""

    ROW_BY_ROW = "ROW_BY_ROW"
    ALL_OR_NOTHING = "ALL_OR_NOTHING"


class ReportMode(StrEnum):
    """Which rows the answer lists: those with problems, or all."""

    PROBLEMS = "PROBLEMS"
    ALL = "ALL"


class RowStatus(StrEnum):
    """What became of one row."""

    ACCEPTED = "ACCEPTED"
    ACCEPTED_WITH_WARNINGS = "ACCEPTED_WITH_WARNINGS"
    REFUSED = "REFUSED"


class BatchState(StrEnum):
    """What became of a batch."""

    ACCEPTED = "ACCEPTED"
    ACCEPTED_WITH_WARNINGS = "ACCEPTED_WITH_WARNINGS"
    PARTLY_ACCEPTED = "PARTLY_ACCEPTED"
    REFUSED = "REFUSED"


class Push(msgspec.Struct, Generic[RowT], rename="camel", forbid_unknown_fields=True, kw_only=True):
    """One batch as sent. `sequence` counts the pushes of a stream from 1; absent means the stream is not counted."""

    idempotency_key: ShortText
    stream: ShortText = "default"
    sequence: Annotated[int, msgspec.Meta(ge=1, le=2_000_000_000)] | None = None
    mode: BatchMode = BatchMode.ROW_BY_ROW
    dry_run: bool = False
    report: ReportMode = ReportMode.PROBLEMS
    corrects: UUID | None = None
    rows: list[RowT]


class Problem(msgspec.Struct, frozen=True):
    """One problem of one row: facts only; the words are found by the code when somebody reads it."""

    path: tuple[str, ...]
    code: str
    warning: bool
    expected: str = ""
    got: str = ""


class RowResult(msgspec.Struct, frozen=True):
    """One row of a receipt, by its place in the batch (from 0) and the sender's own reference."""

    index: int
    source_ref: str
    status: RowStatus
    problems: tuple[Problem, ...] = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender may rely on. `rows` holds the rows with problems; the counts add up to what was sent."""

    id: UUID
    kind: str
    stream: str
    sequence: int | None
    idempotency_key: str | None
    state: BatchState
    received_at: datetime
    sent: int
    accepted: int
    warned: int
    refused: int
    rows: tuple[RowResult, ...]
    corrects: UUID | None = None
    replayed: bool = False
    dry_run: bool = False
    expected_next: int | None = None
    missing: tuple[Gap, ...] = ()


class PushError(msgspec.Struct, frozen=True):
    """Why a whole push was not taken; `facts` fill the words of its code."""

    code: str
    path: tuple[str, ...] = ("input",)
    facts: dict[str, str] = {}
    retryable: bool = False


class PushAnswer(msgspec.Struct, frozen=True):
    """A receipt, or the reasons why there is none."""

    receipt: Receipt | None
    errors: tuple[PushError, ...] = ()
    rows: tuple[RowResult, ...] = ()


def state_of(*, sent: int, refused: int, warned: int) -> BatchState:
    """The state of a batch from its counts."""
    if refused == sent:
        return BatchState.REFUSED
    if refused:
        return BatchState.PARTLY_ACCEPTED
    return BatchState.ACCEPTED_WITH_WARNINGS if warned else BatchState.ACCEPTED
