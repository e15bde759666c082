"""The queue: a job belongs to one worker at a time, and to another when that one dies."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.jobs.queue import Claim, claim, enqueue, enqueue_all, finish, give_up, hand_over, put_back, renew

JOB = Caller(kind="job", actor="test")
LEASE = timedelta(minutes=1)
NOTHING = timedelta(0)


@pytest.fixture
def name() -> str:
    return f"test.{uuid4()}"


async def put(database: Database, name: str, *, dedupe: str | None = None, times: int = 1) -> None:
    for _ in range(times):
        async with database.write(JOB) as session:
            await enqueue(session, name, payload={"n": 1}, dedupe=dedupe)


async def take(database: Database, name: str, *, lease: timedelta = LEASE, worker: str = "w") -> Claim | None:
    async with database.write(JOB) as session:
        return await claim(session, names=[name], worker=worker, lease=lease)


async def held(database: Database, name: str, *, lease: timedelta = LEASE, worker: str = "w") -> Claim:
    taken = await take(database, name, lease=lease, worker=worker)
    assert taken is not None
    return taken


async def states(owner: AsyncConnection, name: str) -> list[Row[Any]]:
    await owner.rollback()
    found = await owner.execute(
        sql("select state, attempts, last_error from job where name = :n order by id"), {"n": name}
    )
    return list(found.all())


async def test_workers_at_once_take_different_jobs(database: Database, name: str) -> None:
    """Twelve claims of ten jobs: ten different ones and two empty hands."""
    await put(database, name, times=10)
    claims = await asyncio.gather(*(take(database, name, worker=str(n)) for n in range(12)))
    assert len({taken.id for taken in claims if taken}) == 10
    assert claims.count(None) == 2


async def test_a_dead_workers_job_goes_to_another_and_the_dead_has_no_say(
    database: Database, owner: AsyncConnection, name: str
) -> None:
    """After the lease the job is claimed again; the first holder, waking up, can neither end nor hold it."""
    await put(database, name)
    first = await held(database, name, lease=NOTHING, worker="slow")
    second = await held(database, name, worker="quick")
    async with database.write(JOB) as session:
        assert not await renew(session, first, LEASE)
        assert not await finish(session, first)
        await give_up(session, first, error="x")
    assert [tuple(row)[:2] for row in await states(owner, name)] == [("running", 2)]
    async with database.write(JOB) as session:
        assert await finish(session, second)
    assert [row.state for row in await states(owner, name)] == ["done"]
    assert await take(database, name) is None


async def test_a_renewed_lease_keeps_others_away(database: Database, name: str) -> None:
    """A long job that still breathes is left alone."""
    await put(database, name)
    mine = await held(database, name, lease=NOTHING)
    async with database.write(JOB) as session:
        assert await renew(session, mine, LEASE)
    assert await take(database, name) is None


async def test_same_work_waits_only_once_but_is_asked_again_while_running(database: Database, name: str) -> None:
    """What changes after a run began needs another run."""
    await put(database, name, dedupe="甲", times=3)
    await put(database, name, dedupe="乙")
    assert {(await held(database, name)).id, (await held(database, name)).id}
    assert await take(database, name) is None
    await put(database, name, dedupe="甲", times=2)
    assert await take(database, name) is not None
    assert await take(database, name) is None


async def test_many_are_put_in_at_once_and_none_twice(database: Database, name: str) -> None:
    """The night queues every organization; those that wait already aren't queued again."""
    await put(database, name, dedupe="3")
    for _ in range(2):
        async with database.write(JOB) as session:
            await enqueue_all(session, name, {str(n): {"n": n} for n in range(10)})
    claims = [await take(database, name) for _ in range(11)]
    assert len({taken.id for taken in claims if taken}) == 10


async def test_a_failed_job_waits_or_gives_way_to_its_twin(
    database: Database, owner: AsyncConnection, name: str
) -> None:
    """With the same work waiting already, the failed one is superseded; both never wait at once."""
    await put(database, name, dedupe="甲")
    failed = await held(database, name)
    async with database.write(JOB) as session:
        await put_back(session, failed, error="E1", pause=NOTHING)
    again = await held(database, name)
    assert (again.id, again.attempt) == (failed.id, 2)
    await put(database, name, dedupe="甲")
    async with database.write(JOB) as session:
        await put_back(session, again, error="E2", pause=NOTHING)
    assert [(row.state, row.last_error) for row in await states(owner, name)] == [("superseded", "E2"), ("waiting", "")]


async def test_a_stopping_workers_attempt_is_not_counted(database: Database, name: str) -> None:
    """A new release rolled out five times must not use up a job's attempts."""
    await put(database, name)
    for _ in range(5):
        mine = await held(database, name)
        assert mine.attempt == 1
        async with database.write(JOB) as session:
            await hand_over(session, mine)


@pytest.mark.parametrize("kind", ["member", "bureau", "public", "gate"])
async def test_only_jobs_touch_the_queue(database: Database, kind: Any, name: str) -> None:
    """A request emits events; it can't plant work of its own choice."""
    with pytest.raises(Exception, match="permission denied for table job"):
        async with database.write(Caller(kind=kind, tenant_id=uuid4(), region="65")) as session:
            await enqueue(session, name, payload={})
