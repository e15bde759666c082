"""The result of a year in a bureau's region: its list with filter and CSV, and its steps."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.csv_export import csv_answer
from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text, Words, mark
from hengjian.dashboards.pages.finding_steps import person_of
from hengjian.dashboards.pages.profile import score_text
from hengjian.dashboards.pages.results_record import LeftLine, ResultChoice, ResultDone, ResultLine, YearlyResultPage
from hengjian.dashboards.parts import Filter, chips, choice, pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    KnownEntry,
    KnownResult,
    ResultAct,
    ResultRefusal,
    ResultState,
    ResultStep,
    Show,
    Terms,
    Wanted,
    allowed_result_acts,
    legal_calendar,
    read_left,
    read_result_list,
    read_yearly_result,
    take_result_step,
)
from hengjian.scoring.errors import NoCreditModelError, ResultNotReadyError, ResultRefusedError

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
    return await _show(request, site, inspector, year_of(site, year))


@post("/credit/{year:int}/steps", status_code=303)
async def take_year_step(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, year: FromPath[int]
) -> Response[str]:
    """One step; what is refused comes back with the words that were typed."""
    form = await session_form(site, request)
    reason = str(form.get("reason", ""))
    try:
        step = ResultStep(year=year_of(site, year), act=ResultAct(str(form.get("act", ""))), reason=reason)
    except ValueError as unknown:
        raise BadQuery from unknown
    try:
        async with site.database.write(inspector.caller) as session:
            await take_result_step(session, step, by=person_of(inspector), lawbook=site.lawbook, now=site.now())
    except (ResultRefusedError, ResultNotReadyError, NoCreditModelError) as refused:
        problem = Text(refused.zh, refused.en)
        return await _show(request, site, inspector, year, problem=problem, kept=reason)
    return Redirect(f"/credit/{year}", status_code=303)


@get("/credit/{year:int}/list.csv")
async def export_year(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, year: FromPath[int]
) -> Response[str]:
    """The list as filtered, all of it; the export is in the audit."""
    asked = read_query(request)
    text, show = _filters(asked)
    async with site.database.write(inspector.caller) as session:
        found = await read_yearly_result(session, year_of(site, year), region=inspector.caller.region or "")
        wanted = Wanted(text=text, show=show)
        lines = (await read_result_list(session, found.listed, wanted))[0] if found.listed else ()
        detail = {"rows": len(lines), "filter": "&".join(f"{key}={value}" for key, value in asked.query)[:500]}
        await record(session, "export.csv", target=f"credit:{year}", detail=detail)
    words = site.templates.words(site.language(request, inspector))
    head = [words(text) for text in _CSV_HEAD]
    return csv_answer(f"credit-{year}", site.today, head=head, rows=[_cells(site, one, words) for one in lines])


def year_of(site: Site, year: int) -> int:
    """A year that has a page.

    Raises:
        PageMissing: another one.
    """
    if not 2020 <= year <= site.today.year:
        raise PageMissing
    return year


_CSV_HEAD = (
    mark("统一社会信用代码"),
    mark("机构"),
    mark("地区"),
    mark("名单得分"),
    mark("名单等级"),
    mark("现在得分"),
    mark("现在等级"),
    mark("已确认，项"),
    mark("异议或申诉未决，项"),
    mark("文书号"),
    mark("核验包 SHA-256"),
)
_SHOWS: dict[str, Bilingual | str] = {
    "": mark("全部"),
    Show.OPEN: mark("未公布"),
    Show.WAITS: mark("等待决定或重新计分"),
    Show.FINAL: mark("已公布"),
    Show.WRONG: mark("公布后有变"),
}
_TEXT = mark("机构名称或统一社会信用代码")
_PATIENCE = timedelta(minutes=15)


def _filters(asked: Asked) -> tuple[str, Show | None]:
    show = asked.one_of("show", frozenset(Show))
    return asked.value("q") or "", Show(show) if show else None


async def _show(
    request: HtmlRequest, site: Site, visitor: Visitor, year: int, *, problem: Bilingual | None = None, kept: str = ""
) -> Response[str]:
    asked, region = read_query(request), visitor.caller.region or ""
    text, show = _filters(asked)
    wanted = Wanted(text=text, show=show, limit=asked.size, offset=asked.offset)
    async with site.database.read(visitor.caller) as session:
        found = await read_yearly_result(session, year, region=region)
        lines, shown = await read_result_list(session, found.listed, wanted) if found.listed else ((), 0)
        left, left_total = await read_left(session, year, region=region)
    allowed = allowed_result_acts(found, caller=visitor.caller, roles=frozenset(visitor.roles), on=site.today)
    path, choices = f"/credit/{year}", (choice("show", mark("范围"), _SHOWS, show or ""),)
    publish_by = _publish_by(site, found, region)
    state = found.result.state(found.tally, on=site.today)
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
        lines=_lines(site, year, lines),
        tally=found.tally,
        filter=Filter(
            action=path,
            text=text,
            text_label=_TEXT,
            choices=choices,
            chips=chips(path, asked.query, choices, (_TEXT, text)),
        ),
        csv_href=address(f"{path}/list.csv", asked.query, page=None, size=None),
        poll=address(path, asked.query) if _publishing(site, found) else "",
        steps=tuple(ResultDone(_ACTS[one.act][0], one.by, one.at, one.reason) for one in found.steps),
        pager=pager(path, asked.query, page=asked.page, size=asked.size, total=shown),
        left=tuple(
            LeftLine(one.name, one.credit_code, region_name(one.region, site.today), one.left_on) for one in left
        ),
        left_total=left_total,
        problem=problem,
        kept=kept,
    )
    return site.show(request, "yearly_result.html", page, visitor=visitor, status=422 if problem else 200)


def _publishing(site: Site, found: KnownResult) -> bool:
    """Whether grades are on their way to the public: something is due, and a step or a grade came not long ago."""
    last = found.steps[-1] if found.steps else None
    due = {ResultAct.PUBLISH: found.tally.ready, ResultAct.CORRECT: found.tally.wrong}.get(last.act, 0) if last else 0
    heard = max((moment for moment in (last and last.at, found.last_final_at) if moment), default=None)
    return due > 0 and heard is not None and site.now() - heard < _PATIENCE


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
            dossier_href=f"/credit/{year}/{one.credit_code}/dossier?region={one.region}",
            kept=one.dossier_sha256,
        )
        for one in entries
    )


def _cells(site: Site, one: KnownEntry, words: Words) -> tuple[object, ...]:
    year = one.year
    return (
        one.credit_code,
        one.name,
        words.of(region_name(one.region, site.today)),
        printed(site, one.listed_total, one.region, year) or "–",
        one.listed_grade or "–",
        printed(site, one.total, one.region, year) or "–",
        one.grade or "–",
        one.findings,
        one.contested,
        one.document_no or "–",
        one.dossier_sha256 or "–",
    )
