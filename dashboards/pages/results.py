"""The result of a year in a bureau's region: its list, its steps, and the dossier behind each score."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text, mark
from hengjian.dashboards.pages.finding_steps import person_of
from hengjian.dashboards.pages.profile import score_text
from hengjian.dashboards.pages.results_record import ResultChoice, ResultDone, ResultLine, YearlyResultPage
from hengjian.dashboards.parts import pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    DossierRequest,
    KnownEntry,
    KnownResult,
    ResultAct,
    ResultRefusal,
    ResultState,
    ResultStep,
    Terms,
    allowed_result_acts,
    legal_calendar,
    prepare_dossier,
    read_yearly_result,
    take_result_step,
)
from hengjian.scoring.errors import NoCreditModelError, ResultNotReadyError, ResultRefusedError
from hengjian.tenants.api import get_supervised, organization_id_of

STATES = {
    ResultState.NONE: mark("未编制"),
    ResultState.PREPARED: mark("待批准"),
    ResultState.PUBLICITY: mark("公示中"),
    ResultState.PUBLISHING: mark("公示期满，待公布"),
    ResultState.PUBLISHED: mark("已公布"),
}
_ACTS = {
    ResultAct.PREPARE: (mark("编制名单"), mark("取截至 12 月 31 日的正式得分和等级，由另一名人员批准")),
    ResultAct.APPROVE: (mark("批准并公示"), mark("公示 15 天，其间受理对违规项的异议")),
    ResultAct.RETURN: (mark("退回名单"), mark("由监管人员重新编制")),
    ResultAct.PUBLISH: (mark("公布等级"), mark("只公布没有未决异议或申诉的机构；其余决定后再公布")),
    ResultAct.PROPOSE_CORRECT: (mark("提议更正等级"), mark("公布后的异议或申诉决定改变了得分；由另一名人员批准")),
    ResultAct.CORRECT: (mark("批准更正"), mark("公布更正后的等级；原等级保留为已替代")),
}
_WAITS = {
    ResultRefusal.SAME_PERSON: mark("编制与批准不能是同一人，由另一名复核人批准"),
    ResultRefusal.YEAR_NOT_OVER: mark("年度尚未结束，次年 1 月 1 日起可以编制"),
    ResultRefusal.PUBLICITY_LASTS: mark("公示期未满"),
    ResultRefusal.ALL_WAIT: mark("其余机构均有未决的异议或申诉，或正在重新计分"),
}


@get("/credit")
async def show_this_year(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The result of last year."""
    return await _show(request, site, inspector, site.today.year - 1)


@get("/credit/{year:int}")
async def show_year(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, year: FromPath[int]
) -> Response[str]:
    """The result of a year."""
    return await _show(request, site, inspector, _year(site, year))


@post("/credit/{year:int}/steps", status_code=303)
async def take_year_step(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, year: FromPath[int]
) -> Response[str]:
    """One step; what is refused comes back with the words that were typed."""
    form = await session_form(site, request)
    reason = str(form.get("reason", ""))
    try:
        step = ResultStep(year=_year(site, year), act=ResultAct(str(form.get("act", ""))), reason=reason)
    except ValueError as unknown:
        raise BadQuery from unknown
    try:
        async with site.database.write(inspector.caller) as session:
            await take_result_step(session, step, by=person_of(inspector), lawbook=site.lawbook, now=site.now())
    except (ResultRefusedError, ResultNotReadyError, NoCreditModelError) as refused:
        problem = Text(refused.zh, refused.en)
        return await _show(request, site, inspector, year, problem=problem, kept=reason)
    return Redirect(f"/credit/{year}", status_code=303)


@get("/credit/{year:int}/{credit_code:str}/dossier")
async def download_dossier(
    site: GivenSite, inspector: GivenVisitor, year: FromPath[int], credit_code: FromPath[str]
) -> Response[bytes]:
    """The dossier of an organization as of the last day of the year, made now, the audit keeps who took it; anybody can recompute it."""
    as_of = date(_year(site, year), 12, 31)
    async with site.database.read(inspector.caller) as session:
        identity = await organization_id_of(session, credit_code)
    if identity is None:
        raise PageMissing
    async with site.database.write(inspector.caller, focus=identity) as session:
        organization = await get_supervised(session, identity, on=site.today)
        if organization is None:
            raise PageMissing
        region = next(
            (one for one in organization.judged_regions if one.startswith(inspector.caller.region or "")), None
        )
        if region is None:
            raise PageMissing
        wanted = DossierRequest(region=region, as_of=as_of, known_at=site.now())
        content = await prepare_dossier(session, organization, wanted, lawbook=site.lawbook)
        await record(session, "export.dossier", target=credit_code, tenant_id=identity, detail={"as_of": str(as_of)})
    name = f"dossier-{credit_code}-{as_of.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)


def _year(site: Site, year: int) -> int:
    if not 2020 <= year <= site.today.year:
        raise PageMissing
    return year


async def _show(
    request: HtmlRequest, site: Site, visitor: Visitor, year: int, *, problem: Bilingual | None = None, kept: str = ""
) -> Response[str]:
    asked, region = read_query(request), visitor.caller.region or ""
    async with site.database.read(visitor.caller) as session:
        found = await read_yearly_result(session, year, region=region)
    allowed = allowed_result_acts(found, caller=visitor.caller, roles=frozenset(visitor.roles), on=site.today)
    shown = found.entries[asked.offset : asked.offset + asked.size]
    publish_by = _publish_by(site, found, region)
    state = found.result.state([one.entry for one in found.entries], on=site.today)
    page = YearlyResultPage(
        year=year,
        years=_years(site, year),
        region=region_name(region, site.today),
        state=STATES[state],
        publicity_until=found.result.publicity_until,
        publish_by=publish_by if state is not ResultState.PUBLISHED else None,
        late=state is not ResultState.PUBLISHED and site.today > (publish_by or found.result.end_of_march),
        choices=tuple(ResultChoice(act, *_ACTS[act]) for act, why in allowed.items() if why is None),
        waits=next((_WAITS[why] for why in allowed.values() if why in _WAITS), ""),
        lines=_lines(site, year, shown),
        total=len(found.entries),
        ready=sum(one.entry.ready for one in found.entries),
        final=sum(one.entry.final for one in found.entries),
        steps=tuple(ResultDone(_ACTS[one.act][0], one.by, one.at, one.reason) for one in found.steps),
        pager=pager(f"/credit/{year}", asked.query, page=asked.page, size=asked.size, total=len(found.entries)),
        problem=problem,
        kept=kept,
    )
    return site.show(request, "yearly_result.html", page, visitor=visitor, status=422 if problem else 200)


def _publish_by(site: Site, found: KnownResult, region: str) -> date | None:
    model = site.lawbook.credit_model(region=region, on=date(found.result.year, 12, 31))
    return found.result.publish_by(Terms.of(model.terms), legal_calendar()) if model else None


def printed(site: Site, total: Decimal | None, region: str, year: int) -> str | None:
    """A score of a year as its model prints it; None when not rated."""
    return score_text(total, site.lawbook.credit_model(region=region, on=date(year, 12, 31)))


def _years(site: Site, chosen: int) -> tuple[tuple[int, str, bool], ...]:
    this = legal_day(site.now()).year
    return tuple((year, f"/credit/{year}", year == chosen) for year in range(this - 2, this + 1))


def _lines(site: Site, year: int, entries: Sequence[KnownEntry]) -> tuple[ResultLine, ...]:
    return tuple(
        ResultLine(
            name=one.name,
            credit_code=one.credit_code,
            region=region_name(one.region, site.today),
            listed=printed(site, one.listed_total, one.region, year),
            listed_grade=one.listed_grade,
            total=printed(site, one.total, one.region, year),
            grade=one.grade,
            unrated=one.unrated,
            findings=one.findings,
            waits=one.contested,
            stale=one.stale,
            document_no=one.document_no,
            wrong=one.entry.wrong,
            dossier_href=f"/credit/{year}/{one.credit_code}/dossier",
        )
        for one in entries
    )
