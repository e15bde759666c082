"""Running one claimed job: the lease is renewed while it works, its end is written down."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hengjian.platform.db import Caller, Database
from hengjian.platform.jobs.queue import Claim, finish, give_up, hand_over, pause_before_retry, put_back, renew

_log = structlog.get_logger()
_LONGEST_ERROR = 300


@dataclass(frozen=True)
class Handler:
    """What a job does.

    `run` gets the payload, opens its own sessions and must bear to run twice. A run longer than `within` counts as
    failed; after `attempts` failures the job is given up. A `patient` job comes in thousands and may wait: one runner
    of each worker is kept free of such jobs, so that what people wait for is not behind them.
    """

    run: Callable[[Mapping[str, Any]], Awaitable[None]]
    attempts: int = 5
    within: timedelta = timedelta(minutes=10)
    patient: bool = False


async def run_claim(database: Database, held: Claim, *, handler: Handler, lease: timedelta) -> None:
    """Do the job and write down how it ended. A failure of the job is an outcome, not an error of the worker."""
    caller = Caller(kind="job", actor=f"worker:{held.worker}")
    if held.attempt > handler.attempts:
        async with database.write(caller) as session:
            await give_up(session, held, error="its worker died each time")
        return
    heartbeat = asyncio.create_task(_keep(database, caller, held, lease))
    try:
        failure = await _attempt(held, handler)
    except asyncio.CancelledError:
        async with database.write(caller) as session:
            await hand_over(session, held)
        raise
    finally:
        heartbeat.cancel()
        with suppress(asyncio.CancelledError):
            await heartbeat
    async with database.write(caller) as session:
        if failure is None:
            await finish(session, held)
        elif held.attempt >= handler.attempts:
            await give_up(session, held, error=failure)
        else:
            await put_back(session, held, error=failure, pause=pause_before_retry(held.attempt))


async def _attempt(held: Claim, handler: Handler) -> str | None:
    """None when it went well, else what is kept of the error: its kind and code, never its values."""
    try:
        async with asyncio.timeout(handler.within.total_seconds()):
            await handler.run(held.payload)
    except Exception as error:  # noqa: BLE001  # whatever a job raises, the worker lives on and the job is retried
        await _log.aexception("job.failed", job=held.name, job_id=str(held.id), attempt=held.attempt)
        return _told(error)
    return None


async def _keep(database: Database, caller: Caller, held: Claim, lease: timedelta) -> None:
    """Renew three times a lease; a renewal that fails is tried again at the next turn."""
    while True:
        await asyncio.sleep(lease.total_seconds() / 3)
        with suppress(SQLAlchemyError, OSError):
            async with database.write(caller) as session:
                await renew(session, held, lease)


def _told(error: BaseException) -> str:
    """The kind of error and its code or SQLSTATE. Its text may quote a row, so it goes to the log alone."""
    code = getattr(error, "code", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__name__} {code or ''}".strip()[:_LONGEST_ERROR]
