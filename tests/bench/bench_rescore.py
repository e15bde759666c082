"""How long it takes to judge everybody anew from the database, with two processes, and one after its push."""

import asyncio
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

import asyncpg

from hengjian.deploy.embedded import plain_url
from hengjian.platform.db import Database
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.jobs import evaluate
from tests.bench.contractors import fill_contractors
from tests.bench.figures import Figure, alone
from tests.bench.stage import Stage

CONTRACTORS, PROCESSES = 1_000, 2


def measure(stage: Stage) -> list[Figure]:
    """Every contractor once to open its findings, then the judgement that a night repeats, then some one by one."""
    ids = asyncio.run(_fill(plain_url(stage.admin_url)))
    shares = [ids[start::PROCESSES] for start in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        first = _all(pool, stage.app_url, shares)
        asyncio.run(_settle(plain_url(stage.admin_url)))
        again = _all(pool, stage.app_url, shares)
        peak = max(pool.map(_peak_mib, range(PROCESSES)))
    one = asyncio.run(_one_by_one(stage.app_url, ids[:40]))
    note = f"the first time, with findings to open: {first:.1f} s; peak {peak:.0f} MiB a process"
    return [alone("rescore_1k_seconds", again, "s", note), alone("rescore_one_push_ms", one, "ms")]


async def _fill(admin: str) -> list[str]:
    link = await asyncpg.connect(admin)
    try:
        return await fill_contractors(link, CONTRACTORS)
    finally:
        await link.close()


async def _settle(admin: str) -> None:
    """What autovacuum does between two nights."""
    link = await asyncpg.connect(admin)
    try:
        await link.execute("vacuum analyze")
    finally:
        await link.close()


def _all(pool: ProcessPoolExecutor, url: str, shares: list[list[str]]) -> float:
    begun = time.perf_counter()
    list(pool.map(judge_share, [url] * len(shares), shares))
    return time.perf_counter() - begun


def judge_share(url: str, ids: list[str]) -> None:
    """Judge these organizations, in a process of its own."""
    asyncio.run(_judge(url, ids))


async def _judge(url: str, ids: list[str]) -> None:
    database, lawbook = Database.connect(url), load_lawbook()
    for one in ids:
        await evaluate(database, {"tenant_id": one}, lawbook=lawbook)
    await database.close()


async def _one_by_one(url: str, ids: list[str]) -> float:
    database, lawbook = Database.connect(url), load_lawbook()
    taken = []
    for one in ids:
        begun = time.perf_counter()
        await evaluate(database, {"tenant_id": one}, lawbook=lawbook)
        taken.append(1000 * (time.perf_counter() - begun))
    await database.close()
    return median(taken)


def _peak_mib(_: int) -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
