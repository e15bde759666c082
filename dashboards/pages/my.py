"""An organization's own home: what it must mend, what data it lacks, and its receipts."""

from litestar import Response, get

from hengjian.dashboards.formats import day, moment
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Text, Words, mark
from hengjian.dashboards.pages.credit_repair import matter_lines
from hengjian.dashboards.pages.lines import find_rule, finding_lines
from hengjian.dashboards.pages.other_records import Mend, MissingLine, MyPage
from hengjian.dashboards.pages.overview_record import Figure
from hengjian.dashboards.pages.profile import Look, open_profile, score_text
from hengjian.dashboards.pages.receipts import gap_lines, receipt_line
from hengjian.dashboards.pages.rule_words import fact_label
from hengjian.dashboards.parts import FindingLine, Pager
from hengjian.dashboards.places import region_names
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.ingestion.api import gapped_streams, list_batches
from hengjian.scoring.api import (
    FindingFilter,
    Judgement,
    Standing,
    list_findings,
    read_judgements,
    read_matters,
    read_repairs,
    standing_of,
)

_MOST = 50
_RECEIPTS = 10


@get("/my")
async def show_my(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """The visitor's own organization, today."""
    look = await open_profile(request, site, member, member.credit_code)
    words = site.templates.words(site.language(request, member))
    wanted = FindingFilter(tenant_id=look.organization.id, regions=look.organization.regions, is_open=True)
    async with look.read() as session:
        standing = await standing_of(session, look.organization.id)
        found, total = await list_findings(session, wanted, sort="-severity", limit=_MOST)
        judged = await read_judgements(session, look.organization.id, regions=look.organization.regions)
        gapped = await gapped_streams(session, look.organization.id)
        matters = await read_matters(session, look.organization.id, lawbook=site.lawbook, on=site.today)
        repairs = await read_repairs(session, look.organization.id)
        batches, sent = await list_batches(session, look.organization.id, limit=_RECEIPTS)
    missing = [one for one in judged if one.verdict == "no_data"]
    lines = finding_lines(site, found, words=words, several_regions=len(look.organization.regions) > 1)
    page = MyPage(
        name=look.organization.name,
        credit_code=look.organization.credit_code,
        region=region_names(look.organization.regions, site.today),
        grade=standing.grade if standing else None,
        day=site.today,
        figures=_figures(look, standing, total=total, missing=len(missing), words=words),
        mend=tuple(_mend(site, line) for line in lines),
        matters=matter_lines(look, matters, repairs),
        missing=tuple(_missing(site, one) for one in missing),
        gaps=gap_lines(gapped, words),
        receipts=tuple(receipt_line(look, batch) for batch in batches),
        pager=Pager(first=min(sent, 1), last=min(sent, _RECEIPTS), total=sent, links=(), sizes=()),
    )
    return site.show(request, "my.html", page, visitor=member)


def _figures(look: Look, standing: Standing | None, *, total: int, missing: int, words: Words) -> tuple[Figure, ...]:
    model = look.site.lawbook.credit_model(region=look.organization.region, on=look.day)
    score = score_text(standing.total, model) if standing else None
    last = standing.last_push_at if standing else None
    return (
        Figure(
            label=mark("暂定得分"),
            value=score,
            unit=mark("分"),
            note=words("只评有数据的维度") if score else words("暂不评价"),
            href=f"{look.base}/score",
        ),
        Figure(label=mark("未关闭违规项"), value=f"{total:,}", unit=mark("项"), note="", href="/findings"),
        Figure(label=mark("缺少数据，没有判定"), value=f"{missing:,}", unit=mark("条"), note="", href=look.base),
        Figure(
            label=mark("上次推送"),
            value=None if last is None else day(last),
            unit="",
            note=moment(last)[11:] if last else words("还没有收到推送"),
            href=f"{look.base}/receipts",
        ),
    )


def _mend(site: Site, line: FindingLine) -> Mend:
    rule = find_rule(site, line.rule_id)
    return Mend(line, rule.remedy if rule else "–")


def _missing(site: Site, one: Judgement) -> MissingLine:
    rule = find_rule(site, one.rule_id)
    return MissingLine(
        rule_id=one.rule_id,
        title=rule.title if rule else Text(one.rule_id),
        missing=tuple(fact_label(name) for name in one.missing),
    )
