"""Reading receipts: the batches of one organization, newest first, and one of them with its rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from hengjian.ingestion.domain.receipts import BatchState, RowResult
from hengjian.ingestion.domain.sequence import Gap
from hengjian.platform.db import ReadSession, sql

_ROWS = msgspec.json.Decoder(tuple[RowResult, ...])
_HEAD = """id, tenant_id, kind, stream, sequence, state, received_at, sent, accepted, warned, refused, fingerprint,
    idempotency_key"""
_LIST = sql(f"""
    select {_HEAD}, count(*) over () as total from push_batch where tenant_id = :tenant
    order by received_at desc, id desc limit :limit offset :offset
""")
_ONE = sql(f"select {_HEAD}, rows::text as rows from push_batch where id = :id and tenant_id = :tenant")
_GAPPED = sql("""
    select kind, stream, highest, missing::text as missing from push_stream
     where tenant_id = :tenant and missing <> '[]'::jsonb order by kind, stream
""")
_GAPS = msgspec.json.Decoder(tuple[Gap, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHead:
    """A batch without its rows. `accepted` counts the rows without remarks and those with warnings alike."""

    id: UUID
    kind: str
    stream: str
    sequence: int | None
    state: BatchState
    received_at: datetime
    sent: int
    accepted: int
    warned: int
    refused: int
    fingerprint: str
    idempotency_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GappedStream:
    """A stream that jumped: the numbers below `highest` that never came, both ends of each gap included."""

    kind: str
    stream: str
    highest: int
    missing: tuple[Gap, ...]


async def list_batches(
    session: ReadSession, tenant_id: UUID, *, limit: int, offset: int = 0
) -> tuple[tuple[BatchHead, ...], int]:
    """A page of an organization's batches, newest first, and how many there are in all."""
    rows = await session.all(_LIST, {"tenant": tenant_id, "limit": limit, "offset": offset})
    return tuple(_head(row) for row in rows), rows[0].total if rows else 0


async def read_batch(
    session: ReadSession, tenant_id: UUID, batch_id: UUID
) -> tuple[BatchHead, tuple[RowResult, ...]] | None:
    """One batch with the rows that had problems, or None when the caller sees none with this id."""
    row = await session.first(_ONE, {"tenant": tenant_id, "id": batch_id})
    return None if row is None else (_head(row), _ROWS.decode(row.rows))


async def gapped_streams(session: ReadSession, tenant_id: UUID) -> tuple[GappedStream, ...]:
    """The streams of an organization that lack numbers."""
    rows = await session.all(_GAPPED, {"tenant": tenant_id})
    return tuple(
        GappedStream(kind=row.kind, stream=row.stream, highest=row.highest, missing=_GAPS.decode(row.missing))
        for row in rows
    )


def _head(row: Row[Any]) -> BatchHead:
    return BatchHead(
        id=row.id,
        kind=row.kind,
        stream=row.stream,
        sequence=row.sequence,
        state=BatchState(row.state),
        received_at=row.received_at,
        sent=row.sent,
        accepted=row.accepted,
        warned=row.warned,
        refused=row.refused,
        fingerprint=bytes(row.fingerprint).hex(),
        idempotency_key=row.idempotency_key,
    )
