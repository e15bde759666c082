"""How long it takes to make yearly grades of ten thousand contractors final, each with its dossier."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import asyncpg

from hengjian.deploy.embedded import plain_url
from hengjian.platform.db import Caller, Database
from hengjian.platform.objects import Objects
from hengjian.scoring.api import Person, ResultAct, ResultStep, evaluate_slice, load_lawbook, take_result_step
from hengjian.scoring.evaluate import slices
from hengjian.scoring.publish_results import publish_results
from tests.bench.contractors import fill_contractors
from tests.bench.figures import Figure, alone
from tests.bench.stage import Stage

CONTRACTORS = 10_000
YEAR = 2025
_AFTER, _LISTED, _OVER = (datetime(2026, *day, 2, tzinfo=UTC) for day in ((1, 5), (1, 6), (2, 2)))
_FINAL = "select count(*), count(dossier_sha256) from published_grade where kind = 'final'"


def measure(stage: Stage) -> list[Figure]:
    """A province publishes the grades of a year."""
    with TemporaryDirectory() as folder:
        objects = Objects(Path(folder).as_uri())
        seconds = asyncio.run(_publish(plain_url(stage.admin_url), stage.app_url, objects))
    note = f"{1000 * seconds / CONTRACTORS:.1f} ms each, one worker"
    return [alone("publish_10k_seconds", seconds, "s", note)]


async def _publish(admin: str, url: str, objects: Objects) -> float:
    link = await asyncpg.connect(admin)
    try:
        await fill_contractors(link, CONTRACTORS)
        await link.execute("vacuum analyze")
        ids = [row["id"] for row in await link.fetch("select id from organization where name like '量测运维公司%'")]
        database = Database.connect(url, statement_timeout_ms=60_000)
        seconds = await _year(database, ids, objects)
        await database.close()
        assert tuple(await link.fetchrow(_FINAL)) == (CONTRACTORS, CONTRACTORS)
        return seconds
    finally:
        await link.close()


async def _year(database: Database, ids: list[UUID], objects: Objects) -> float:
    """Judge, list, approve, and publish; how long the last took."""
    lawbook = load_lawbook()
    for some in slices(ids):
        async with database.write(Caller(kind="slice", tenants=(some[0], some[-1]), actor="bench")) as session:
            await evaluate_slice(session, some, lawbook=lawbook, now=_AFTER)
    bureau = uuid4()
    for act, role, now in (
        (ResultAct.PREPARE, "inspector", _LISTED),
        (ResultAct.APPROVE, "reviewer", _LISTED),
        (ResultAct.PUBLISH, "reviewer", _OVER),
    ):
        caller = Caller(kind="bureau", tenant_id=bureau, region="65", actor=role)
        async with database.write(caller) as session:
            step = ResultStep(year=YEAR, act=act)
            await take_result_step(session, step, by=Person(role, frozenset({role})), lawbook=lawbook, now=now)
    news = {"tenant_id": str(bureau), "region": "65", "year": YEAR, "act": ResultAct.PUBLISH}
    begun = time.perf_counter()
    final = await publish_results(database, news, lawbook=lawbook, objects=objects, now=_OVER)
    assert final == len(ids)
    return time.perf_counter() - begun
