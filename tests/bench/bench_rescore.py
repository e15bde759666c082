"""How long it takes to judge everybody anew from the database, with two processes, and one after its push.

What is measured is a judgement under a changed law-book: everything is read, judged, scored and compared with what is
stored. Verdicts that say the same are not written again, and months but for the last two are not scored again when
what their scores are made of is the same.
"""

import asyncio
import math
import resource
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing import get_context
from statistics import median
from uuid import UUID

import asyncpg

from hengjian.deploy.embedded import plain_url
from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import LawBook, evaluate_slice, load_lawbook, slices
from hengjian.scoring.jobs import evaluate
from tests.bench.contractors import fill_contractors
from tests.bench.figures import Figure, alone
from tests.bench.stage import Stage

SIZES, PROCESSES = (1_000, 3_000, 10_000), 2


@dataclass(frozen=True)
class Run:
    """Seconds of one judgement of everybody, and CPU seconds of the processes and of PostgreSQL."""

    seconds: float
    workers: float
    postgres: float

    def cost(self, organizations: int) -> str:
        """CPU of one organization, in ms."""
        return f"CPU {1000 * self.workers / organizations:.2f} + {1000 * self.postgres / organizations:.2f} ms each"


def measure(stage: Stage) -> list[Figure]:
    """Every contractor once to open its findings, then twice anew: the same day, and the next night."""
    figures, ids = [], list[str]()
    taken: list[tuple[int, float]] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, range(PROCESSES)))
        for size in SIZES:
            new = asyncio.run(_fill(plain_url(stage.admin_url), size - len(ids), begun=len(ids)))
            first = _all(stage, pool, new, law="1", nights=0)
            ids = sorted(ids + new)
            asyncio.run(_settle(plain_url(stage.admin_url)))
            again = _all(stage, pool, ids, law=f"{size}", nights=0)
            night = _all(stage, pool, ids, law=f"{size}", nights=1)
            _all(stage, pool, ids, law=f"{size}", nights=0)
            taken.append((size, again.workers + again.postgres))
            peak = max(pool.map(_peak_mib, range(PROCESSES)))
            note = (
                f"{again.cost(size)}, peak {peak:.0f} MiB a process; the next night {night.seconds:.1f} s, "
                f"the first time {1000 * first.seconds / len(new):.1f} ms each"
            )
            if len(taken) > 1:
                note += f"; CPU grows as n^{_exponent(taken[-2:]):.2f}"
            figures.append(alone(f"rescore_{size // 1000}k_seconds", again.seconds, "s", note))
    one = asyncio.run(_one_by_one(stage.app_url, ids[:40]))
    return [*figures, alone("rescore_one_push_ms", one, "ms")]


def _exponent(taken: Sequence[tuple[int, float]]) -> float:
    """By which power of the number of organizations the cost grew."""
    (few, little), (many, much) = taken
    return math.log(much / little) / math.log(many / few)


async def _fill(admin: str, count: int, *, begun: int) -> list[str]:
    link = await asyncpg.connect(admin)
    try:
        return await fill_contractors(link, count, begun=begun)
    finally:
        await link.close()


async def _settle(admin: str) -> None:
    """What autovacuum does between two nights."""
    link = await asyncpg.connect(admin)
    try:
        await link.execute("vacuum analyze")
    finally:
        await link.close()


def _all(stage: Stage, pool: ProcessPoolExecutor, ids: Sequence[str], *, law: str, nights: int) -> Run:
    """Slice after slice, each by whichever process is free, as workers take them from the queue."""
    parts = [[str(one) for one in part] for part in slices(UUID(one) for one in ids)]
    postgres, begun = stage.cpu("postgres"), time.perf_counter()
    workers = sum(pool.map(judge_part, [(stage.app_url, part, law, nights) for part in parts]))
    return Run(time.perf_counter() - begun, workers, stage.cpu("postgres") - postgres)


def judge_part(wanted: tuple[str, list[str], str, int]) -> float:
    """Judge these organizations by a law-book of another version, in a process of its own; CPU seconds."""
    begun = time.process_time()
    _runner().run(_judge(*wanted))
    return time.process_time() - begun


async def _judge(url: str, ids: list[str], law: str, nights: int) -> None:
    tenants, now = [UUID(one) for one in ids], datetime.now(UTC) + timedelta(days=nights)
    caller = Caller(kind="slice", tenants=(tenants[0], tenants[-1]), actor="bench")
    async with _database(url).write(caller) as session:
        await evaluate_slice(session, tenants, lawbook=_lawbook(law), now=now)


@cache
def _runner() -> asyncio.Runner:
    """A worker's loop, and with it its connections, outlive its jobs."""
    return asyncio.Runner()


@cache
def _database(url: str) -> Database:
    return Database.connect(url, statement_timeout_ms=60_000)


_LAWBOOKS: dict[str, LawBook] = {}
_read_lawbook = cache(load_lawbook)


def _lawbook(law: str) -> LawBook:
    """The law-book, its packs under another version."""
    if law not in _LAWBOOKS:
        book = _read_lawbook()
        packs = tuple(replace(pack, version=f"{law}-{pack.version}") for pack in book.packs)
        _LAWBOOKS[law] = LawBook(packs=packs, credit_models=book.credit_models)
    return _LAWBOOKS[law]


def _warm(_: int) -> None:
    """A worker has read its law-book long before the night."""
    _lawbook("1")
    time.sleep(1)


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
