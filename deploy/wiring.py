"""Who does what when: every job, every schedule and every subscription of the product, in one place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hengjian.deploy.services import Services
from hengjian.filing.api import MAKE, MONTHLY, MONTHLY_CRON, WANTED, ReportDesk, ReportJobs
from hengjian.platform.events import Subscription
from hengjian.platform.jobs import Handler, Schedule
from hengjian.platform.jobs.forget import forget_done_work
from hengjian.platform.jobs.worker import Work
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfRenderer
from hengjian.scoring.api import MATCH_CLAIMS, LawBook, claims_key, load_lawbook, match_claims
from hengjian.scoring.jobs import evaluate, evaluate_all, evaluate_many, remind, remind_all
from hengjian.tenants.api import forget_sessions

# Asia/Shanghai: minute hour day month weekday.
SCHEDULES = (
    Schedule(job="scoring.evaluate_all", cron="0 2 * * *"),
    Schedule(job=MATCH_CLAIMS, cron="0 3 * * *"),
    Schedule(job="scoring.remind_all", cron="0 8 * * *"),
    Schedule(job="platform.forget", cron="30 3 * * *"),
    Schedule(job=MONTHLY, cron=MONTHLY_CRON),
)

# Event → job. With `coalesce`, events that agree in these keys are one run while it waits.
SUBSCRIPTIONS = (
    Subscription(event="push.accepted", job="scoring.evaluate", coalesce=("tenant_id",)),
    *(
        Subscription(event=f"finding.{act}", job="scoring.evaluate", coalesce=("tenant_id",))
        for act in ("confirm", "dismiss", "suspend", "resume", "object")
    ),
    Subscription(event=WANTED, job=MAKE),
)


def work(services: Services) -> Work:
    """What a worker of this deployment does."""
    lawbook = load_lawbook()
    jobs = {**_scoring(services, lawbook), **_reports(services, lawbook), **_housekeeping(services)}
    return Work(jobs=jobs, schedules=SCHEDULES, subscriptions=SUBSCRIPTIONS)


def _scoring(services: Services, lawbook: LawBook) -> Mapping[str, Handler]:
    async def one(payload: Mapping[str, Any]) -> None:
        await evaluate(services.database, payload, lawbook=lawbook)

    async def many(payload: Mapping[str, Any]) -> None:
        await evaluate_many(services.database, payload, lawbook=lawbook)

    async def everybody(_payload: Mapping[str, Any]) -> None:
        await evaluate_all(services.database)

    async def claims(_payload: Mapping[str, Any]) -> None:
        await match_claims(services.database, key=claims_key(services.key))

    async def reminded(payload: Mapping[str, Any]) -> None:
        await remind(services.database, payload)

    async def everybody_reminded(_payload: Mapping[str, Any]) -> None:
        await remind_all(services.database)

    return {
        "scoring.remind": Handler(run=reminded, patient=True),
        "scoring.remind_all": Handler(run=everybody_reminded),
        "scoring.evaluate": Handler(run=one),
        "scoring.evaluate_many": Handler(run=many, patient=True),
        "scoring.evaluate_in_turn": Handler(run=one, patient=True),
        "scoring.evaluate_all": Handler(run=everybody),
        MATCH_CLAIMS: Handler(run=claims, within=timedelta(hours=1), patient=True),
    }


def _reports(services: Services, lawbook: LawBook) -> Mapping[str, Handler]:
    desk = ReportDesk(
        database=services.database, objects=Objects(services.objects), renderer=PdfRenderer(), law_book=lawbook
    )
    reports = ReportJobs(desk)
    return {
        MONTHLY: Handler(run=reports.monthly),
        MAKE: Handler(run=reports.make, attempts=3, within=timedelta(minutes=5), patient=True),
    }


def _housekeeping(services: Services) -> Mapping[str, Handler]:
    async def forget(_payload: Mapping[str, Any]) -> None:
        await forget_done_work(services.database)
        await forget_sessions(services.database)

    return {"platform.forget": Handler(run=forget, within=timedelta(hours=1))}
