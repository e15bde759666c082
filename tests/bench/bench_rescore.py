"""How long it takes to judge everybody anew from the database, with two processes, and one after its push.

What is measured is a judgement under a changed law-book: from the first day of the month on an office has to be larger,
which every verdict of that rule tells and one contractor in ten does not keep. What other rules said is carried over
once all that it rests on is found to be the same. Beside it stands the same when nothing is carried over: then every
register is read, every rule judged over every day, and all of it compared with what is stored.
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
from hengjian.deploy.worker import collect_seldom
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import LawBook, evaluate_slice, load_lawbook, slices
from hengjian.scoring.domain.rules import Rule
from hengjian.scoring.jobs import evaluate
from tests.bench.contractors import fill_contractors
from tests.bench.figures import Figure, alone
from tests.bench.stage import Stage

SIZES, PROCESSES = (1_000, 3_000, 10_000), 2
RULE, LEAST, MORE = "C-02", 50, 5


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
    """Every contractor once to open its findings, then again: the same day, the next night, and carrying over nothing."""
    figures, ids = [], list[str]()
    taken: list[tuple[int, float]] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, range(PROCESSES)))
        for place, size in enumerate(SIZES, start=1):
            least = LEAST + MORE * place
            new = asyncio.run(_fill(plain_url(stage.admin_url), size - len(ids), begun=len(ids)))
            first = _all(stage, pool, new, least=least - MORE, nights=0)
            ids = sorted(ids + new)
            asyncio.run(_settle(plain_url(stage.admin_url)))
            again = _all(stage, pool, ids, least=least, nights=0)
            night = _all(stage, pool, ids, least=least, nights=1)
            anew = _all(stage, pool, ids, least=least, nights=0, anew=True)
            taken.append((size, again.workers + again.postgres))
            peak = max(pool.map(_peak_mib, range(PROCESSES)))
            note = (
                f"{again.cost(size)}, peak {peak:.0f} MiB a process; the next night {night.seconds:.1f} s, "
                f"{night.cost(size)}; carrying over nothing {anew.seconds:.1f} s, {anew.cost(size)}; "
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


def _all(  # one measurement
    stage: Stage, pool: ProcessPoolExecutor, ids: Sequence[str], *, least: int, nights: int, anew: bool = False
) -> Run:
    """Slice after slice, each by whichever process is free, as workers take them from the queue."""
    parts = [[str(one) for one in part] for part in slices(UUID(one) for one in ids)]
    postgres, begun = stage.cpu("postgres"), time.perf_counter()
    workers = sum(pool.map(judge_part, [(stage.app_url, part, least, nights, anew) for part in parts]))
    return Run(time.perf_counter() - begun, workers, stage.cpu("postgres") - postgres)


def judge_part(wanted: tuple[str, list[str], int, int, bool]) -> float:
    """Judge these organizations by a changed law-book, in a process of its own; CPU seconds."""
    begun = time.process_time()
    _runner().run(_judge(*wanted))
    return time.process_time() - begun


async def _judge(url: str, ids: list[str], least: int, nights: int, anew: bool) -> None:  # as sent
    tenants, now = [UUID(one) for one in ids], datetime.now(UTC) + timedelta(days=nights)
    caller = Caller(kind="slice", tenants=(tenants[0], tenants[-1]), actor="bench")
    async with _database(url).write(caller) as session:
        await evaluate_slice(session, tenants, lawbook=_lawbook(least), now=now, anew=tenants if anew else ())


@cache
def _runner() -> asyncio.Runner:
    """A worker's loop, and with it its connections, outlive its jobs."""
    return asyncio.Runner()


@cache
def _database(url: str) -> Database:
    return Database.connect(url, statement_timeout_ms=60_000)


_read_lawbook = cache(load_lawbook)


@cache
def _lawbook(least: int) -> LawBook:
    """The law-book by which an office has at least so many m², from the first day of this month on."""
    book = _read_lawbook()
    packs = tuple(
        replace(
            pack,
            version=f"{least}-{pack.version}",
            rules=tuple(_changed(rule, least) if rule.id == RULE else rule for rule in pack.rules),
        )
        for pack in book.packs
    )
    return LawBook(packs=packs, credit_models=book.credit_models)


def _changed(rule: Rule, least: int) -> Rule:
    begins = legal_day(datetime.now(UTC)).replace(day=1)
    (parameter,) = rule.parameters
    *before, last = parameter.entries
    entries = (*before, replace(last, until=begins), replace(last, since=begins, value=least))
    return replace(rule, parameters=(replace(parameter, entries=entries),))


def _warm(_: int) -> None:
    """A worker has read its law-book long before the night, and collects seldom."""
    _lawbook(LEAST)
    collect_seldom()
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
