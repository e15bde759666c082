"""Who does what when: every job, every schedule and every subscription of the product, in one place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hengjian.deploy.services import Services
from hengjian.platform.events import Subscription
from hengjian.platform.jobs import Handler, Schedule
from hengjian.platform.jobs.forget import forget_done_work
from hengjian.platform.jobs.worker import Work
from hengjian.tenants.api import forget_sessions

# Asia/Shanghai: minute hour day month weekday.
SCHEDULES = (Schedule(job="platform.forget", cron="30 3 * * *"),)

# Event → job. With `coalesce`, events that agree in these keys are one run while it waits.
SUBSCRIPTIONS: tuple[Subscription, ...] = ()


def work(services: Services) -> Work:
    """What a worker of this deployment does."""
    return Work(jobs=_jobs(services), schedules=SCHEDULES, subscriptions=SUBSCRIPTIONS)


def _jobs(services: Services) -> Mapping[str, Handler]:
    async def forget(_payload: Mapping[str, Any]) -> None:
        await forget_done_work(services.database)
        await forget_sessions(services.database)

    return {"platform.forget": Handler(run=forget, within=timedelta(hours=1))}
