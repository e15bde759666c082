"""Making one compliance report: gather, lay out, keep. Row, audit and event stand or fall together."""

from dataclasses import dataclass, replace
from datetime import datetime

from hengjian.filing.bureau_report import bureau_report
from hengjian.filing.domain.compliance_report import ComplianceReport, Period, period_of
from hengjian.filing.errors import ReportMonthError
from hengjian.filing.gather_bureau import gather_bureau
from hengjian.filing.gather_organization import gather_organization
from hengjian.filing.organization_report import organization_report
from hengjian.filing.report_html import report_document
from hengjian.filing.report_inputs import ReportInputs
from hengjian.filing.report_seal import report_digest, seal_of
from hengjian.filing.reports import ReportRow, keep_report, scheduled_report_exists
from hengjian.filing.texts import Language
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.issued import Paper, keep_issued
from hengjian.platform.log.store import latest_attestations, latest_checkpoint
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfError, PdfRenderer
from hengjian.platform.proof.notes import Note
from hengjian.scoring.api import LawBook
from hengjian.tenants.api import ReportSubject, bureau_over

MADE = "report.made"
"""Event: a report is ready; payload report_id, tenant_id, kind, month, language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDesk:
    """What making reports needs, opened once in a process; `public_url` is where people reach the pages."""

    database: Database
    objects: Objects
    renderer: PdfRenderer
    law_book: LawBook
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWanted:
    """Which report: about whom, for which month (YYYY-MM), in which language, and who asked.

    A scheduled one is made once for its subject, month and language; one that somebody asks for is made each time,
    with the knowledge of that moment.
    """

    subject: ReportSubject
    month: str
    language: Language
    requested_by: str
    scheduled: bool = False


async def make_report(desk: ReportDesk, wanted: ReportWanted, *, now: datetime) -> ReportRow | None:
    """Makes and keeps a report; None when the schedule has made it already.

    Raises:
        ReportMonthError: not a month, or one that has not begun.
        PdfError: it could not be drawn; a failed row says so.
    """
    period = reported_period(wanted.month, now)
    writer = Caller(kind="job", actor=wanted.requested_by, tenant_id=wanted.subject.id, source="filing.make_report")
    async with desk.database.read(writer) as session:
        if wanted.scheduled and await scheduled_report_exists(
            session, wanted.subject.id, month=period.since, language=wanted.language
        ):
            return None
        bureau = await bureau_over(session, wanted.subject.region)
        signed = await latest_checkpoint(session)
        said = await latest_attestations(session)
    row = _row(wanted, period, now=now)
    inputs = ReportInputs(
        subject=wanted.subject,
        bureau=bureau,
        period=period,
        number=row.number,
        now=now,
        language=wanted.language,
        law_book=desk.law_book,
        checkpoint=" ".join(Note.read(signed.note).text.split("\n")[:3]) if signed else "",
        witnesses=", ".join(f"{one.name} {one.size} {legal_day(one.at)}" for one in said if one.kind == "cosignature"),
    )
    report = await _gathered(desk.database, inputs, requested_by=wanted.requested_by)
    row = replace(row, law_book=report.cover.law_book)
    digest = report_digest(report, wanted.language)
    seal = seal_of(digest, public_url=desk.public_url)
    try:
        drawn = await desk.renderer.render(report_document(report, wanted.language, seal))
    except PdfError as error:
        async with desk.database.write(writer) as session:
            await keep_report(session, replace(row, state="failed", problem=error.code))
        raise
    kept = await desk.objects.keep(drawn.pdf, suffix="pdf")
    row = replace(row, pages=drawn.pages, size_bytes=kept.size, sha256=kept.sha256, object_path=kept.path)
    async with desk.database.write(writer) as session:
        if not await keep_report(session, row):
            return None
        await keep_issued(
            session,
            Paper((digest, kept.sha256), digest),
            series=("report", str(row.tenant_id), wanted.month, wanted.language),
            issued_at=now,
        )
        await emit(session, MADE, _payload(row))
    return row


def reported_period(month: str, now: datetime) -> Period:
    """The month, which must have begun.

    Raises:
        ReportMonthError: it is not written YYYY-MM, or lies in the future.
    """
    try:
        period = period_of(month)
    except ValueError as error:
        raise ReportMonthError(month) from error
    if period.since > legal_day(now):
        raise ReportMonthError(month)
    return period


async def _gathered(database: Database, inputs: ReportInputs, *, requested_by: str) -> ComplianceReport:
    """Reads as the one whom the report is for: an organization its own rows, a bureau its region's."""
    subject = inputs.subject
    reader = Caller(
        kind="bureau" if subject.is_bureau else "member",
        tenant_id=subject.id,
        region=subject.region if subject.is_bureau else None,
        actor=requested_by,
        source="filing.make_report",
    )
    async with database.read(reader) as session:
        if subject.is_bureau:
            return bureau_report(await gather_bureau(session, inputs), inputs.say)
        return organization_report(await gather_organization(session, inputs), inputs.say)


def _row(wanted: ReportWanted, period: Period, *, now: datetime) -> ReportRow:
    report_id = uuid7()
    subject = wanted.subject
    return ReportRow(
        tenant_id=subject.id,
        region=subject.region,
        id=report_id,
        kind="bureau" if subject.is_bureau else "organization",
        month=period.since,
        language=wanted.language,
        number=f"HG-{subject.region}-{period.since:%Y%m}-{report_id.hex[-8:].upper()}",
        state="made",
        created_at=now,
        known_at=now,
        requested_by=wanted.requested_by,
        scheduled=wanted.scheduled,
        law_book="",
        pages=0,
        size_bytes=0,
        sha256="",
        object_path="",
        problem="",
    )


def _payload(row: ReportRow) -> dict[str, str]:
    return {
        "report_id": str(row.id),
        "tenant_id": str(row.tenant_id),
        "kind": row.kind,
        "month": f"{row.month:%Y-%m}",
        "language": row.language,
    }
