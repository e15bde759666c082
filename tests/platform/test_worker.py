"""Workers: each slot once with two of them, a killed one's job again, a failing job retried and given up."""

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.events import Subscription, emit
from hengjian.platform.jobs import Handler, Schedule, enqueue, enqueue_all
from hengjian.platform.jobs.worker import Pace, Work, run_worker

JOB = Caller(kind="job", actor="test")
SCRIPT = Path(__file__).with_name("worker_process.py")
QUICK = Pace(poll=0.05, lease=timedelta(seconds=5), grace=1)


@contextmanager
def two_workers(url: str, diary: Path, prefix: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
    running = [subprocess.Popen([sys.executable, str(SCRIPT), url, str(diary), prefix]) for _ in range(2)]
    try:
        yield running
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(timeout=20)


def wait_for(diary: Path, enough: Callable[[str], bool], seconds: float = 30) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = diary.read_text() if diary.exists() else ""
        if enough(text):
            return text
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s; the diary says: {text}")


async def test_two_workers_fire_each_slot_once_and_a_killed_ones_job_runs_again(
    database: Database, app_url: str, tmp_path: Path
) -> None:
    """Thirty slots missed while both were down fire once each; kill -9 in the middle of a job loses nothing."""
    diary, prefix = tmp_path / "diary", f"test.{uuid4()}"
    async with database.write(JOB) as session:
        for n in range(10):
            known = sql("insert into job_schedule values (:name, date_trunc('minute', now()) - interval '170 seconds')")
            await session.run(known, {"name": f"{prefix}.every_minute_{n}"})
        await enqueue(session, f"{prefix}.long_at_first", payload={"order": "甲"})
    with two_workers(app_url, diary, prefix) as workers:
        text = wait_for(diary, lambda text: text.count("every_minute") >= 30 and "began" in text)
        holder = int(text.split("began 甲 in ")[1].split()[0])
        next(worker for worker in workers if worker.pid == holder).kill()
        text = wait_for(diary, lambda text: "ended 甲" in text)
    assert text.count("began") == 2
    fired = Counter(line for line in text.splitlines() if "every_minute" in line)
    assert len(fired) >= 30
    assert set(fired.values()) == {1}


async def run_briefly(database: Database, work: Work, until: asyncio.Event) -> None:
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(database, work, stop=stop, pace=QUICK))
    async with asyncio.timeout(20):
        await until.wait()
    stop.set()
    await worker


async def test_an_event_becomes_work_within_a_second(database: Database) -> None:
    """From the commit of a push to the job that judges it."""
    name, heard = f"test.{uuid4()}", asyncio.Event()

    async def run(payload: Mapping[str, Any]) -> None:
        assert payload["batch"] == "7"
        heard.set()

    async with database.write(JOB) as session:
        await emit(session, name, {"batch": "7"})
    work = Work(jobs={name: Handler(run=run)}, subscriptions=[Subscription(event=name, job=name)])
    began = time.monotonic()
    await run_briefly(database, work, heard)
    assert time.monotonic() - began < 5


async def test_a_failing_job_is_retried_then_kept_without_its_words(database: Database, owner: AsyncConnection) -> None:
    """The row says which kind of error; the text, which may quote a person, does not enter the table."""
    name, tried = f"test.{uuid4()}", asyncio.Event()

    async def run(payload: Mapping[str, Any]) -> None:
        if payload["last"]:
            tried.set()
        raise LookupError("张三 650102199001011234")

    async with database.write(JOB) as session:
        await enqueue(session, name, payload={"last": False})
        await enqueue(session, name, payload={"last": True})
    await run_briefly(database, Work(jobs={name: Handler(run=run, attempts=1)}), tried)
    found = await owner.execute(sql("select state, last_error from job where name = :name"), {"name": name})
    assert [tuple(row) for row in found] == [("failed", "LookupError")] * 2


async def test_thousands_of_patient_jobs_do_not_stand_before_a_push(database: Database) -> None:
    """A night's reports occupy a worker; what somebody waits for runs at once all the same."""
    name, urgent, patient = f"test.{uuid4()}", asyncio.Event(), asyncio.Event()

    async def long(_payload: Mapping[str, Any]) -> None:
        patient.set()
        await asyncio.sleep(30)

    async def quick(_payload: Mapping[str, Any]) -> None:
        await patient.wait()
        urgent.set()

    async with database.write(JOB) as session:
        await enqueue_all(session, f"{name}.report", {str(n): {} for n in range(50)})
        await enqueue(session, f"{name}.push", payload={})
    jobs = {f"{name}.report": Handler(run=long, patient=True), f"{name}.push": Handler(run=quick)}
    began = time.monotonic()
    await run_briefly(database, Work(jobs=jobs), urgent)
    assert time.monotonic() - began < 10


def test_work_for_a_job_nobody_runs_is_refused_at_the_start() -> None:
    """A misspelt name doesn't wait for the night to show."""
    with pytest.raises(ValueError, match="no such jobs: a, b"):
        Work(jobs={}, schedules=[Schedule(job="b", cron="0 2 * * *")], subscriptions=[Subscription("x", "a")])
