"""Batches, receipts and streams in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hengjian.ingestion.domain.receipts import BatchMode, BatchState, Receipt, RowResult
from hengjian.ingestion.domain.sequence import StreamState
from hengjian.ingestion.tables import push_batch
from hengjian.platform.db import ReadSession, Session
from hengjian.platform.log import Leaf, leaf_of_row

LOCK_NOT_AVAILABLE = "55P03"

_ROWS = msgspec.json.Decoder(tuple[RowResult, ...])
_GAPS = msgspec.json.Decoder(tuple[tuple[int, int], ...])

# The lock makes pushes of one kind follow each other, so that the time of record rises with the order of commits.
_OPEN_STREAM = """
with turn as materialized (select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::text, 0)))
insert into push_stream (tenant_id, region, kind, stream, highest, missing, touched_at, pushes)
select o.id, o.region, $2, $3, 0, '[]', now(), 1 from organization o, turn where o.id = $1
on conflict (tenant_id, kind, stream) do update
    set touched_at = excluded.touched_at, pushes = push_stream.pushes + 1
returning region, highest, missing::text, clock_timestamp() as now"""

# In the order of ids, so that two bureaus never wait for each other.
_TAKE_TURNS = """
with ids as materialized (select id from unnest($1::uuid[]) as i(id) order by id),
turns as materialized (select pg_advisory_xact_lock(hashtextextended(id::text || $2::text, 0)) from ids)
select count(*), clock_timestamp() as now from turns"""

_SAVE_STREAM = """
update push_stream set highest = $4, missing = $5::jsonb where tenant_id = $1 and kind = $2 and stream = $3"""

_BATCH_COLUMNS = """id, kind, stream, sequence, client, idempotency_key, fingerprint, mode, state, received_at,
    sent, accepted, warned, refused, rows::text as rows, corrects"""

_FIND_BY_KEY = f"""
select {_BATCH_COLUMNS} from push_batch
where tenant_id = $1 and client = $2 and kind = $3 and idempotency_key = $4"""

_INSERT_BATCH = """
insert into push_batch (tenant_id, region, id, kind, stream, sequence, client, idempotency_key, fingerprint, mode,
    state, received_at, sent, accepted, warned, refused, rows, corrects, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::jsonb, $18, $19)"""


@dataclass(frozen=True, slots=True)
class OpenStream:
    """A stream held until the end of the transaction, with the region of its organization and the time of record."""

    region: str
    state: StreamState
    now: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """A stored batch."""

    receipt: Receipt
    fingerprint: bytes
    client: str
    mode: BatchMode


async def open_stream(session: Session, kind: str, stream: str) -> OpenStream:
    """Wait for the turn of this kind, and read what the stream has seen.

    Raises:
        DBAPIError: with SQLSTATE 55P03 when the turn doesn't come in time.
    """
    rows = await session.fetch_raw(_OPEN_STREAM, session.caller.tenant_id, kind, stream)
    row = rows[0]
    return OpenStream(row["region"], StreamState(row["highest"], _GAPS.decode(row["missing"])), row["now"])


async def take_turns(session: Session, kind: str, organizations: Sequence[UUID]) -> datetime:
    """Wait for the turn of several organizations' own pushes of a kind; the time of record of what follows.

    Raises:
        DBAPIError: with SQLSTATE 55P03 when a turn doesn't come in time.
    """
    now: datetime = (await session.fetch_raw(_TAKE_TURNS, list(organizations), kind))[0]["now"]
    return now


async def save_stream(session: Session, kind: str, stream: str, state: StreamState) -> None:
    """Keep what the stream has seen."""
    missing = msgspec.json.encode(state.missing).decode()
    await session.fetch_raw(_SAVE_STREAM, session.caller.tenant_id, kind, stream, state.highest, missing)


async def find_by_key(session: ReadSession, kind: str, *, client: str, key: str) -> Batch | None:
    """The batch that used an idempotency key, or None while the key is free."""
    rows = await session.fetch_raw(_FIND_BY_KEY, session.caller.tenant_id, client, kind, key)
    return _batch(rows[0]) if rows else None


async def batch_exists(session: ReadSession, batch_id: UUID) -> bool:
    """Whether the caller's organization has this receipt."""
    statement = "select 1 from push_batch where tenant_id = $1 and id = $2"
    return bool(await session.fetch_raw(statement, session.caller.tenant_id, batch_id))


async def insert_batch(session: Session, region: str, batch: Batch) -> Leaf:
    """Keep a batch and its receipt for good; its leaf of the evidence log, to be queued in this transaction."""
    receipt = batch.receipt
    rows = msgspec.json.encode(receipt.rows)
    values: dict[str, Any] = {
        "tenant_id": session.caller.tenant_id,
        "region": region,
        "id": receipt.id,
        "kind": receipt.kind,
        "stream": receipt.stream,
        "sequence": None if receipt.state is BatchState.REFUSED else receipt.sequence,
        "client": batch.client,
        "idempotency_key": receipt.idempotency_key,
        "fingerprint": batch.fingerprint,
        "mode": batch.mode,
        "state": receipt.state,
        "received_at": receipt.received_at,
        "sent": receipt.sent,
        "accepted": receipt.accepted,
        "warned": receipt.warned,
        "refused": receipt.refused,
        "rows": rows.decode(),
        "corrects": receipt.corrects,
        "request_id": session.caller.request_id,
    }
    await session.fetch_raw(_INSERT_BATCH, *values.values())
    facts = {name: values[name] for name in ("kind", "state", "sent", "accepted", "refused")}
    return leaf_of_row(push_batch, values | {"rows": msgspec.json.decode(rows)}, facts=facts)


def _batch(row: Any) -> Batch:
    receipt = Receipt(
        id=row["id"],
        kind=row["kind"],
        stream=row["stream"],
        sequence=row["sequence"],
        idempotency_key=row["idempotency_key"],
        state=BatchState(row["state"]),
        received_at=row["received_at"],
        sent=row["sent"],
        accepted=row["accepted"],
        warned=row["warned"],
        refused=row["refused"],
        rows=_ROWS.decode(row["rows"]),
        corrects=row["corrects"],
    )
    return Batch(receipt, row["fingerprint"], row["client"], BatchMode(row["mode"]))


async def get_receipt(session: ReadSession, receipt_id: UUID) -> Receipt | None:
    """A receipt that the caller may see, by its id."""
    statement = f"select {_BATCH_COLUMNS} from push_batch where id = $1 and tenant_id = coalesce($2, tenant_id)"
    rows = await session.fetch_raw(statement, receipt_id, session.caller.tenant_id)
    return _batch(rows[0]).receipt if rows else None


async def list_receipts(
    session: ReadSession,
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
    kind: str | None = None,
    tenant_id: UUID | None = None,
    with_rows: bool = True,
) -> list[Receipt]:
    """Receipts of one organization, the newest first.

    Args:
        session: of the organization itself, or of a bureau.
        limit: how many.
        before: time and id of the last one on the page before.
        kind: only this kind.
        tenant_id: the organization, when the caller is a bureau.
        with_rows: whether their rows are read too; they may be 5,000 a receipt.
    """
    columns = _BATCH_COLUMNS if with_rows else _BATCH_COLUMNS.replace("rows::text as rows", "'[]' as rows")
    statement = f"""
select {columns} from push_batch
where tenant_id = $1 and ($2::text is null or kind = $2)
  and ($3::timestamptz is null or (received_at, id) < ($3, $4::uuid))
order by received_at desc, id desc limit $5"""
    at, last = before or (None, None)
    rows = await session.fetch_raw(statement, tenant_id or session.caller.tenant_id, kind, at, last, limit)
    return [_batch(row).receipt for row in rows]


async def stream_state(session: ReadSession, kind: str, stream: str) -> StreamState:
    """What a stream of the caller's organization has seen."""
    statement = (
        "select highest, missing::text as missing from push_stream where tenant_id = $1 and kind = $2 and stream = $3"
    )
    rows = await session.fetch_raw(statement, session.caller.tenant_id, kind, stream)
    return StreamState(rows[0]["highest"], _GAPS.decode(rows[0]["missing"])) if rows else StreamState()
