"""Events: true only with their transaction, delivered to every subscriber at least once."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.events import Subscription, dispatch, emit, first_delivery

MEMBER = Caller(kind="member", tenant_id=uuid4(), region="650102", actor="key:1")
JOBS = sql("select name, payload, dedupe from job where name like :name order by id")


async def emit_all(database: Database, event: str, *payloads: dict[str, str]) -> None:
    for payload in payloads:
        async with database.write(MEMBER) as session:
            await emit(session, event, payload)


async def dispatch_all(database: Database, wanted: Sequence[Subscription]) -> None:
    """Until nothing waits, whatever others of this process's tests have left behind."""
    while await dispatch(database, wanted):
        pass


async def test_an_event_reaches_every_subscriber_once_with_dispatchers_in_parallel(
    database: Database, owner: AsyncConnection
) -> None:
    """Three dispatchers at once make one job an event and subscriber."""
    name = f"test.{uuid4()}"
    await emit_all(database, name, *({"n": str(n)} for n in range(20)))
    wanted = [Subscription(event=name, job=f"{name}.a"), Subscription(event=name, job=f"{name}.b")]
    await asyncio.gather(*(dispatch(database, wanted) for _ in range(3)))
    await dispatch_all(database, wanted)
    jobs = (await owner.execute(JOBS, {"name": f"{name}.%"})).all()
    assert len(jobs) == 40
    assert len({(job.name, job.payload["event_id"]) for job in jobs}) == 40


async def test_nobody_hears_of_what_was_rolled_back(database: Database, owner: AsyncConnection) -> None:
    """The event shares the fate of the change."""
    name = f"test.{uuid4()}"

    async def failing_work() -> None:
        async with database.write(MEMBER) as session:
            await emit(session, name, {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing_work()
    await dispatch_all(database, [Subscription(event=name, job=name)])
    assert (await owner.execute(JOBS, {"name": name})).all() == []


async def test_agreeing_events_become_one_waiting_job(database: Database, owner: AsyncConnection) -> None:
    """Twenty pushes of two organizations bring two evaluations, told of the organization alone."""
    name = f"test.{uuid4()}"
    await emit_all(database, name, *({"tenant_id": "甲" if n % 2 else "乙", "batch": str(n)} for n in range(20)))
    await dispatch_all(database, [Subscription(event=name, job=name, coalesce=("tenant_id",))])
    jobs = (await owner.execute(JOBS, {"name": name})).all()
    assert sorted(job.payload["tenant_id"] for job in jobs) == ["乙", "甲"]
    assert all(set(job.payload) == {"tenant_id"} for job in jobs)


async def test_a_subscriber_may_want_some_events_only(database: Database, owner: AsyncConnection) -> None:
    """Told by a value of the payload; the others become no job."""
    name = f"test.{uuid4()}"
    await emit_all(database, name, {"kind": "points"}, {"kind": "samples"}, {})
    await dispatch_all(database, [Subscription(event=name, job=name, only={"kind": {"samples", "people"}})])
    assert [job.payload["kind"] for job in (await owner.execute(JOBS, {"name": name})).all()] == ["samples"]


async def test_an_event_nobody_wants_blocks_nothing(database: Database, owner: AsyncConnection) -> None:
    """It counts as dispatched; an event that lacks a key to agree in does too."""
    unwanted, keyless = f"test.{uuid4()}", f"test.{uuid4()}"
    await emit_all(database, unwanted, {})
    await emit_all(database, keyless, {})
    await dispatch_all(database, [Subscription(event=keyless, job=keyless, coalesce=("tenant_id",))])
    left = sql("select count(*) from outbox where name in (:one, :two) and dispatched_at is null")
    assert (await owner.execute(left, {"one": unwanted, "two": keyless})).scalar_one() == 0


async def test_a_consumer_knows_a_repeated_delivery(database: Database) -> None:
    """The second time is known as such, by each consumer for itself."""
    event_id, job = uuid4(), Caller(kind="job", actor="worker")

    async def first(consumer: str) -> bool:
        async with database.write(job) as session:
            return await first_delivery(session, consumer=consumer, event_id=event_id)

    assert [await first("mail"), await first("mail"), await first("notice")] == [True, False, True]
