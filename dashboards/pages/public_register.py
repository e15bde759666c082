"""The public register: anybody looks up a published grade, and the list in its publicity, without signing in."""

from litestar import Response, get

from hengjian.dashboards.csv_export import csv_answer
from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.labels import GRADES
from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.results import printed
from hengjian.dashboards.pages.results_record import RegisterLine, RegisterPage
from hengjian.dashboards.parts import Filter, chips, choice, pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.platform.db import Caller
from hengjian.scoring.api import GradeFilter, PublicGrade, read_public_grades

ANYBODY = Caller(kind="public", actor="public")
_LISTS = frozenset({"publicity"})


@get("/register")
async def show_public_register(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """Published grades by name or credit code, year and grade; `?list=publicity` shows what may still be objected to."""
    asked = read_query(request)
    wanted = _wanted(asked)
    async with site.database.read(site.caller(request, ANYBODY)) as session:
        found, total = await read_public_grades(session, wanted, limit=asked.size, offset=asked.offset)
    choices = (
        choice("year", mark("年度"), _years(site, wanted.year), str(wanted.year or "")),
        choice("grade", mark("等级"), _GRADES, wanted.grade or ""),
    )
    page = RegisterPage(
        publicity=wanted.kind == "publicity",
        filter=Filter(
            action="/register",
            text=wanted.text,
            text_label=_TEXT,
            choices=choices,
            chips=chips("/register", asked.query, choices, (_TEXT, wanted.text)),
            hidden=(("list", "publicity"),) if wanted.kind == "publicity" else (),
        ),
        csv_href=address("/register.csv", asked.query, page=None, size=None),
        final_href=address("/register", asked.query, list=None, page=None),
        publicity_href=address("/register", asked.query, list="publicity", page=None),
        lines=tuple(_line(site, one) for one in found),
        pager=pager("/register", asked.query, page=asked.page, size=asked.size, total=total),
    )
    return site.show(request, "register.html", page, visitor=guest)


@get("/register.csv")
async def export_public_register(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """The same list as a file, all of it."""
    wanted = _wanted(read_query(request))
    async with site.database.read(site.caller(request, ANYBODY)) as session:
        found, _ = await read_public_grades(session, wanted, limit=None)
    words = site.templates.words(site.language(request, guest))
    head = [words(text) for text in _CSV_HEAD]
    return csv_answer("register", site.today, head=head, rows=[_cells(site, one, words) for one in found])


_TEXT = mark("机构名称或统一社会信用代码")
_GRADES: dict[str, Bilingual | str] = {"": mark("全部"), "A": "A", "B": "B", "C": "C", "D": "D", "N": mark("暂不评价")}
_NOT_RATED = GRADES["N"]
_FIRST_YEAR = 2025
_CSV_HEAD = (
    mark("统一社会信用代码"),
    mark("机构"),
    mark("年度"),
    mark("地区"),
    mark("等级"),
    mark("得分"),
    mark("文书号"),
    mark("公布机关地区"),
    mark("公布日期"),
    mark("有效至"),
    mark("替代文书号"),
    mark("评分模型"),
    mark("模型版本"),
    mark("核验包 SHA-256"),
)


def _wanted(asked: Asked) -> GradeFilter:
    year = asked.one_of("year", frozenset(str(one) for one in range(2020, 2100)))
    return GradeFilter(
        kind=asked.one_of("list", _LISTS) or "final",
        text=(asked.value("q") or "")[:60],
        year=int(year) if year else None,
        grade=asked.one_of("grade", frozenset(GRADES)),
    )


def _years(site: Site, chosen: int | None) -> dict[str, Bilingual | str]:
    years = {*range(max(_FIRST_YEAR, site.today.year - 9), site.today.year), *([chosen] if chosen else ())}
    return {"": mark("全部"), **{str(year): str(year) for year in sorted(years, reverse=True)}}


def _cells(site: Site, one: PublicGrade, words: Words) -> tuple[object, ...]:
    line = _line(site, one)
    return (
        line.credit_code,
        line.name,
        line.year,
        words.of(line.region),
        line.grade or words(_NOT_RATED),
        line.total or "–",
        line.document_no,
        words.of(line.by_region),
        line.published_on,
        line.until,
        line.replaces or "–",
        line.model,
        line.model_version,
        line.dossier_sha256 or "–",
    )


def _line(site: Site, one: PublicGrade) -> RegisterLine:
    return RegisterLine(
        name=one.name,
        credit_code=one.credit_code,
        region=region_name(one.region, site.today),
        by_region=region_name(one.by_region, site.today),
        year=one.year,
        total=printed(site, one.total, one.region, one.year),
        grade=one.grade,
        unrated=one.unrated,
        model=one.model,
        model_version=one.model_version,
        document_no=one.document_no,
        published_on=one.published_on,
        until=one.until,
        replaces=one.replaces,
        dossier_sha256=one.dossier_sha256,
    )
