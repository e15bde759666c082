"""What arrived in a stretch of time: the batches of one organization, and how active each one of a region was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hengjian.platform.db import ReadSession, sql

MOST_BATCHES = 20_000
"""Batches read for one organization and period; a report prints fewer and counts these."""

_BATCHES = sql("""
    select id, kind, stream, sequence, state, received_at, sent, accepted, warned, refused
      from push_batch
     where tenant_id = :tenant and received_at >= :since and received_at < :until
     order by received_at, id limit :most
""")
_ACTIVITY = sql("""
    select o.id, coalesce(b.batches, 0) as batches, coalesce(b.refused, 0) as refused, l.received_at as last
      from unnest(cast(:tenants as uuid[])) as o (id)
     cross join lateral (select received_at from push_batch p where p.tenant_id = o.id and p.received_at < :until
            order by p.received_at desc limit 1) l
      left join (select tenant_id, count(*) as batches, sum(refused) as refused from push_batch
            where received_at >= :since and received_at < :until group by tenant_id) b on b.tenant_id = o.id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBatch:
    """One batch, in rows. `accepted` counts those with warnings too."""

    id: UUID
    kind: str
    stream: str
    sequence: int | None
    state: str
    received_at: datetime
    sent: int
    accepted: int
    warned: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PushActivity:
    """How an organization pushed: batches and refused rows in the period, and its last batch before the period's end."""

    batches: int
    refused: int
    last: datetime


async def batches_between(
    session: ReadSession, tenant_id: UUID, *, since: datetime, until: datetime
) -> tuple[MonthBatch, ...]:
    """An organization's batches received from `since` until before `until`, in the order of their coming."""
    values = {"tenant": tenant_id, "since": since, "until": until, "most": MOST_BATCHES}
    return tuple(MonthBatch(**row._asdict()) for row in await session.all(_BATCHES, values))


async def push_activity(
    session: ReadSession, tenants: Iterable[UUID], *, since: datetime, until: datetime
) -> dict[UUID, PushActivity]:
    """The activity of each of these organizations that the caller sees; who never pushed is not in it."""
    rows = await session.all(_ACTIVITY, {"tenants": sorted(set(tenants)), "since": since, "until": until})
    return {row.id: PushActivity(batches=row.batches, refused=int(row.refused), last=row.last) for row in rows}
