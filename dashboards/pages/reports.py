"""Compliance reports: the list, and the file itself."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageError, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Text, mark
from hengjian.dashboards.pages.ask_report import report_form, report_in_making
from hengjian.dashboards.pages.other_records import ReportLine, ReportsPage
from hengjian.dashboards.parts import pager
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest
from hengjian.filing.api import ReportRow, list_reports, open_report
from hengjian.filing.errors import ReportFileError, ReportNotFoundError
from hengjian.tenants.api import known_organizations, visible_organization

_KINDS = {"organization": mark("机构月度合规报告"), "bureau": mark("地区月度合规报告")}
_FAILED = mark("没有生成，将自动重试")


@get("/reports")
async def show_reports(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """Reports that the visitor may read, newest month first."""
    asked = read_query(request)
    wanted = asked.value("organization")
    async with site.database.read(visitor.caller) as session:
        about = await visible_organization(session, wanted, on=site.today) if wanted else None
        if wanted and about is None:
            raise PageMissing
        found, total = await list_reports(
            session, tenant_id=about.id if about else None, limit=asked.size, offset=asked.offset
        )
        names = await known_organizations(session, {row.tenant_id for row in found})
        subject = about.id if about else visitor.caller.tenant_id
        making = await report_in_making(session, site, asked, subject) if subject else None
    own_name = site.templates.words(site.language(request, visitor)).of(visitor.organization)
    page = ReportsPage(
        organization=about.name if about else "",
        form=report_form(
            site, visitor, about.credit_code if about else visitor.credit_code, about.name if about else own_name
        ),
        making=making,
        reports=tuple(_line(row, names.get(row.tenant_id, "–")) for row in found),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
    )
    return site.show(request, "reports.html", page, visitor=visitor)


@get("/reports/{report:uuid}/file")
async def download_report(site: GivenSite, visitor: GivenVisitor, report: FromPath[UUID]) -> Response[bytes]:
    """The file of one report, as it was made; the audit keeps who took it."""
    async with site.database.write(visitor.caller) as session:
        try:
            found, content = await open_report(session, site.objects, report)
        except ReportNotFoundError as missing:
            raise PageMissing from missing
        except ReportFileError as damaged:
            raise PageError from damaged
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{found.file_name}"',
            "ETag": f'"{found.sha256}"',
        },
    )


def _line(row: ReportRow, name: str) -> ReportLine:
    made = row.state == "made"
    return ReportLine(
        subject=Text(name),
        kind=_KINDS[row.kind],
        month=f"{row.month:%Y-%m}",
        language=row.language,
        made_at=row.created_at,
        octets=row.size_bytes if made else None,
        sha256=row.sha256 if made else None,
        href=f"/reports/{row.id}/file" if made else "",
        state="" if made else _FAILED,
    )
