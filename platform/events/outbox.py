"""Events: emitted inside the transaction that makes them true, delivered at least once as jobs."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as insert_new

from hengjian.platform.db import Caller, Database, Session, sql
from hengjian.platform.events.tables import event_seen
from hengjian.platform.ids import uuid7
from hengjian.platform.jobs.queue import enqueue

DISPATCHER = Caller(kind="job", actor="dispatcher")
_BATCH = 200
_EMIT = "insert into outbox (id, name, payload) values ($1, $2, $3::jsonb)"
_WAITING = sql("""
    select id, name, payload from outbox where dispatched_at is null
    order by id limit :batch for update skip locked
""")
_DISPATCHED = sql("update outbox set dispatched_at = now() where id = any(:ids)")


@dataclass(frozen=True)
class Subscription:
    """A job that wants to hear of an event.

    Without `coalesce` each event becomes a job of its own, whose payload is the event's with `event_id` added. With
    it, events that agree in these payload keys become one job while it waits, and the payload is those keys alone:
    the job looks up for itself what has changed. `only` leaves out events whose payload says something else.
    """

    event: str
    job: str
    coalesce: tuple[str, ...] = ()
    only: Mapping[str, Collection[str]] = field(default_factory=dict)

    def hears(self, event: str, payload: Mapping[str, Any]) -> bool:
        """Whether an event is for this job."""
        return event == self.event and all(payload.get(key) in values for key, values in self.only.items())


async def emit(session: Session, event: str, payload: Mapping[str, Any]) -> None:
    """Say that something is true as soon as this transaction commits; nobody hears of it when it doesn't.

    The payload holds ids, counts and dates as JSON has them; neither secrets nor personal data.
    """
    await session.fetch_raw(_EMIT, uuid7(), event, json.dumps(dict(payload)))


async def dispatch(database: Database, subscriptions: Iterable[Subscription]) -> int:
    """Turn waiting events into the jobs of their subscribers; how many events.

    Job and mark are one transaction: an event becomes its jobs exactly once, and the jobs run at least once. Several
    dispatchers share the work. No order is promised.
    """
    wanted = list(subscriptions)
    async with database.write(DISPATCHER) as session:
        events = await session.all(_WAITING, {"batch": _BATCH})
        for event in events:
            for subscription in wanted:
                if subscription.hears(event.name, event.payload):
                    await _deliver(session, subscription, event.id, event.payload)
        if events:
            await session.run(_DISPATCHED, {"ids": [event.id for event in events]})
    return len(events)


async def first_delivery(session: Session, *, consumer: str, event_id: UUID) -> bool:
    """Whether this consumer meets the event for the first time; asked in the transaction of its work.

    For consumers whose work isn't harmless when repeated.
    """
    seen = insert_new(event_seen).values(consumer=consumer, event_id=event_id)
    return await session.run(seen.on_conflict_do_nothing()) == 1


async def _deliver(session: Session, wanted: Subscription, event_id: UUID, payload: Mapping[str, Any]) -> None:
    if not wanted.coalesce:
        await enqueue(session, wanted.job, payload={**payload, "event_id": str(event_id)})
        return
    shared = {key: payload.get(key) for key in wanted.coalesce}
    await enqueue(session, wanted.job, payload=shared, dedupe="|".join(str(value) for value in shared.values()))
