"""A worker in a process of its own, for tests: its jobs write a line a run into a file that all workers share."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from hengjian.platform.db import Database
from hengjian.platform.jobs import Handler, Schedule
from hengjian.platform.jobs.worker import Pace, Work, run_worker


def schedules(prefix: str) -> tuple[Schedule, ...]:
    """Ten schedules of every minute."""
    return tuple(Schedule(job=f"{prefix}.every_minute_{n}", cron="* * * * *", catch_up=3) for n in range(10))


def _line(diary: Path, text: str) -> None:
    handle = os.open(diary, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{text}\n".encode())
    os.close(handle)


def _times(diary: Path, word: str) -> int:
    return diary.read_text().count(word)


def work_writing_to(diary: Path, prefix: str) -> Work:
    """Scheduled jobs that note their slot, and one that stays long the first time and not the second."""

    def scheduled(name: str) -> Handler:
        async def run(payload: Mapping[str, Any]) -> None:
            _line(diary, f"{name} {payload['slot']}")

        return Handler(run=run)

    async def long_at_first(payload: Mapping[str, Any]) -> None:
        _line(diary, f"began {payload['order']} in {os.getpid()}")
        if _times(diary, "began") == 1:
            await asyncio.sleep(60)
        _line(diary, f"ended {payload['order']}")

    known = schedules(prefix)
    jobs = {schedule.job: scheduled(schedule.job) for schedule in known}
    return Work(jobs={**jobs, f"{prefix}.long_at_first": Handler(run=long_at_first)}, schedules=known)


async def _main(url: str, diary: Path, prefix: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = Database.connect(url, pool_size=6)
    try:
        pace = Pace(poll=0.1, lease=timedelta(seconds=2), grace=1)
        await run_worker(database, work_writing_to(diary, prefix), stop=stop, pace=pace)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
