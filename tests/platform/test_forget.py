"""Old finished work goes, everything else stays."""

from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.platform.jobs.forget import forget_done_work
from hengjian.tenants.forget_sessions import forget_sessions

OLD = "now() - interval '900 days'"


async def test_only_what_is_done_and_old_is_forgotten(database: Database, owner: AsyncConnection) -> None:
    """A job that failed to run for years still waits; an event nobody dispatched is still there."""
    name = f"test.{uuid4()}"
    job = f"insert into job (id, name, payload, state, finished_at) values (gen_random_uuid(), '{name}', '{{}}',"
    event = f"insert into outbox (id, name, payload, created_at, dispatched_at) values (gen_random_uuid(), '{name}',"
    for row in (f"{job} 'done', {OLD})", f"{job} 'failed', now())", f"{job} 'waiting', null)"):
        await owner.execute(sql(row))
    for row in (f"{event} '{{}}', {OLD}, {OLD})", f"{event} '{{}}', {OLD}, null)"):
        await owner.execute(sql(row))
    await owner.execute(sql(f"insert into job_slot (name, slot) values ('{name}', {OLD}), ('{name}', now())"))
    assert await forget_done_work(database) >= 3
    jobs = await owner.execute(sql("select state from job where name = :name order by state"), {"name": name})
    assert list(jobs.scalars()) == ["failed", "waiting"]
    for table in ("outbox", "job_slot"):
        left = await owner.execute(sql(f"select count(*) from {table} where name = :name"), {"name": name})
        assert left.scalar_one() == 1


async def test_ended_sessions_and_old_failures_are_forgotten(database: Database, owner: AsyncConnection) -> None:
    """A session of today and a failure of today stay."""
    account = uuid4()
    for age in ("40 days", "-1 hour"):
        columns = "id, token_digest, account_id, state, source, expires_at"
        values = (
            f"gen_random_uuid(), uuid_send(gen_random_uuid()), '{account}', 'password_ok', '', now() - interval '{age}'"
        )
        await owner.execute(sql(f"insert into session ({columns}) values ({values})"))
        pause = f"insert into login_pause values ('{account} {age}', 1, now() - interval '{age}')"
        await owner.execute(sql(pause))
    assert await forget_sessions(database) >= 2
    left = await owner.execute(sql("select count(*) from session where account_id = :id"), {"id": account})
    assert left.scalar_one() == 1
