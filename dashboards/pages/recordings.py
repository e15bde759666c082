"""Lists of recordings: a bureau's over its region, the worst first, and an organization's own."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.csv_export import MOST_ROWS, csv_answer
from hengjian.dashboards.errors import BadQuery
from hengjian.dashboards.formats import exact_moment, moment
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.organization_record import OrganizationHead
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head
from hengjian.dashboards.pages.recording_media import looker_of
from hengjian.dashboards.pages.recording_words import NODES, SECRECY, STAGES
from hengjian.dashboards.pages.recordings_record import RecordingLine, RecordingsPage
from hengjian.dashboards.parts import Chip, Choice, DayField, Filter, chips, choice, heads, pager
from hengjian.dashboards.query import Asked, read_day, read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    RECORDING_SORTS,
    ListedRecording,
    RecordingFilter,
    list_recordings,
    people_of_several,
)
from hengjian.platform.audit import record
from hengjian.platform.db import ReadSession

Names = Mapping[tuple[UUID, str], str]
_TEXT = mark("录像、任务、人员或机构")
_COLUMNS = (
    (mark("录像编号"), "", False),
    (mark("任务"), "", False),
    (mark("环节"), "", False),
    (mark("人员"), "", False),
    (mark("开始"), "time", False),
    (mark("时长"), "", True),
    (mark("归档"), "", False),
    (mark("检查结果"), "problems", False),
)
_CSV_HEAD = (
    mark("录像编号"),
    mark("机构"),
    mark("统一社会信用代码"),
    mark("任务"),
    mark("环节"),
    mark("节点"),
    mark("人员"),
    mark("录像设备"),
    mark("开始"),
    mark("结束"),
    mark("归档"),
    mark("涉密"),
    mark("错误，项"),
    mark("警告，项"),
    mark("超过 72 小时归档"),
    mark("与其他录像相同，处"),
    mark("任务缺录，秒"),
)


@get("/recordings")
async def show_all_recordings(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The recordings of a bureau's region, the worst first."""
    async with site.database.read(inspector.caller) as session:
        page = await _page(request, site, inspector, session, None)
    return site.show(request, "recordings.html", page, visitor=inspector)


@get("/recordings.csv")
async def export_all_recordings(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The same list as a file, with the same filter; the audit keeps who took it."""
    return await _export(request, site, inspector, None)


@get("/orgs/{credit_code:str}/recordings")
async def show_recordings(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """The recordings of an organization, the newest first."""
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        page = await _page(request, site, visitor, session, look)
    return site.show(request, "organization_recordings.html", page, visitor=visitor)


@get("/orgs/{credit_code:str}/recordings.csv")
async def export_recordings(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """The same list as a file."""
    return await _export(request, site, visitor, await open_profile(request, site, visitor, credit_code))


async def _export(request: HtmlRequest, site: Site, visitor: Visitor, look: Look | None) -> Response[str]:
    asked = read_query(request)
    words = site.templates.words(site.language(request, visitor))
    focus = look.organization.id if look and visitor.of_bureau else None
    tenant = look.organization.id if look else None
    async with site.database.write(visitor.caller, focus=focus) as session:
        found, total = await list_recordings(
            session,
            _wanted(asked, tenant),
            looker=looker_of(visitor),
            sort=_sort(asked, look is not None),
            limit=MOST_ROWS,
        )
        names = await _names(session, found)
        detail = {"list": "recordings", "rows": len(found), "of": total}
        await record(session, "export.csv", target="recordings", tenant_id=tenant, detail=detail)
    rows = [_cells(one, names, words) for one in found]
    return csv_answer("recordings", site.today, head=[words(text) for text in _CSV_HEAD], rows=rows)


async def _page(
    request: HtmlRequest, site: Site, visitor: Visitor, session: ReadSession, look: Look | None
) -> RecordingsPage:
    asked = read_query(request)
    wanted, sort = _wanted(asked, look.organization.id if look else None), _sort(asked, look is not None)
    found, total = await list_recordings(
        session, wanted, looker=looker_of(visitor), sort=sort, limit=asked.size, offset=asked.offset
    )
    names = await _names(session, found)
    head: OrganizationHead | None = await organization_head(session, look, "recordings") if look else None
    words = site.templates.words(site.language(request, visitor))
    return RecordingsPage(
        head=head,
        filter=_filter(asked, wanted),
        heads=heads(asked.path, asked.query, _COLUMNS, sort=sort),
        lines=tuple(_line(one, names, words) for one in found),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
        csv_href=address(f"{asked.path}.csv", asked.query, page=None, size=None),
        here=asked.path,
        of_bureau=visitor.of_bureau,
    )


def _wanted(asked: Asked, tenant: UUID | None) -> RecordingFilter:
    since, until = read_day(asked.value("since")), read_day(asked.value("until"))
    if since and until and since > until:
        raise BadQuery
    return RecordingFilter(
        tenant_id=tenant,
        text=asked.value("q"),
        task=asked.value("task"),
        person=asked.value("person"),
        stage=asked.one_of("stage", frozenset(STAGES)),
        since=since,
        until=until,
        troubled=asked.one_of("problems", frozenset({"only"})) is not None,
    )


def _sort(asked: Asked, of_one: bool) -> str:  # told by the caller's page, not by a switch
    return asked.one_of("sort", RECORDING_SORTS) or ("-time" if of_one else "-problems")


def _filter(asked: Asked, wanted: RecordingFilter) -> Filter:
    everything: dict[str, Bilingual | str] = {"": mark("全部")}
    choices: tuple[Choice, ...] = (
        choice("stage", mark("环节"), {**everything, **STAGES}, wanted.stage or ""),
        choice("problems", mark("问题"), {**everything, "only": mark("只看有问题的")}, asked.value("problems") or ""),
    )
    days = (
        DayField("since", mark("开始日期"), asked.value("since") or ""),
        DayField("until", mark("截止日期"), asked.value("until") or ""),
    )
    given = (
        (mark("任务"), "task", wanted.task),
        (mark("人员"), "person", wanted.person),
        *((one.label, one.name, one.value) for one in days),
    )
    more = tuple(
        Chip(label, value, address(asked.path, asked.query, **{name: None, "page": None}))
        for label, name, value in given
        if value
    )
    hidden = (("sort", asked.value("sort")), ("task", wanted.task), ("person", wanted.person))
    return Filter(
        action=asked.path,
        text=wanted.text or "",
        text_label=_TEXT,
        choices=choices,
        chips=(*chips(asked.path, asked.query, choices, (_TEXT, wanted.text or "")), *more),
        hidden=tuple((name, value) for name, value in hidden if value),
        days=days,
    )


def task_recordings_href(credit_code: str, task_ref: str) -> str:
    """Where the recordings of a task are looked at."""
    return f"/orgs/{credit_code}/recordings/of/{quote(task_ref, safe='')}"


def length_text(milliseconds: int) -> str:
    """`14:20`, `1:02:03`.

    >>> length_text(860_400), length_text(3_723_000)
    ('14:20', '1:02:03')
    """
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def troubles_of(one: ListedRecording, words: Words) -> tuple[str, ...] | None:
    """What needs a look, in words; None while nobody has looked into it."""
    if not one.inspected:
        return None
    said = (
        (one.errors, mark("错误 %(n)s 项")),
        (one.matches, mark("与其他录像相同 %(n)s 处")),
        (-(-one.missing_ms // 1000), mark("任务缺录 %(n)s 秒")),
        (one.late, mark("超过 72 小时归档")),
        (one.warnings, mark("警告 %(n)s 项")),
    )
    return tuple(words(text, n=int(count)) for count, text in said if count)


async def _names(session: ReadSession, found: Sequence[ListedRecording]) -> Names:
    """Everybody who is seen in these recordings, by name."""
    return await people_of_several(session, {(one.tenant_id, ref) for one in found for ref in one.person_refs})


def _people(one: ListedRecording, names: Names, words: Words) -> str:
    return words("、").join(names.get((one.tenant_id, ref), ref) for ref in one.person_refs)


def _line(one: ListedRecording, names: Names, words: Words) -> RecordingLine:
    base = f"/orgs/{one.credit_code}"
    task = task_recordings_href(one.credit_code, one.task_ref) if one.task_ref else ""
    return RecordingLine(
        href=f"{task}?clip={one.id}" if task else f"{base}/recordings/{one.id}",
        number=one.recording_no,
        task=one.task_ref or "",
        task_href=task,
        organization=one.organization,
        credit_code=one.credit_code,
        stage=STAGES[one.stage] if one.stage else "",
        node=NODES[one.node] if one.node else "",
        people=_people(one, names, words),
        started_at=one.started_at,
        length=length_text(one.duration_ms) if one.duration_ms is not None else "",
        archived_at=one.archived_at,
        troubles=troubles_of(one, words),
        bad=bool(one.errors or one.matches or one.missing_ms),
        secrecy=SECRECY[one.secrecy] if one.secrecy != "NORMAL" else "",
    )


def _cells(one: ListedRecording, names: Names, words: Words) -> tuple[object, ...]:
    return (
        one.recording_no,
        one.organization,
        one.credit_code,
        one.task_ref or "",
        words(STAGES[one.stage]) if one.stage else "",
        words(NODES[one.node]) if one.node else "",
        _people(one, names, words),
        one.device_id or "",
        exact_moment(one.started_at),
        exact_moment(one.ended_at) if one.ended_at else "",
        moment(one.archived_at),
        words(SECRECY[one.secrecy]),
        one.errors if one.inspected else "–",
        one.warnings if one.inspected else "–",
        words("是") if one.late else words("否"),
        one.matches,
        -(-one.missing_ms // 1000),
    )
