"""Who does what when: every job, every schedule and every subscription of the product, in one place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hengjian.deploy.evidence import check_nightly, tend_daily
from hengjian.deploy.services import Services
from hengjian.filing.api import MAKE, MONTHLY, MONTHLY_CRON, WANTED, ReportDesk, ReportJobs
from hengjian.ingestion.api import (
    ARCHIVE,
    COVERING_REGISTERS,
    INSPECT,
    LOG_ROWS,
    LOOK_AFTER,
    MATCH,
    NIGHT,
    PREVIEW,
    RECORDING_ARCHIVED,
    RECORDING_DAMAGED,
    RECORDING_INSPECTED,
    UPLOAD_COMPLETE,
    Archive,
    Inspector,
    Keeper,
    Previews,
    Reuse,
    log_rows,
)
from hengjian.platform.events import Subscription
from hengjian.platform.jobs import Handler, Schedule
from hengjian.platform.jobs.forget import forget_done_work
from hengjian.platform.jobs.worker import Round, Work
from hengjian.platform.kept_objects import SWEEP, Sweeper
from hengjian.platform.log.sequencer import sequence
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfRenderer
from hengjian.scoring.api import MATCH_CLAIMS, KeptLawBook, LawBook, claims_key, match_claims
from hengjian.scoring.changes.jobs import (
    APPROVED,
    IMPACT,
    IMPACT_WANTED,
    SHADOW,
    TELL,
    judge_in_shadow,
    preview,
    tell_of_change,
)
from hengjian.scoring.cover_tasks import COVER_TASKS, cover_tasks
from hengjian.scoring.jobs import (
    REMIND_RESULTS,
    evaluate,
    evaluate_all,
    evaluate_many,
    remind,
    remind_all,
    remind_results,
)
from hengjian.scoring.publish_results import BEHIND, PUBLISH_RESULTS, PUBLISH_WANTED, publish_results
from hengjian.scoring.tell_recording import TELL_RECORDING, tell_of_recording
from hengjian.tenants.api import forget_sessions

# Asia/Shanghai: minute hour day month weekday.
SCHEDULES = (
    Schedule(job="scoring.evaluate_all", cron="0 2 * * *"),
    Schedule(job=MATCH_CLAIMS, cron="15 1 * * *"),
    Schedule(job=SHADOW, cron="30 4 * * *"),
    Schedule(job="scoring.remind_all", cron="0 8 * * *"),
    Schedule(job=REMIND_RESULTS, cron="0 8 * * *"),
    Schedule(job="platform.forget", cron="30 3 * * *"),
    Schedule(job=NIGHT, cron="0 1 * * *"),
    Schedule(job=SWEEP, cron="40 1 * * *"),
    Schedule(job="log.check", cron="30 4 * * *"),
    Schedule(job="log.tend", cron="10 0 * * *"),
    Schedule(job=MONTHLY, cron=MONTHLY_CRON),
)

# Event → job. With `coalesce`, events that agree in these keys are one run while it waits.
SUBSCRIPTIONS = (
    Subscription(event="push.accepted", job="scoring.evaluate", coalesce=("tenant_id",)),
    Subscription(event="push.accepted", job=LOG_ROWS),
    *(
        Subscription(event=f"finding.{act}", job="scoring.evaluate", coalesce=("tenant_id",))
        for act in ("confirm", "dismiss", "suspend", "resume", "object", "appeal", "uphold", "overturn", "amend")
    ),
    Subscription(event=IMPACT_WANTED, job=IMPACT),
    Subscription(event=APPROVED, job=TELL),
    Subscription(event=APPROVED, job=SHADOW),
    *(
        Subscription(event=f"credit.{act}", job="scoring.evaluate", coalesce=("tenant_id",))
        for act in ("confirm", "decide", "duty_done", "rectified", "repair", "annul")
    ),
    *(
        Subscription(event=event, job=PUBLISH_RESULTS, coalesce=("tenant_id", "region", "year", "act"))
        for event in PUBLISH_WANTED
    ),
    Subscription(event=BEHIND, job="scoring.evaluate", coalesce=("tenant_id",)),
    Subscription(event="repair.grant", job="scoring.evaluate", coalesce=("tenant_id",)),
    Subscription(event=WANTED, job=MAKE),
    Subscription(event=UPLOAD_COMPLETE, job=ARCHIVE),
    Subscription(event=RECORDING_ARCHIVED, job=INSPECT),
    Subscription(event=RECORDING_INSPECTED, job="scoring.evaluate", coalesce=("tenant_id",)),
    Subscription(event=RECORDING_INSPECTED, job=COVER_TASKS),
    Subscription(event="push.accepted", job=COVER_TASKS, only={"kind": COVERING_REGISTERS}),
    Subscription(event=RECORDING_INSPECTED, job=PREVIEW),
    Subscription(event=RECORDING_INSPECTED, job=MATCH),
    Subscription(event=RECORDING_DAMAGED, job=TELL_RECORDING),
)


def work(services: Services, files: LawBook) -> Work:
    """What a worker of this deployment does, by the law-book of these files."""
    lawbook = KeptLawBook(files)
    jobs = {
        **_scoring(services, lawbook),
        **_changes(services, lawbook),
        **_reports(services, lawbook),
        **_recordings(services),
        **_housekeeping(services),
    }
    return Work(jobs=jobs, schedules=SCHEDULES, subscriptions=SUBSCRIPTIONS, rounds=(_evidence(services),))


def _evidence(services: Services) -> Round:
    async def step() -> bool:
        return await sequence(services.database, services.signer)

    return Round(step=step, every=1.0)


def _scoring(services: Services, lawbook: KeptLawBook) -> Mapping[str, Handler]:
    async def one(payload: Mapping[str, Any]) -> None:
        await evaluate(services.database, payload, lawbook=await lawbook.current(services.database))

    async def many(payload: Mapping[str, Any]) -> None:
        await evaluate_many(services.database, payload, lawbook=await lawbook.current(services.database))

    async def everybody(_payload: Mapping[str, Any]) -> None:
        await evaluate_all(services.database)

    async def claims(_payload: Mapping[str, Any]) -> None:
        await match_claims(services.database, key=claims_key(services.key))

    async def reminded(payload: Mapping[str, Any]) -> None:
        await remind(services.database, payload)

    async def everybody_reminded(_payload: Mapping[str, Any]) -> None:
        await remind_all(services.database)

    async def results(_payload: Mapping[str, Any]) -> None:
        await remind_results(services.database, lawbook=await lawbook.current(services.database))

    async def published(payload: Mapping[str, Any]) -> None:
        book, objects = await lawbook.current(services.database), Objects(services.objects)
        await publish_results(services.database, payload, lawbook=book, objects=objects)

    return {
        REMIND_RESULTS: Handler(run=results, patient=True),
        PUBLISH_RESULTS: Handler(run=published, within=timedelta(hours=6), patient=True),
        "scoring.remind": Handler(run=reminded, patient=True),
        "scoring.remind_all": Handler(run=everybody_reminded),
        "scoring.evaluate": Handler(run=one),
        "scoring.evaluate_many": Handler(run=many, patient=True),
        "scoring.evaluate_in_turn": Handler(run=one, patient=True),
        "scoring.evaluate_all": Handler(run=everybody),
        MATCH_CLAIMS: Handler(run=claims, within=timedelta(hours=1), patient=True),
    }


def _changes(services: Services, lawbook: KeptLawBook) -> Mapping[str, Handler]:
    async def previewed(payload: Mapping[str, Any]) -> None:
        await preview(services.database, payload, lawbook=await lawbook.current(services.database))

    async def in_shadow(_payload: Mapping[str, Any]) -> None:
        await judge_in_shadow(services.database, lawbook=await lawbook.current(services.database))

    async def told(payload: Mapping[str, Any]) -> None:
        await tell_of_change(services.database, payload)

    return {
        IMPACT: Handler(run=previewed, attempts=3, within=timedelta(minutes=30), patient=True),
        SHADOW: Handler(run=in_shadow, within=timedelta(hours=2), patient=True),
        TELL: Handler(run=told, within=timedelta(hours=1), patient=True),
    }


def _reports(services: Services, lawbook: KeptLawBook) -> Mapping[str, Handler]:
    objects, renderer = Objects(services.objects), PdfRenderer()

    async def reports() -> ReportJobs:
        desk = ReportDesk(
            database=services.database,
            objects=objects,
            renderer=renderer,
            law_book=await lawbook.current(services.database),
            public_url=services.settings.web.url,
        )
        return ReportJobs(desk)

    async def monthly(payload: Mapping[str, Any]) -> None:
        await (await reports()).monthly(payload)

    async def make(payload: Mapping[str, Any]) -> None:
        await (await reports()).make(payload)

    return {
        MONTHLY: Handler(run=monthly),
        MAKE: Handler(run=make, attempts=3, within=timedelta(minutes=5), patient=True),
    }


def _recordings(services: Services) -> Mapping[str, Handler]:
    database, objects = services.database, Objects(services.objects)
    keeper, previews = Keeper(database, objects), Previews(database, objects)

    async def told(payload: Mapping[str, Any]) -> None:
        await tell_of_recording(database, payload)

    async def covered(payload: Mapping[str, Any]) -> None:
        await cover_tasks(database, payload)

    return {
        TELL_RECORDING: Handler(run=told),
        COVER_TASKS: Handler(run=covered, patient=True),
        ARCHIVE: Handler(run=Archive(database, objects).archive, within=timedelta(hours=1)),
        INSPECT: Handler(run=Inspector(database, objects).inspect, within=timedelta(hours=3), attempts=3, patient=True),
        PREVIEW: Handler(run=previews.make, within=timedelta(hours=3), attempts=3, patient=True),
        MATCH: Handler(run=Reuse(database).match, within=timedelta(hours=1), patient=True),
        NIGHT: Handler(run=keeper.night),
        LOOK_AFTER: Handler(run=keeper.look_after, within=timedelta(hours=6), patient=True),
    }


def _housekeeping(services: Services) -> Mapping[str, Handler]:
    sweeper = Sweeper(services.database, Objects(services.objects))

    async def forget(_payload: Mapping[str, Any]) -> None:
        await forget_done_work(services.database)
        await forget_sessions(services.database)

    async def rows(payload: Mapping[str, Any]) -> None:
        await log_rows(services.database, payload)

    async def check(_payload: Mapping[str, Any]) -> None:
        await check_nightly(services)

    async def tend(_payload: Mapping[str, Any]) -> None:
        await tend_daily(services)

    return {
        "log.tend": Handler(run=tend, attempts=10),
        "platform.forget": Handler(run=forget, within=timedelta(hours=1)),
        LOG_ROWS: Handler(run=rows, attempts=20),
        SWEEP: Handler(run=sweeper.sweep, attempts=3, within=timedelta(hours=2), patient=True),
        "log.check": Handler(run=check, attempts=1, within=timedelta(hours=3), patient=True),
    }
