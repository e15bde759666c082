"""The list of organizations a bureau supervises: filter in the address, sort, pages, CSV."""

from litestar import Response, get

from hengjian.dashboards.csv_export import MOST_ROWS, csv_answer
from hengjian.dashboards.formats import moment
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import GRADES, KINDS
from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.organizations_record import OrganizationLine, OrganizationsPage
from hengjian.dashboards.pages.profile import score_text
from hengjian.dashboards.parts import Choice, Filter, chips, choice, heads, pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.audit import record
from hengjian.scoring.api import STANDING_SORTS, Standing, StandingFilter, count_standings, list_standings
from hengjian.tenants.api import load_regions

_KINDS = frozenset({"CONTRACTOR", "INSTITUTION", "DISCHARGER"})
_TEXT = mark("机构名称、拼音或信用代码")
_COLUMNS = (
    (mark("机构名称"), "name", False),
    (mark("类型"), "", False),
    (mark("地区"), "region", False),
    (mark("等级（暂定）"), "", False),
    (mark("暂定得分"), "score", True),
    (mark("未关闭，项"), "open", True),
    (mark("其中严重，项"), "", True),
    (mark("无数据，项"), "no_data", True),
    (mark("上次推送"), "push", False),
)


@get("/orgs")
async def show_organizations(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """One page of the list."""
    asked = read_query(request)
    wanted, sort = _wanted(asked), _sort(asked)
    async with site.database.read(inspector.caller) as session:
        found, total = await list_standings(session, wanted, sort=sort, limit=asked.size, offset=asked.offset)
        everybody = await count_standings(session)
    choices = _choices(site, inspector, wanted)
    page = OrganizationsPage(
        jurisdiction_total=everybody,
        filter=Filter(
            action=asked.path,
            text=wanted.text or "",
            text_label=_TEXT,
            choices=choices,
            chips=chips(asked.path, asked.query, choices, (_TEXT, wanted.text or "")),
            hidden=(("sort", sort),) if asked.value("sort") else (),
        ),
        heads=heads(asked.path, asked.query, _COLUMNS, sort=sort),
        rows=tuple(_line(site, one) for one in found),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
        csv_href=address("/orgs.csv", asked.query, page=None, size=None),
    )
    return site.show(request, "organizations.html", page, visitor=inspector)


@get("/orgs.csv")
async def export_organizations(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The same list as a file, with the same filter; the audit keeps who took it."""
    asked = read_query(request)
    wanted, sort = _wanted(asked), _sort(asked)
    words = site.templates.words(site.language(request, inspector))
    async with site.database.write(inspector.caller) as session:
        found, total = await list_standings(session, wanted, sort=sort, limit=MOST_ROWS)
        detail = {"list": "organizations", "rows": len(found), "of": total, "lawbook": site.lawbook_version[:12]}
        await record(session, "export.csv", target="organizations", detail=detail)
    head = [words(text) for text in _CSV_HEAD]
    return csv_answer("organizations", site.today, head=head, rows=[_cells(site, one, words) for one in found])


_CSV_HEAD = (
    mark("统一社会信用代码"),
    mark("机构名称"),
    mark("类型"),
    mark("地区"),
    mark("等级（暂定）"),
    mark("暂定得分"),
    mark("严重，项"),
    mark("较重，项"),
    mark("一般，项"),
    mark("无数据，项"),
    mark("点位，个"),
    mark("上次推送"),
)


def _wanted(asked: Asked) -> StandingFilter:
    return StandingFilter(
        text=asked.value("q"),
        region=asked.region(),
        grade=asked.one_of("grade", frozenset(GRADES)),
        kind=asked.one_of("kind", _KINDS),
    )


def _sort(asked: Asked) -> str:
    return asked.one_of("sort", STANDING_SORTS) or "name"


def _choices(site: Site, visitor: Visitor, wanted: StandingFilter) -> tuple[Choice, ...]:
    everything = {"": mark("全部")}
    grades: dict[str, Bilingual | str] = {**everything, "A": "A", "B": "B", "C": "C", "D": "D", "N": mark("暂不评价")}
    kinds: dict[str, Bilingual | str] = {**everything, **{kind: KINDS[kind] for kind in sorted(_KINDS)}}
    return (
        choice("grade", mark("等级"), grades, wanted.grade or ""),
        choice("kind", mark("类型"), kinds, wanted.kind or ""),
        choice("region", mark("地区"), region_options(site, visitor, wanted.region), wanted.region or ""),
    )


def region_options(site: Site, visitor: Visitor, chosen: str | None) -> dict[str, Bilingual | str]:
    """All, the regions directly below the visitor's own, and the one chosen where it lies deeper."""
    book = load_regions()
    below = [one.code for one in book.children(visitor.caller.region, site.today)] if visitor.caller.region else []
    codes = below if chosen is None or chosen in below or chosen == "none" else [*below, chosen]
    return {"": mark("全部"), **{code: region_name(code, site.today) for code in codes}}


def _line(site: Site, one: Standing) -> OrganizationLine:
    model = site.lawbook.credit_model(region=one.region, on=site.today)
    return OrganizationLine(
        name=one.name,
        credit_code=one.credit_code,
        kinds=one.kinds,
        region=region_name(one.region, site.today),
        grade=one.grade,
        score=score_text(one.total, model),
        open=one.open,
        critical=one.critical,
        no_data=one.no_data,
        last_push=one.last_push_at,
    )


def _cells(site: Site, one: Standing, words: Words) -> tuple[object, ...]:
    line = _line(site, one)
    return (
        one.credit_code,
        one.name,
        words("、").join(words(KINDS[kind]) for kind in one.kinds),
        words.of(line.region),
        one.grade or "–",
        line.score or "–",
        one.critical,
        one.major,
        one.minor,
        one.no_data,
        one.points,
        moment(one.last_push_at),
    )
