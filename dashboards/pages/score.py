"""The score tab: both scores with every step, what changed, what would raise the grade, and the region's grades."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.charts import Chart, on_page
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import UNRATED
from hengjian.dashboards.language import Language, Words, mark
from hengjian.dashboards.pages.organization_record import OrganizationHead
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, score_text, show_tab
from hengjian.dashboards.pages.score_bonus import bonus_part
from hengjian.dashboards.pages.score_parts import (
    Severities,
    TakenOver,
    bands,
    changes_part,
    days_compared,
    dimension_lines,
    distribution_part,
    history_lines,
    plan_part,
    severities_of,
    step_lines,
    taken_over,
    waterfall,
)
from hengjian.dashboards.pages.score_record import DistributionPart, ScorePage
from hengjian.dashboards.query import read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.filing.api import TrendPoint, grade_limits, score_trend, speaker
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    CreditModel,
    FindingFilter,
    MonthScore,
    ScoreExplained,
    explain_score,
    list_findings,
    scores_between,
    standings_of,
)
from hengjian.scoring.errors import NoCreditModelError
from hengjian.tenants.api import get_supervised

_ENOUGH = 1_000
_BASES = frozenset({"official"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read for one page."""

    head: OrganizationHead
    scores: Sequence[MonthScore]
    severities: Severities
    taken: TakenOver
    explained: ScoreExplained | None
    distribution: DistributionPart | None


@get("/orgs/{credit_code:str}/score")
async def show_score(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Why the score is what it is on the day looked at, and what changed until the day chosen."""
    official = read_query(request).one_of("basis", _BASES) is not None
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        read = await _read(session, request, look)
    words = site.templates.words(site.language(request, visitor))
    return show_tab(request, look, "organization_score.html", _page(look, read, official=official, words=words))


@get("/my/score", status_code=303)
async def show_my_score(member: GivenVisitor) -> Redirect:
    """The visitor's own score."""
    return Redirect(f"/orgs/{member.credit_code}/score", status_code=303)


async def _read(session: ReadSession, request: HtmlRequest, look: Look) -> _Read:
    month = look.day.replace(day=1)
    standing = look.standing_among(await standings_of(session, look.organization.id))
    region = standing.region if standing else look.organization.region
    found = await scores_between(
        session, since=_year_before(month), until=_next_month(month), tenant_id=look.organization.id
    )
    scores = [score for score in found if score.region == region]
    since, until = days_compared(request, look, scores)
    wanted = FindingFilter(tenant_id=look.organization.id, regions=(region,))
    findings, _ = await list_findings(session, wanted, sort="-severity", limit=_ENOUGH)
    explained = await _explained(session, look, region=region, since=since, until=until)
    grade = explained.provisional.score.grade if explained else None
    return _Read(
        head=await organization_head(session, look, "score"),
        scores=scores,
        severities=severities_of(findings),
        taken=taken_over(findings),
        explained=explained,
        distribution=await distribution_part(session, look, region=region, grade=grade),
    )


async def _explained(
    session: ReadSession, look: Look, *, region: str, since: date, until: date
) -> ScoreExplained | None:
    """The explanation; None where the organization was not supervised or no model was in force on the day."""
    organization = await get_supervised(session, look.organization.id, on=until)
    if organization is None:
        return None
    try:
        return await explain_score(
            session, organization, region=region, as_of=until, since=since, lawbook=look.site.lawbook
        )
    except NoCreditModelError:
        return None


def _page(look: Look, read: _Read, *, official: bool, words: Words) -> ScorePage:
    site, explained = look.site, read.explained
    now = explained.provisional.score if explained else None
    confirmed = explained.official.score if explained else None
    model = explained.model if explained else None
    return ScorePage(
        head=read.head,
        day=now.as_of if now else look.day,
        score=score_text(now.total, model) if now else None,
        grade=now.grade if now else None,
        official=score_text(confirmed.total, model) if confirmed else None,
        official_grade=confirmed.grade if confirmed else None,
        reason=UNRATED.get(now.unrated or "", mark("没有可用的数据，不打分。")) if now else mark("还没有评过分。"),
        model=words.of(model.title) if model else "–",
        waterfall=waterfall(site, explained, read.severities, words) if explained else None,
        trend=_trend(site, read.scores, model, words.language),
        dimensions=dimension_lines(model, now),
        bonus=bonus_part(look, model, now),
        bands=bands(model),
        steps=step_lines(look, explained, read.severities, read.taken)
        if explained and now and now.total is not None
        else (),
        changes=changes_part(look, explained, read.scores, official=official) if explained else None,
        plan=plan_part(site, explained) if explained and now and now.as_of == site.today else None,
        history=history_lines(look, read.scores, model),
        distribution=read.distribution,
        dossier=address(f"{look.base}/score/dossier.json", [], as_of=look.day.isoformat(), region=look.region or None),
    )


def _trend(site: Site, scores: Sequence[MonthScore], model: CreditModel | None, language: Language) -> Chart | None:
    if len(scores) < 2:
        return None
    points = [TrendPoint(day=score.as_of, score=score.total) for score in scores]
    drawing = score_trend(points, speaker(language), limits=grade_limits(model))
    return on_page(drawing, site.drawer, width=420)


def _year_before(month: date) -> date:
    return month.replace(year=month.year - 1)


def _next_month(month: date) -> date:
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)
