"""Reports that were made: listing them, opening one, keeping a new one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from hengjian.filing.errors import ReportFileError, ReportNotFoundError
from hengjian.filing.tables import report
from hengjian.platform.audit import record
from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.log import leaf_of_row
from hengjian.platform.objects import ObjectDamagedError, ObjectMissingError, Objects

_COLUMNS = ", ".join(column.name for column in report.columns)
_LIST = sql(f"""
    select {_COLUMNS}, count(*) over () as total from report
     where (cast(:tenant as uuid) is null or tenant_id = :tenant)
       and (cast(:kind as text) is null or kind = :kind) and (cast(:month as date) is null or month = :month)
     order by month desc, created_at desc, id desc limit :limit offset :offset
""")
_ONE = sql(f"select {_COLUMNS} from report where id = :id and (cast(:tenant as uuid) is null or tenant_id = :tenant)")
_SCHEDULED = sql("""
    select 1 from report where tenant_id = :tenant and month = :month and language = :language
       and scheduled and state = 'made'
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One report as listed. `tenant_id` is whom it is about; a failed one has no file and a `problem` code."""

    tenant_id: UUID
    region: str
    id: UUID
    kind: str
    month: date
    language: str
    number: str
    state: str
    created_at: datetime
    known_at: datetime
    requested_by: str
    scheduled: bool
    law_book: str
    pages: int
    size_bytes: int
    sha256: str
    object_path: str
    problem: str

    @property
    def file_name(self) -> str:
        """The name to download it under: ASCII, without anything that somebody typed."""
        return f"hengjian-{self.kind}-{self.month:%Y-%m}-{self.number}-{self.language}.pdf"


async def list_reports(  # a list's filters, all named
    session: ReadSession,
    *,
    tenant_id: UUID | None = None,
    kind: str | None = None,
    month: date | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[tuple[ReportRow, ...], int]:
    """A page of the reports that the caller may see, newest month first, and how many there are in all."""
    values = {"tenant": tenant_id, "kind": kind, "month": month, "limit": limit, "offset": offset}
    rows = await session.all(_LIST, values)
    return tuple(_row(row) for row in rows), rows[0].total if rows else 0


async def find_report(session: ReadSession, report_id: UUID, *, tenant_id: UUID | None = None) -> ReportRow:
    """One report as listed.

    Raises:
        ReportNotFoundError: the caller sees none with this id.
    """
    row = await session.first(_ONE, {"id": report_id, "tenant": tenant_id})
    if row is None:
        raise ReportNotFoundError
    return _row(row)


async def open_report(
    session: Session, objects: Objects, report_id: UUID, *, tenant_id: UUID | None = None
) -> tuple[ReportRow, bytes]:
    """The file of a report, checked against its hash; the audit keeps who took it.

    Raises:
        ReportNotFoundError: the caller sees none with this id, or it failed and has no file.
        ReportFileError: the file is missing or was changed.
    """
    found = await find_report(session, report_id, tenant_id=tenant_id)
    if found.state != "made":
        raise ReportNotFoundError
    try:
        content = await objects.take(found.object_path, sha256=found.sha256)
    except (ObjectMissingError, ObjectDamagedError) as error:
        raise ReportFileError(found.number) from error
    await record(
        session,
        "report.download",
        target=str(found.id),
        tenant_id=found.tenant_id,
        detail={"number": found.number, "sha256": found.sha256},
    )
    return found, content


async def scheduled_report_exists(session: ReadSession, tenant_id: UUID, *, month: date, language: str) -> bool:
    """Whether the schedule has made this report already."""
    values = {"tenant": tenant_id, "month": month, "language": language}
    return await session.scalar(_SCHEDULED, values) is not None


async def keep_report(session: Session, row: ReportRow) -> bool:
    """Adds a made or failed report with its audit row; False when the schedule has made this one meanwhile."""
    values = {column.name: getattr(row, column.name) for column in report.columns}
    if not await session.run(insert(report).values(values).on_conflict_do_nothing()):
        return False
    facts = {"number": row.number, "kind": row.kind, "month": f"{row.month:%Y-%m}", "sha256": row.sha256}
    await record(
        session,
        "report.make",
        target=str(row.id),
        tenant_id=row.tenant_id,
        outcome="ok" if row.state == "made" else "failed",
        detail={"number": row.number, "month": f"{row.month:%Y-%m}", "sha256": row.sha256, "problem": row.problem},
        leaves=[leaf_of_row(report, values, facts=facts)],
    )
    return True


def _row(row: Row[Any]) -> ReportRow:
    return ReportRow(**{column.name: getattr(row, column.name) for column in report.columns})
