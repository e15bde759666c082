"""What a cancelled request leaves behind."""

import asyncio

import pytest

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.ids import uuid7

JOB = Caller(kind="job", actor="test")


async def test_a_request_cancelled_twice_leaves_no_open_transaction(app_url: str) -> None:
    """The next caller of the only connection gets a fresh transaction, and nothing of the cancelled one is kept."""
    database = Database.connect(app_url, pool_size=1)
    name = f"cancelled-{uuid7()}"

    async def work() -> None:
        async with database.write(JOB) as session:
            await session.run(sql("insert into number_series (series, last) values (:name, 1)"), {"name": name})
            await session.scalar(sql("select pg_sleep(30)"))

    task = asyncio.create_task(work())
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.read(JOB) as session:
        assert await session.scalar(sql("select count(*) from number_series where series = :name"), {"name": name}) == 0
        assert await session.scalar(sql("select current_user")) == "hengjian_job"
    await database.close()
