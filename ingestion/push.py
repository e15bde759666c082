"""Take one push: check its rows, write them once, and answer a receipt."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import DBAPIError

from hengjian.ingestion.check_rows import CheckedRows, add_unknown_references, check_rows, refuse_the_rest
from hengjian.ingestion.custody.check_events import check_events
from hengjian.ingestion.domain.receipts import (
    LARGEST_BATCH,
    BatchMode,
    BatchState,
    Push,
    PushAnswer,
    PushError,
    Receipt,
    ReportMode,
    RowResult,
    RowStatus,
    state_of,
)
from hengjian.ingestion.domain.sequence import after, already_seen
from hengjian.ingestion.push_organizations import check_organizations, write_organizations
from hengjian.ingestion.store_batches import (
    LOCK_NOT_AVAILABLE,
    Batch,
    OpenStream,
    batch_exists,
    find_by_key,
    insert_batch,
    open_stream,
    save_stream,
)
from hengjian.platform import audit
from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import Leaf
from hengjian.tenants.api import Register, RegisterRow, RowsToWrite, Sealer, unknown_references, write_rows
from hengjian.tenants.errors import OrganizationExistsError

RowPush = Push[Any]
ORGANIZATIONS = "organizations"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRules:
    """What every push of this deployment is checked with."""

    sealer: Sealer
    regions: frozenset[str]


@dataclass(slots=True, kw_only=True)
class _Work:
    """One push on its way."""

    register: Register
    push: RowPush
    fingerprint: bytes
    stream: OpenStream
    client: str
    checked: CheckedRows
    batch_id: UUID = field(default_factory=uuid7)


async def push_rows(
    database: Database, caller: Caller, register: Register, push: RowPush, *, rules: PushRules, bounds_known: bool
) -> PushAnswer:
    """Take a push of an organization in one transaction; nothing is acknowledged before it is committed.

    The same key and content again gives the same receipt, marked as replayed. A batch refused as a whole is recorded
    and leaves its key and its sequence free.
    """
    refusal = _refusal(caller, register, push)
    if refusal is None:
        try:
            async with database.write(caller) as session:
                return await _take(session, register, push, rules=rules, bounds_known=bounds_known)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            refusal = PushError("IDEMPOTENCY_IN_PROGRESS", retryable=True)
        except OrganizationExistsError as error:
            refusal = PushError("ORGANIZATION_ELSEWHERE", ("input", "rows"), {"got": error.credit_code})
        except _RefusedError as error:
            refusal = error.reason
    detail = {"code": refusal.code, "sent": len(push.rows)}
    await audit.record_refusal(database, caller, f"push.{register.kind}", detail=detail)
    return PushAnswer(None, (refusal,))


class _RefusedError(Exception):
    """The push as a whole is not taken; the transaction is given up."""

    def __init__(self, reason: PushError) -> None:
        super().__init__(reason.code)
        self.reason = reason


def _refusal(caller: Caller, register: Register, push: RowPush) -> PushError | None:
    if caller.tenant_id is None or not (caller.kind == "member" or register.kind == ORGANIZATIONS):
        return PushError("ORGANIZATION_UNKNOWN", ())
    if not push.rows:
        return PushError("BATCH_EMPTY", ("input", "rows"))
    if len(push.rows) > LARGEST_BATCH:
        facts = {"got": str(len(push.rows)), "expected": str(LARGEST_BATCH)}
        return PushError("BATCH_TOO_LARGE", ("input", "rows"), facts)
    if not _short(push.idempotency_key):
        return PushError("IDEMPOTENCY_KEY_INVALID", ("input", "idempotencyKey"))
    if not _short(push.stream) or (push.sequence is not None and not 1 <= push.sequence <= 2_000_000_000):
        return PushError("STREAM_INVALID", ("input", "stream"))
    return None


def _short(text: str) -> bool:
    return 1 <= len(text) <= 255 and "\x00" not in text


def fingerprint(push: RowPush) -> bytes:
    """SHA-256 of the batch without its key: equal content, equal fingerprint."""
    content = (push.stream, push.sequence, push.mode, push.dry_run, push.corrects, push.rows)
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).digest()


async def _take(
    session: Session, register: Register, push: RowPush, *, rules: PushRules, bounds_known: bool
) -> PushAnswer:
    rows: Sequence[RegisterRow] = push.rows
    tenant_id = session.caller.tenant_id
    assert tenant_id is not None  # noqa: S101  # settled by _refusal
    mark = fingerprint(push)
    checked = check_rows(register, rows, regions=rules.regions, bounds_known=bounds_known)
    stream = await open_stream(session, register.kind, push.stream)
    client = session.caller.actor
    work = _Work(register=register, push=push, fingerprint=mark, stream=stream, client=client, checked=checked)
    known = await find_by_key(session, register.kind, client=client, key=push.idempotency_key)
    if known is not None and not push.dry_run:
        return _replay(known, work)
    await _refuse_misfits(session, work)
    if register.kind == ORGANIZATIONS:
        work.checked = checked = await check_organizations(session, rows, checked)
    if register.events:
        work.checked = checked = await check_events(session, register, rows, checked, tenant_id=tenant_id)
    unknown = await unknown_references(session, register, [rows[i] for i in checked.accepted], tenant_id)
    add_unknown_references(register, rows, checked, unknown)
    if push.mode is BatchMode.ALL_OR_NOTHING and checked.refused:
        work.checked = refuse_the_rest(rows, checked)
    receipt = _receipt(work)
    leaves = [] if push.dry_run else [await _store(session, work, receipt, rules.sealer)]
    outcome: audit.Outcome = "refused" if receipt.state is BatchState.REFUSED else "ok"
    detail = {"sent": receipt.sent, "accepted": receipt.accepted, "refused": receipt.refused, "dry_run": push.dry_run}
    target = str(receipt.id)
    await audit.record(session, f"push.{register.kind}", target=target, outcome=outcome, detail=detail, leaves=leaves)
    return PushAnswer(receipt, rows=_listed(work))


def _replay(known: Batch, work: _Work) -> PushAnswer:
    """The old receipt for the same content; a refusal for other content."""
    if known.fingerprint == work.fingerprint:
        receipt = msgspec.structs.replace(
            known.receipt,
            replayed=True,
            expected_next=work.stream.state.expected_next,
            missing=work.stream.state.missing,
        )
        return PushAnswer(receipt, rows=_listed(work, receipt.rows))
    facts = {"receipt": str(known.receipt.id), "at": known.receipt.received_at.isoformat(timespec="seconds")}
    raise _RefusedError(PushError("IDEMPOTENCY_KEY_REUSED", ("input", "idempotencyKey"), facts))


async def _refuse_misfits(session: Session, work: _Work) -> None:
    push, state = work.push, work.stream.state
    if push.sequence is not None and already_seen(state, push.sequence):
        facts = {"stream": push.stream, "got": str(push.sequence), "expected": str(state.expected_next)}
        raise _RefusedError(PushError("SEQUENCE_REUSED", ("input", "sequence"), facts))
    if push.corrects is not None and not await batch_exists(session, push.corrects):
        raise _RefusedError(PushError("CORRECTS_UNKNOWN", ("input", "corrects"), {"got": str(push.corrects)}))


def _receipt(work: _Work) -> Receipt:
    push, checked = work.push, work.checked
    sent, refused, warned = len(push.rows), checked.refused, checked.warned
    state = state_of(sent=sent, refused=refused, warned=warned)
    counted = push.sequence is not None and state is not BatchState.REFUSED and not push.dry_run
    seen = after(work.stream.state, push.sequence) if counted and push.sequence is not None else work.stream.state
    return Receipt(
        id=work.batch_id,
        kind=work.register.kind,
        stream=push.stream,
        sequence=push.sequence,
        idempotency_key=None if state is BatchState.REFUSED else push.idempotency_key,
        state=state,
        received_at=work.stream.now,
        sent=sent,
        accepted=sent - refused,
        warned=warned,
        refused=refused,
        rows=tuple(checked.results[index] for index in sorted(checked.results)),
        corrects=push.corrects,
        dry_run=push.dry_run,
        expected_next=seen.expected_next,
        missing=seen.missing,
    )


async def _store(session: Session, work: _Work, receipt: Receipt, sealer: Sealer) -> Leaf:
    """Keep batch, rows and stream, and tell the news; the batch's leaf, which is queued with the audit."""
    batch = Batch(receipt, work.fingerprint, work.client, work.push.mode)
    leaf = await insert_batch(session, work.stream.region, batch)
    new = [index for index in work.checked.accepted if index not in work.checked.known]
    if not work.checked.accepted:
        return leaf
    now: datetime = work.stream.now
    tenant_id = session.caller.tenant_id
    assert tenant_id is not None  # noqa: S101  # settled by _refusal
    accepted = RowsToWrite(
        tenant_id=tenant_id,
        region=work.stream.region,
        batch_id=receipt.id,
        recorded_at=now,
        indexes=new,
        rows=[work.push.rows[index] for index in new],
    )
    touched = [tenant_id]
    if work.register.kind == ORGANIZATIONS:
        touched = await write_organizations(session, work.register, accepted, sealer=sealer)
    elif new:
        await write_rows(session, work.register, accepted, sealer=sealer)
    if receipt.sequence is not None:
        seen = after(work.stream.state, receipt.sequence)
        await save_stream(session, work.register.kind, work.push.stream, seen)
    for organization_id in touched:
        payload = {"tenant_id": str(organization_id), "kind": work.register.kind, "batch_id": str(receipt.id)}
        await emit(session, "push.accepted", payload)
    return leaf


def _listed(work: _Work, problems: tuple[RowResult, ...] | None = None) -> tuple[RowResult, ...]:
    """The rows that the answer lists: those with problems, or all when the sender asks so."""
    told = problems if problems is not None else tuple(work.checked.results[i] for i in sorted(work.checked.results))
    if work.push.report is ReportMode.PROBLEMS:
        return told
    by_index = {result.index: result for result in told}
    return tuple(
        by_index.get(index) or RowResult(index, row.source_ref, RowStatus.ACCEPTED)
        for index, row in enumerate(work.push.rows)
    )
