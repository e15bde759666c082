"""Scheduled slots: each fires once, whoever notices it first."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import Caller, Database, Session, sql
from hengjian.platform.jobs.queue import enqueue
from hengjian.platform.jobs.schedule import Schedule, due_slots
from hengjian.platform.jobs.tables import job_schedule, job_slot

SCHEDULER = Caller(kind="job", actor="scheduler")
_LAST = sql("""
    select known.name, greatest(known.known_since, (
        select max(slot) from job_slot where job_slot.name = known.name)) as last
    from job_schedule known
""")


async def fire_due_slots(database: Database, schedules: Iterable[Schedule], now: datetime) -> int:
    """Queue a job for each slot that is due and not yet claimed; how many this call claimed.

    Claiming the slot and queueing its job are one transaction, so a slot fires exactly once however many workers
    look. A schedule seen for the first time starts now: what lay before isn't made up for.
    """
    async with database.read(SCHEDULER) as session:
        last = {row.name: row.last for row in await session.all(_LAST)}
    fired = 0
    for schedule in schedules:
        if schedule.job not in last:
            await _remember(database, schedule, now)
            continue
        for slot in due_slots(schedule, last[schedule.job], now):
            async with database.write(SCHEDULER) as session:
                fired += await _fire(session, schedule, slot)
    return fired


async def _remember(database: Database, schedule: Schedule, now: datetime) -> None:
    async with database.write(SCHEDULER) as session:
        known = insert(job_schedule).values(name=schedule.job, known_since=now)
        await session.run(known.on_conflict_do_nothing())


async def _fire(session: Session, schedule: Schedule, slot: datetime) -> int:
    """1 when the slot was ours to fire, 0 when somebody else was faster."""
    claimed = await session.run(insert(job_slot).values(name=schedule.job, slot=slot).on_conflict_do_nothing())
    if claimed:
        await enqueue(session, schedule.job, payload={"slot": slot.astimezone(UTC).isoformat()})
    return claimed
