"""`hengjian report`: make a monthly compliance report now."""

from datetime import UTC, datetime
from pathlib import Path

import click

from hengjian.deploy.cli.entering import AS_JSON, operate, operator, operator_name, refuse
from hengjian.deploy.cli.frame import in_chinese, print_json
from hengjian.deploy.services import Services
from hengjian.filing.api import (
    LANGUAGES,
    Language,
    ReportDesk,
    ReportRow,
    ReportSubjectError,
    ReportWanted,
    make_report,
    month_before,
)
from hengjian.platform.calendar import legal_day
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfError, PdfRenderer
from hengjian.scoring.api import lawbook_now
from hengjian.tenants.api import ReportSubject, bureau_of_region, subject_by_credit_code


@click.command()
@click.option("--organization", metavar="CREDIT_CODE", help="Whom it is about: an organization, by its credit code.")
@click.option("--bureau", metavar="REGION", help="Whom it is about: a bureau's whole region, by its GB/T 2260 code.")
@click.option("--month", metavar="YYYY-MM", help="Month reported on; without it the last one that has ended.")
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write the PDF to this file.")
@AS_JSON
@click.pass_context
def report(  # one argument an option, all named
    context: click.Context,
    *,
    organization: str | None,
    bureau: str | None,
    month: str | None,
    language: Language,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make a compliance report now, from what is known now, and list it with the others.

    For example: hengjian report --organization 91650100MA77L0X00A --month 2026-10 --out report.pdf
    """
    if (organization is None) == (bureau is None):
        raise click.UsageError("give one of --organization CREDIT_CODE and --bureau REGION")
    now = datetime.now(UTC)
    wanted_month = month or month_before(legal_day(now))

    async def work(services: Services) -> tuple[ReportRow, bytes]:
        return await _make(services, organization, bureau, month=wanted_month, language=language, now=now)

    try:
        made, pdf = operate(context, work, as_json=as_json)
    except PdfError as failed:
        refuse(context, code=failed.code, zh=f"报告未能生成：{failed}", en=str(failed), as_json=as_json)
    if out is not None:
        out.write_bytes(pdf)
    _tell(made, out, as_json=as_json)


async def _make(
    services: Services, organization: str | None, bureau: str | None, *, month: str, language: Language, now: datetime
) -> tuple[ReportRow, bytes]:
    objects = Objects(services.objects)
    async with PdfRenderer() as renderer:
        desk = ReportDesk(
            database=services.database,
            objects=objects,
            renderer=renderer,
            law_book=await lawbook_now(services.database),
            public_url=services.settings.web.url,
        )
        subject = await _subject(desk, organization, bureau)
        wanted = ReportWanted(subject=subject, month=month, language=language, requested_by=operator_name())
        made = await make_report(desk, wanted, now=now)
        if made is None:
            raise ReportSubjectError(subject.credit_code)
        return made, await objects.take(made.object_path, sha256=made.sha256)


async def _subject(desk: ReportDesk, organization: str | None, bureau: str | None) -> ReportSubject:
    async with desk.database.read(operator()) as session:
        if organization is not None:
            found = await subject_by_credit_code(session, organization.strip().upper())
        else:
            found = await bureau_of_region(session, (bureau or "").strip())
    if found is None:
        raise ReportSubjectError(organization or bureau or "")
    return found


def _tell(made: ReportRow, out: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "id": made.id,
                "number": made.number,
                "kind": made.kind,
                "month": f"{made.month:%Y-%m}",
                "language": made.language,
                "pages": made.pages,
                "bytes": made.size_bytes,
                "sha256": made.sha256,
                "file": None if out is None else str(out),
            }
        )
        return
    where = "" if out is None else f", {out}"
    if in_chinese():
        click.echo(f"报告 {made.number}：{made.pages} 页，{made.size_bytes:,} 字节，SHA-256 {made.sha256}{where}")
    else:
        click.echo(f"report {made.number}: {made.pages} pages, {made.size_bytes:,} bytes, SHA-256 {made.sha256}{where}")
