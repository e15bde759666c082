"""The worker process: jobs, events and schedules, until told to stop."""

import asyncio
import gc
import signal
from datetime import UTC, datetime
from importlib.metadata import version

from hengjian.deploy.logs import set_up_logs
from hengjian.deploy.services import open_services
from hengjian.deploy.settings import Settings
from hengjian.deploy.wiring import work
from hengjian.platform.jobs import worker as jobs
from hengjian.scoring.api import keep_shipped, load_lawbook


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first, or handed over.

    Raises:
        DeployError: settings or database cannot be used.
    """
    set_up_logs(settings.operation.log_level)
    collect_seldom()
    asyncio.run(_until_told(settings))


def collect_seldom() -> None:
    """Let the collector of cycles look less often: a judgement makes many small objects and hardly a cycle.

    What is loaded by now stays, and is not looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def _until_told(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    services = open_services(settings)
    files = load_lawbook()
    try:
        await keep_shipped(services.database, files, release=version("hengjian"), now=datetime.now(UTC))
        await jobs.run_worker(services.database, work(services, files), stop=stop)
    finally:
        await services.database.close()
