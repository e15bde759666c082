"""What happens by itself: a push is judged at once, everybody each night."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.deploy.services import Services, open_services
from hengjian.deploy.settings import read_settings
from hengjian.deploy.wiring import SCHEDULES, work
from hengjian.platform.calendar import LEGAL_ZONE
from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.events import emit
from hengjian.platform.jobs.schedule import due_slots
from hengjian.platform.jobs.worker import Pace, run_worker
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.jobs import evaluate_all
from tests.support.people import a_bureau, a_contractor

JOBS = sql("select state from job where name = :name and payload ->> 'tenant_id' = :id")


@pytest.fixture
async def services(app_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    settings = read_settings({"HENGJIAN_DATABASE_URL": app_url, "HENGJIAN_STATE": str(tmp_path)})
    opened = open_services(settings)
    yield opened
    await opened.database.close()


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[None]:
    stop = asyncio.Event()
    plan = work(services, load_lawbook())
    worker = asyncio.create_task(run_worker(services.database, plan, stop=stop, pace=Pace(poll=0.05)))
    try:
        yield
    finally:
        stop.set()
        await worker


async def states(owner: AsyncConnection, name: str, tenant_id: UUID) -> list[str]:
    return list((await owner.execute(JOBS, {"name": name, "id": str(tenant_id)})).scalars())


async def test_what_was_pushed_is_judged_without_asking(services: Services, owner: AsyncConnection) -> None:
    """Ten pushes of one contractor waiting at once are one judgement, done within seconds."""
    contractor = await a_contractor(services.database)
    async with services.database.write(Caller(kind="member", tenant_id=contractor.id, region="650102")) as session:
        for _ in range(10):
            await emit(session, "push.accepted", {"tenant_id": str(contractor.id), "batch_id": str(uuid4())})
    async with working(services):
        for _ in range(300):
            if (found := await states(owner, "scoring.evaluate", contractor.id)) == ["done"]:
                break
            await asyncio.sleep(0.1)
    assert found == ["done"]


async def test_each_night_everybody_is_queued_once(database: Database, owner: AsyncConnection) -> None:
    """Contractors are, twice a night only once; bureaus aren't."""
    bureau, contractor = await a_bureau(database), await a_contractor(database)
    for _ in range(2):
        await evaluate_all(database)
    waiting = sql("""select count(*) from job where name = 'scoring.evaluate_many' and state = 'waiting'
        and payload -> 'ids' ? :id""")
    queued = [(await owner.execute(waiting, {"id": str(one.id)})).scalar_one() for one in (bureau, contractor)]
    assert queued == [0, 1]


@pytest.mark.parametrize(("job", "hour"), [("scoring.evaluate_all", 2), ("platform.forget", 3)])
def test_schedules_are_those_of_the_documentation(job: str, hour: int) -> None:
    """In the small hours, Beijing time."""
    (schedule,) = (known for known in SCHEDULES if known.job == job)
    day = datetime(2026, 11, 20, tzinfo=LEGAL_ZONE)
    (slot,) = due_slots(schedule, day, day + timedelta(days=1))
    assert slot.hour == hour
