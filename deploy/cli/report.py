"""`hengjian report`: make a monthly compliance report now."""

import asyncio
import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.frame import in_chinese, print_json, settings_of
from hengjian.deploy.services import Services, open_services
from hengjian.filing.api import (
    LANGUAGES,
    FilingError,
    Language,
    ReportDesk,
    ReportRow,
    ReportSubjectError,
    ReportWanted,
    make_report,
    month_before,
)
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller
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
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
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
    settings = settings_of(context)
    check_reachable(find_access(settings).application)
    now = datetime.now(UTC)
    wanted_month = month or month_before(legal_day(now))
    try:
        made, pdf = asyncio.run(
            _make(open_services(settings), organization, bureau, month=wanted_month, language=language, now=now)
        )
    except FilingError as refused:
        _refuse(context, code=refused.code, zh=refused.zh, en=refused.en, as_json=as_json)
    except PdfError as failed:
        _refuse(context, code=failed.code, zh=f"报告未能生成：{failed}", en=str(failed), as_json=as_json)
    if out is not None:
        out.write_bytes(pdf)
    _tell(made, out, as_json=as_json)


async def _make(
    services: Services, organization: str | None, bureau: str | None, *, month: str, language: Language, now: datetime
) -> tuple[ReportRow, bytes]:
    operator = f"operator:{getpass.getuser()}"
    objects = Objects(services.objects)
    try:
        async with PdfRenderer() as renderer:
            desk = ReportDesk(
                database=services.database,
                objects=objects,
                renderer=renderer,
                law_book=await lawbook_now(services.database),
                public_url=services.settings.web.url,
            )
            subject = await _subject(desk, organization, bureau, operator=operator)
            wanted = ReportWanted(subject=subject, month=month, language=language, requested_by=operator)
            made = await make_report(desk, wanted, now=now)
            if made is None:
                raise ReportSubjectError(subject.credit_code)
            return made, await objects.take(made.object_path, sha256=made.sha256)
    finally:
        await services.database.close()


async def _subject(desk: ReportDesk, organization: str | None, bureau: str | None, *, operator: str) -> ReportSubject:
    async with desk.database.read(Caller(kind="job", actor=operator, source="command line")) as session:
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


def _refuse(context: click.Context, *, code: str, zh: str, en: str, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"error": {"code": code, "en": en, "zh": zh}})
    else:
        click.echo(f"{'错误：' if in_chinese() else 'Error: '}{zh if in_chinese() else en}", err=True)
    context.exit(1)
