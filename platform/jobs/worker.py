"""The worker: a ticker that notices due slots, a dispatcher of events, and runners that take jobs from the queue."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from hengjian.platform.db import Caller, Database
from hengjian.platform.events.outbox import Subscription, dispatch
from hengjian.platform.ids import uuid7
from hengjian.platform.jobs.queue import claim
from hengjian.platform.jobs.run_claim import Handler, run_claim
from hengjian.platform.jobs.schedule import Schedule
from hengjian.platform.jobs.slots import fire_due_slots

_log = structlog.get_logger()
_LONGEST_BACK_OFF = 10.0


@dataclass(frozen=True)
class Round:
    """Something that every worker does over and over; it answers whether there is more to do, else waits `every` seconds.

    Several workers do it at once: it takes turns by itself.
    """

    step: Callable[[], Awaitable[bool]]
    every: float


@dataclass(frozen=True)
class Work:
    """All that workers do: jobs by name, when some of them are due, which events make others necessary, and rounds."""

    jobs: Mapping[str, Handler]
    schedules: Sequence[Schedule] = ()
    subscriptions: Sequence[Subscription] = ()
    rounds: Sequence[Round] = ()

    def __post_init__(self) -> None:
        """Refuses a schedule or a subscription for a job that nobody runs.

        Raises:
            ValueError: such a job.
        """
        wanted = {schedule.job for schedule in self.schedules} | {heard.job for heard in self.subscriptions}
        if missing := sorted(wanted - self.jobs.keys()):
            raise ValueError(f"no such jobs: {', '.join(missing)}")

    def names(self, runner: int) -> list[str]:
        """What a runner takes: all jobs, but the first runner no patient ones."""
        return sorted(name for name, handler in self.jobs.items() if runner > 0 or not handler.patient)


@dataclass(frozen=True)
class Pace:
    """How a worker shares its time.

    `runners` jobs at once, two or more; an idle runner looks every `poll` seconds. `lease` is how long a silent worker keeps its
    job before another takes it; `grace` how long a stopping worker lets its jobs run.
    """

    runners: int = 2
    poll: float = 0.5
    lease: timedelta = timedelta(seconds=60)
    grace: float = 10.0


async def run_worker(database: Database, work: Work, *, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Work until `stop` is set. Any number of workers may run at once, on any number of machines.

    The database going away is waited out; a failing job is retried and never ends the worker. Any other error does:
    it is ours, and whoever started the worker starts it again.
    """
    pace = pace or Pace()
    name = f"{socket.gethostname()}:{os.getpid()}:{uuid7().hex[-8:]}"
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # else two lines a second
    ticker = AsyncIOScheduler(timezone=UTC)
    ticker.add_job(
        _tick, "interval", seconds=1, args=(database, work), max_instances=1, coalesce=True, misfire_grace_time=None
    )
    ticker.start()
    loops = [asyncio.create_task(_dispatch_until(stop, database, work, pace))]
    for runner in range(pace.runners):
        step = _runner(database, work, work.names(runner), lease=pace.lease, worker=f"{name}:{runner}")
        loops.append(asyncio.create_task(_repeat(stop, step, pace.poll)))
    loops += [asyncio.create_task(_repeat(stop, one.step, one.every)) for one in work.rounds]
    await _log.ainfo("worker.started", worker=name, jobs=sorted(work.jobs))
    stopping = asyncio.create_task(stop.wait())
    try:
        ended, _ = await asyncio.wait([stopping, *loops], return_when=asyncio.FIRST_COMPLETED)
        for loop in ended:
            loop.result()
        await asyncio.wait(loops, timeout=pace.grace)
    finally:
        ticker.shutdown(wait=False)
        for loop in (stopping, *loops):
            loop.cancel()
        await asyncio.gather(stopping, *loops, return_exceptions=True)
    await _log.ainfo("worker.stopped", worker=name)


async def _tick(database: Database, work: Work) -> None:
    try:
        fired = await fire_due_slots(database, work.schedules, datetime.now(UTC))
    except (SQLAlchemyError, OSError) as away:
        await _log.awarning("worker.tick_failed", error=type(away).__name__)
        return
    if fired:
        await _log.ainfo("worker.slots_fired", count=fired)


async def _dispatch_until(stop: asyncio.Event, database: Database, work: Work, pace: Pace) -> None:
    async def step() -> bool:
        return await dispatch(database, work.subscriptions) > 0

    await _repeat(stop, step, pace.poll)


def _runner(
    database: Database, work: Work, names: Sequence[str], *, lease: timedelta, worker: str
) -> Callable[[], Awaitable[bool]]:
    """One step of a runner: take a job of these names and do it; False when there was none."""
    caller = Caller(kind="job", actor=f"worker:{worker}")

    async def step() -> bool:
        async with database.write(caller) as session:
            held = await claim(session, names=names, worker=worker, lease=lease)
        if held is not None:
            await run_claim(database, held, handler=work.jobs[held.name], lease=lease)
        return held is not None

    return step


async def _repeat(stop: asyncio.Event, step: Callable[[], Awaitable[bool]], poll: float) -> None:
    """Take steps while there is something to do; wait `poll` seconds when not, longer while the database is away."""
    back_off = poll
    while not stop.is_set():
        try:
            busy = await step()
            back_off = poll
        except (SQLAlchemyError, OSError) as away:
            busy = False
            back_off = min(back_off * 2, _LONGEST_BACK_OFF)
            await _log.awarning("worker.database_away", error=type(away).__name__, retry_in=back_off)
        if not busy:
            await _wait(stop, back_off)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
