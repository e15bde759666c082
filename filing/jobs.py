"""Reports made by themselves: each month for everybody, and one by one when somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from hengjian.filing.domain.compliance_report import month_before
from hengjian.filing.errors import ReportSubjectError
from hengjian.filing.make_report import ReportDesk, ReportWanted, make_report
from hengjian.filing.texts import LANGUAGES, Language
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.events import emit
from hengjian.platform.jobs import enqueue_all
from hengjian.tenants.api import every_subject, subject_by_id

MONTHLY = "filing.monthly_reports"
"""Job: put in one report job for every organization and bureau."""
MAKE = "filing.make_report"
"""Job: make one report."""
WANTED = "report.wanted"
"""Event: somebody asked for a report; heard by `filing.make_report`."""
MONTHLY_CRON = "0 6 1 * *"
"""The first of each month, 06:00 Asia/Shanghai."""

SCHEDULED_LANGUAGE: Language = "zh"


async def queue_monthly_reports(database: Database, payload: Mapping[str, Any]) -> int:
    """Puts in the report jobs of the month that ended before the slot; how many. Harmless when repeated."""
    month = month_before(legal_day(datetime.fromisoformat(payload["slot"])))
    caller = Caller(kind="job", actor=MONTHLY)
    async with database.read(caller) as session:
        subjects = await every_subject(session)
    payloads = {
        f"{subject.id}|{month}|{SCHEDULED_LANGUAGE}": _payload(
            subject.id, month, SCHEDULED_LANGUAGE, requested_by="schedule", scheduled=True
        )
        for subject in subjects
    }
    async with database.write(caller) as session:
        await enqueue_all(session, MAKE, payloads)
    return len(subjects)


async def request_report(session: Session, subject_id: UUID, *, month: str, language: Language) -> None:
    """Asks for a report; it is made by a worker and then stands in the list."""
    await emit(
        session, WANTED, _payload(subject_id, month, language, requested_by=session.caller.actor, scheduled=False)
    )


@dataclass(frozen=True, slots=True)
class ReportJobs:
    """The two jobs, with what they need."""

    desk: ReportDesk

    async def monthly(self, payload: Mapping[str, Any]) -> None:
        """Job `filing.monthly_reports`."""
        await queue_monthly_reports(self.desk.database, payload)

    async def make(self, payload: Mapping[str, Any]) -> None:
        """Job `filing.make_report`.

        Raises:
            ReportSubjectError: nobody has this id.
        """
        subject_id = UUID(payload["subject_id"])
        async with self.desk.database.read(Caller(kind="job", actor=MAKE, tenant_id=subject_id)) as session:
            subject = await subject_by_id(session, subject_id)
        if subject is None:
            raise ReportSubjectError(str(subject_id))
        language = payload["language"]
        wanted = ReportWanted(
            subject=subject,
            month=payload["month"],
            language=cast("Language", language) if language in LANGUAGES else "zh",
            requested_by=payload["requested_by"],
            scheduled=payload["scheduled"],
        )
        await make_report(self.desk, wanted, now=datetime.now(UTC))


def _payload(subject_id: UUID, month: str, language: Language, *, requested_by: str, scheduled: bool) -> dict[str, Any]:
    return {
        "subject_id": str(subject_id),
        "month": month,
        "language": language,
        "requested_by": requested_by,
        "scheduled": scheduled,
    }
