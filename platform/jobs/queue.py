"""The queue: put work in, claim it, say how it ended.

A claim is a lease. Its holder renews it while it works; when the holder dies the lease runs out and somebody else
takes the job. So a job may run twice: every handler must bear that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.jobs.tables import job

_CLAIM = sql("""
    update job set state = 'running', attempts = attempts + 1, worker = :worker, due_at = now() + cast(:lease as interval)
    where id = (
        select id from job
        where state in ('waiting', 'running') and due_at <= now() and name = any(:names)
        order by due_at, id limit 1 for update skip locked)
    returning id, name, payload, attempts, worker
""")
_RENEW = sql(
    "update job set due_at = now() + cast(:lease as interval) where id = :id and worker = :worker and attempts = :attempt"
)
_FINISH = sql("""
    update job set state = 'done', finished_at = now(), last_error = ''
    where id = :id and worker = :worker and attempts = :attempt and state = 'running'
""")
_GIVE_UP = sql("""
    update job set state = 'failed', finished_at = now(), last_error = :error
    where id = :id and worker = :worker and attempts = :attempt and state = 'running'
""")
# Somebody may have asked for the same work again meanwhile: then theirs runs, this one is done with.
_PUT_BACK = sql("""
    update job set due_at = now() + cast(:pause as interval), last_error = :error,
        attempts = attempts - :forgiven,
        finished_at = case when twin.there then now() end,
        state = case when twin.there then 'superseded' else 'waiting' end
    from (
        select exists (
            select from job other join job mine on mine.id = :id
            where other.state = 'waiting' and other.name = mine.name and other.dedupe = mine.dedupe) as there) twin
    where id = :id and worker = :worker and attempts = :attempt and state = 'running'
""")


@dataclass(frozen=True)
class Claim:
    """A job in hand. `attempt` counts from 1; with the worker's name it proves that the claim still holds."""

    id: UUID
    name: str
    payload: Mapping[str, Any]
    attempt: int
    worker: str

    @property
    def proof(self) -> dict[str, Any]:
        """What every later statement about this claim must match."""
        return {"id": self.id, "worker": self.worker, "attempt": self.attempt}


async def enqueue(
    session: Session,
    name: str,
    *,
    payload: Mapping[str, Any],
    dedupe: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Put a job in, within the transaction that makes it necessary.

    While a job of this name with the same `dedupe` still waits, nothing is added: one run will see both changes. A
    job already running doesn't count, because it may have read before the change.
    """
    values: dict[str, Any] = {"id": uuid7(), "name": name, "payload": dict(payload), "dedupe": dedupe}
    if due_at is not None:
        values["due_at"] = due_at
    await session.run(insert(job).values(values).on_conflict_do_nothing())


async def enqueue_all(session: Session, name: str, payloads: Mapping[str, Mapping[str, Any]]) -> None:
    """Put in many jobs of one name, each under its own `dedupe`."""
    values = [
        {"id": uuid7(), "name": name, "payload": dict(payload), "dedupe": dedupe}
        for dedupe, payload in payloads.items()
    ]
    if values:
        await session.run(insert(job).on_conflict_do_nothing(), values)


async def claim(session: Session, *, names: Sequence[str], worker: str, lease: timedelta) -> Claim | None:
    """The oldest due job of these names, now ours for the length of the lease, or None."""
    row = await session.first(_CLAIM, {"names": list(names), "worker": worker, "lease": lease})
    if row is None:
        return None
    return Claim(id=row.id, name=row.name, payload=row.payload, attempt=row.attempts, worker=row.worker)


async def renew(session: Session, held: Claim, lease: timedelta) -> bool:
    """Hold the claim for another lease; False when somebody else has it by now."""
    return await session.run(_RENEW, {**held.proof, "lease": lease}) == 1


async def finish(session: Session, held: Claim) -> bool:
    """The work is done; False when the claim was lost (the other holder will do it again)."""
    return await session.run(_FINISH, held.proof) == 1


async def put_back(session: Session, held: Claim, *, error: str, pause: timedelta) -> None:
    """Try again after the pause."""
    await session.run(_PUT_BACK, {**held.proof, "error": error, "pause": pause, "forgiven": 0})


async def hand_over(session: Session, held: Claim) -> None:
    """This worker stops before the job is done: let another start it at once, and don't count the attempt."""
    await session.run(_PUT_BACK, {**held.proof, "error": "", "pause": timedelta(0), "forgiven": 1})


async def give_up(session: Session, held: Claim, *, error: str) -> None:
    """It has failed too often; it stays in the table for a person to see."""
    await session.run(_GIVE_UP, {**held.proof, "error": error})


def pause_before_retry(attempt: int) -> timedelta:
    """Two seconds after the first failure, doubling to ten minutes.

    Example:
        >>> [pause_before_retry(n).total_seconds() for n in (1, 2, 3, 40)]
        [2.0, 4.0, 8.0, 600.0]
    """
    return min(timedelta(seconds=2 ** min(attempt, 10)), timedelta(minutes=10))
