"""The regulator's mirror: a bureau looks at its own decisions; for its reviewers and administrators."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from litestar import Response, get

from hengjian.dashboards.errors import BadQuery, PageForbidden
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.lines import finding_lines, rule_title, subject_text
from hengjian.dashboards.pages.mirror_record import MirrorListPage, MirrorPage, NoDataLine, UndoneLine, UnjudgedLine
from hengjian.dashboards.pages.rule_words import fact_label
from hengjian.dashboards.parts import Pager, pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.shell import MIRROR_ROLES
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import (
    MIRROR_LISTS,
    Mirror,
    MirrorKey,
    Undone,
    findings_behind,
    findings_of,
    read_mirror,
    unjudged_behind,
)

_TITLES = {
    "confirmed": mark("已确认的违规项"),
    "undone": mark("被推翻的确认"),
    "decided": mark("已决定的违规项"),
    "overdue": mark("逾期未办的违规项"),
}
_KEYS: tuple[MirrorKey, ...] = ("rule", "by", "region")


@get("/mirror")
async def show_mirror(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The figures of the last twelve months."""
    _only_for_the_few(inspector)
    since = _since(site)
    async with site.database.read(inspector.caller) as session:
        found = await read_mirror(session, since=since, today=site.today)
    page = MirrorPage(
        since=since,
        decided=found.decided,
        decided_href="/mirror/behind?what=decided",
        median_days=None if found.median_days is None else str(found.median_days),
        overdue=found.overdue,
        overdue_href="/mirror/behind?what=overdue",
        tables=_tables(site, found),
        no_data=tuple(
            NoDataLine(
                one.rule_id,
                rule_title(site, one.rule_id),
                one.subjects,
                one.organizations,
                f"/mirror/behind?what=no_data&rule={one.rule_id}",
            )
            for one in found.no_data
        ),
    )
    return site.show(request, "mirror.html", page, visitor=inspector)


@get("/mirror/behind")
async def show_behind(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The findings, or the subjects without data, behind one figure."""
    _only_for_the_few(inspector)
    asked = read_query(request)
    what = asked.one_of("what", MIRROR_LISTS | {"no_data"})
    words = site.templates.words(site.language(request, inspector))
    if what == "no_data":
        page = await _unjudged(site, inspector, asked, words)
    elif what is not None:
        page = await _findings(site, inspector, asked, what, words)
    else:
        raise BadQuery
    return site.show(request, "mirror_list.html", page, visitor=inspector)


def _only_for_the_few(visitor: Visitor) -> None:
    if not MIRROR_ROLES & set(visitor.roles):
        raise PageForbidden


def _since(site: Site) -> date:
    """The first day of the same month a year ago."""
    return date(site.today.year - 1, site.today.month, 1)


def _tables(site: Site, found: Mirror) -> tuple[tuple[str, str, tuple[UndoneLine, ...]], ...]:
    def rules(one: Undone) -> tuple[Bilingual | str, str]:
        return rule_title(site, one.key), one.key

    def people(one: Undone) -> tuple[Bilingual | str, str]:
        return one.name, ""

    def regions(one: Undone) -> tuple[Bilingual | str, str]:
        return region_name(one.key, site.today), ""

    return (
        (mark("按规则"), mark("规则"), tuple(_line(one, "rule", rules(one)) for one in found.by_rule)),
        (mark("按承办人"), mark("承办人"), tuple(_line(one, "by", people(one)) for one in found.by_inspector)),
        (mark("按地区"), mark("地区"), tuple(_line(one, "region", regions(one)) for one in found.by_region)),
    )


def _line(one: Undone, key: MirrorKey, named: tuple[Bilingual | str, str]) -> UndoneLine:
    confirmed, undone = (
        f"/mirror/behind?{urlencode({'what': what, key: one.key})}" for what in ("confirmed", "undone")
    )
    rate = f"{(Decimal(one.undone) * 100 / one.confirmed).quantize(Decimal('0.1'))}%"
    return UndoneLine(*named, one.confirmed, confirmed, one.undone, undone, rate)


async def _findings(site: Site, visitor: Visitor, asked: Asked, what: str, words: Words) -> MirrorListPage:
    key = next(((name, value) for name in _KEYS if (value := asked.value(name))), None)
    async with site.database.read(visitor.caller) as session:
        numbers, total = await findings_behind(
            session, what, key=key, since=_since(site), today=site.today, page=(asked.size, asked.offset)
        )
        heads = await findings_of(session, numbers)
    lines = finding_lines(site, [heads[no] for no in numbers if no in heads], words=words)
    return MirrorListPage(
        title=_TITLES[what], about=_about(site, key), lines=lines, unjudged=(), pager=_pager(asked, total)
    )


async def _unjudged(site: Site, visitor: Visitor, asked: Asked, words: Words) -> MirrorListPage:
    rule = asked.value("rule") or ""
    async with site.database.read(visitor.caller) as session:
        found, total = await unjudged_behind(session, rule, page=(asked.size, asked.offset))
    lines = tuple(
        UnjudgedLine(
            one.organization,
            one.credit_code,
            subject_text(one.subject, words, on=site.today),
            words("、").join(_labels(one.missing, words)),
        )
        for one in found
    )
    title = mark("无数据、不能判定的对象")
    return MirrorListPage(
        title=title, about=_about(site, ("rule", rule)), lines=(), unjudged=lines, pager=_pager(asked, total)
    )


def _labels(names: Sequence[str], words: Words) -> list[str]:
    return [words.of(fact_label(name)) for name in names]


def _about(site: Site, key: tuple[MirrorKey, str] | None) -> Bilingual | str:
    if key is None or key[0] == "by":
        return ""
    return rule_title(site, key[1]) if key[0] == "rule" else region_name(key[1], site.today)


def _pager(asked: Asked, total: int) -> Pager:
    return pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total)
