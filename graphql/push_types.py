"""The receipt of a push, as the API shows it."""

import base64
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info
from hengjian.ingestion.api import (
    PUSH_TEXTS,
    BatchMode,
    BatchState,
    Problem,
    PushAnswer,
    PushError,
    Receipt,
    ReportMode,
    RowResult,
    RowStatus,
)
from hengjian.platform.log.find import Evidence, promise_of
from hengjian.platform.log.signer_link import SignerLink
from hengjian.tenants.api import ISSUE_TEXTS, IssueKind

strawberry.enum(BatchMode, description="Whether rows stand alone or fall together.")
strawberry.enum(ReportMode, description="Which rows the answer lists: those with problems, or all.")
strawberry.enum(RowStatus, description="What became of one row.")
strawberry.enum(BatchState, description="What became of a batch.")
strawberry.enum(IssueKind, name="ProblemKind", description="The family of a problem.")


@strawberry.type(name="RowProblem", description="One problem of one row.")
class RowProblemType:
    """One problem of one row, in words of both languages."""

    path: list[str] = strawberry.field(description="From `input` to the field, e.g. input, rows, 16, identityNumber.")
    code: str = strawberry.field(description="Stable code; docs/api/error-codes.md lists them all.")
    kind: IssueKind
    warning: bool = strawberry.field(description="A warning is told; the row is kept.")
    message_zh: str
    message_en: str
    hint_zh: str = strawberry.field(description="What to do, in Chinese.")
    hint_en: str = strawberry.field(description="What to do, in English.")
    expected: str
    got: str


@strawberry.type(name="RowResult", description="What became of one row, by its place in the batch (from 0).")
class RowResultType:
    """One row of an answer."""

    index: int
    source_ref: str
    status: RowStatus
    problems: list[RowProblemType]


@strawberry.type(name="SequenceGap", description="Numbers that a stream still lacks, both ends included.")
class SequenceGapType:
    """A gap in a stream."""

    first: int
    last: int


@strawberry.type(description="A receipt's place in the evidence log; docs/evidence-log.md tells how to verify it.")
class ReceiptEvidence:
    """The log's promise, and what keeps it once the leaf is in a signed tree."""

    leaf: str = strawberry.field(description="Canonical JSON; SHA-256 over a zero byte and it is the leaf's hash.")
    promise: str | None = strawberry.field(
        description="Signed note: this leaf, received then, will be in the tree. Null while the signer is away: ask again."
    )
    leaf_index: int | None = strawberry.field(description="From 0; null until it is numbered.")
    inclusion_proof: list[str] | None = strawberry.field(
        description="Hashes (base64) from the leaf up to the checkpoint's root, RFC 6962; null until it is signed."
    )
    checkpoint: str | None = strawberry.field(description="The first signed checkpoint (C2SP note) that covers it.")


@strawberry.type(name="Receipt", description="What the sender may rely on; kept for good.")
class ReceiptType:
    """The receipt of one batch."""

    id: strawberry.ID
    kind: str
    stream: str
    sequence: int | None
    idempotency_key: str | None = strawberry.field(
        description="Null when the whole batch was refused: its key is free."
    )
    state: BatchState
    received_at: datetime
    sent: int
    accepted: int = strawberry.field(description="Rows kept, those with warnings included.")
    accepted_with_warnings: int
    refused: int
    corrects: strawberry.ID | None
    replayed: bool = strawberry.field(description="The same batch came before; this is its receipt.")
    dry_run: bool
    expected_next: int | None = strawberry.field(description="The next sequence number of the stream.")
    missing: list[SequenceGapType]
    kept: strawberry.Private[Sequence[RowResult]]

    @strawberry.field(description="Rows with problems.")
    def rows(self) -> list[RowResultType]:
        """Put into words only when they are asked for."""
        return [_row(row) for row in self.kept]

    @strawberry.field(description="What proves this receipt later, without trust in the server; null for a dry run.")
    async def evidence(self, info: Info) -> ReceiptEvidence | None:
        """The promise at once, place and proof within seconds."""
        found = None if self.dry_run else await info.context.evidence.load(UUID(self.id))
        return None if found is None else await _evidence(found, info.context.means.signer)


@strawberry.type(name="PushError", description="Why a push as a whole was not taken.")
class PushErrorType:
    """One reason for which there is no receipt."""

    path: list[str]
    code: str
    message_zh: str
    message_en: str
    hint_zh: str
    hint_en: str
    retryable: bool


@strawberry.type(name="PushPayload", description="The answer to a push.")
class PushPayloadType:
    """Receipt, listed rows, and reasons of refusal."""

    receipt: ReceiptType | None
    listed: strawberry.Private[Sequence[RowResult]]

    @strawberry.field(description="Rows with problems, or all when `report` is ALL.")
    def rows(self) -> list[RowResultType]:
        """Put into words only when they are asked for."""
        return [_row(row) for row in self.listed]

    user_errors: list[PushErrorType]


def payload(answer: PushAnswer) -> PushPayloadType:
    """The answer in the API's types."""
    return PushPayloadType(
        receipt=receipt_type(answer.receipt) if answer.receipt else None,
        listed=answer.rows,
        user_errors=[_error(error) for error in answer.errors],
    )


def receipt_type(receipt: Receipt) -> ReceiptType:
    """A receipt in the API's types."""
    return ReceiptType(
        id=strawberry.ID(str(receipt.id)),
        kind=receipt.kind,
        stream=receipt.stream,
        sequence=receipt.sequence,
        idempotency_key=receipt.idempotency_key,
        state=receipt.state,
        received_at=receipt.received_at,
        sent=receipt.sent,
        accepted=receipt.accepted,
        accepted_with_warnings=receipt.warned,
        refused=receipt.refused,
        corrects=strawberry.ID(str(receipt.corrects)) if receipt.corrects else None,
        replayed=receipt.replayed,
        dry_run=receipt.dry_run,
        expected_next=receipt.expected_next,
        missing=[SequenceGapType(first=low, last=high) for low, high in receipt.missing],
        kept=receipt.rows,
    )


async def _evidence(found: Evidence, signer: SignerLink) -> ReceiptEvidence:
    signed = found.checkpoint
    return ReceiptEvidence(
        leaf=found.body,
        promise=await promise_of(signer, found.body),
        leaf_index=found.index,
        inclusion_proof=[base64.b64encode(step).decode() for step in found.path] if signed else None,
        checkpoint=signed.note if signed else None,
    )


def _row(row: RowResult) -> RowResultType:
    return RowResultType(
        index=row.index,
        source_ref=row.source_ref,
        status=row.status,
        problems=[_problem(problem) for problem in row.problems],
    )


def _problem(problem: Problem) -> RowProblemType:
    text = ISSUE_TEXTS[problem.code]
    facts = {"expected": problem.expected, "got": problem.got}
    return RowProblemType(
        path=list(problem.path),
        code=problem.code,
        kind=text.kind,
        warning=problem.warning,
        message_zh=text.zh.format(**facts),
        message_en=text.en.format(**facts),
        hint_zh=text.hint_zh,
        hint_en=text.hint_en,
        expected=problem.expected,
        got=problem.got,
    )


def _error(error: PushError) -> PushErrorType:
    text = PUSH_TEXTS[error.code]
    return PushErrorType(
        path=list(error.path),
        code=error.code,
        message_zh=text.zh.format(**error.facts),
        message_en=text.en.format(**error.facts),
        hint_zh=text.hint_zh,
        hint_en=text.hint_en,
        retryable=error.retryable,
    )
