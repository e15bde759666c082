"""The score tab: the provisional score, every deduction, and the dimensions not assessed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.charts import Chart, on_page
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import UNRATED
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.pages.organization_record import Band, DeductionLine, DimensionLine, ScorePage, StepLine
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, score_text, show_tab
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.filing.api import Deduction, TrendPoint, deduction_waterfall, grade_limits, score_trend, speaker
from hengjian.scoring.api import (
    CreditModel,
    FindingFilter,
    FindingHead,
    MonthScore,
    list_findings,
    scores_between,
    standings_of,
)

CAUSES = {
    "dimension_cap": mark("维度扣完为止"),
    "unit_floor": mark("点位或任务扣完为止"),
    "silent_month": mark("有业务而没有推送的月份"),
    "device_age": mark("设备使用年限"),
    "device_failures": mark("设备故障"),
    "device_floor": mark("设备扣完为止"),
    "penalty": mark("行政处罚"),
    "bonus": mark("连续守信加分"),
    "ceiling": mark("总分至多 100"),
    "floor": mark("总分至少 0"),
}
# What takes points beside rules, and as how grave the chart draws it.
_GRAVE = {"silent_month": "major", "device_age": "minor", "device_failures": "minor", "penalty": "critical"}
_FULL = Decimal(100)
_ENOUGH = 1_000


@get("/orgs/{credit_code:str}/score")
async def show_score(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Why the provisional score is what it is, at the end of the month of the day looked at."""
    look = await open_profile(request, site, visitor, credit_code)
    words = site.templates.words(site.language(request, visitor))
    month = look.day.replace(day=1)
    async with look.read() as session:
        standing = look.standing_among(await standings_of(session, look.organization.id))
        region = standing.region if standing else look.organization.region
        wanted = FindingFilter(tenant_id=look.organization.id, regions=(region,))
        scores = await scores_between(
            session, since=_year_before(month), until=_next_month(month), tenant_id=look.organization.id
        )
        findings, _ = await list_findings(session, wanted, sort="-severity", limit=_ENOUGH)
        head = await organization_head(session, look, "score")
    here = [score for score in scores if score.region == region]
    model = site.lawbook.credit_model(region=region, on=look.day)
    current = next((score for score in reversed(here) if score.month == month), None)
    counted = [one for one in findings if one.state != "dismissed"]
    year = [one for one in counted if one.closed_on is None or one.closed_on.year >= look.day.year]
    page = ScorePage(
        head=head,
        score=score_text(current.total, model) if current else None,
        reason=UNRATED.get(current.unrated or "", mark("没有可用的数据，不打分。"))
        if current
        else mark("还没有评过分。"),
        model=words.of(model.title) if model else "–",
        waterfall=_waterfall(site, current, words),
        trend=on_page(
            score_trend([_point(score) for score in here], speaker(words.language), limits=grade_limits(model)),
            site.drawer,
            width=420,
        )
        if len(here) > 1
        else None,
        dimensions=_dimensions(model, current, look),
        bands=_bands(model),
        deductions=tuple(_deduction(site, loss, year) for loss in (current.losses if current else ())),
        capped=_capped(current, words),
        official=score_text(current.official_total, model) if current else None,
        steps=tuple(_step(look, step) for step in (current.steps if current else ())),
    )
    return show_tab(request, look, "organization_score.html", page)


def _year_before(month: date) -> date:
    return month.replace(year=month.year - 1)


def _next_month(month: date) -> date:
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)


def _point(score: MonthScore) -> TrendPoint:
    return TrendPoint(day=score.as_of, score=score.total)


def _waterfall(site: Site, score: MonthScore | None, words: Words) -> Chart | None:
    """From 100 to the score; a dimension loses at most its cap, so the last deductions may count in part only."""
    if score is None or score.total is None:
        return None
    left = _FULL - score.total
    taken = []
    losses = [
        (f"{loss['rule']} {words.of(rule_title(site, loss['rule']))}", loss["severity"], Decimal(loss["points"]))
        for loss in score.losses
    ]
    steps = [
        (f"{words(CAUSES[step['cause']])} {step['ref']}".strip(), _GRAVE[step["cause"]], -Decimal(step["points"]))
        for step in score.steps
        if step["cause"] in _GRAVE
    ]
    for label, severity, asked in sorted([*losses, *steps], key=lambda one: -one[2]):
        points = min(asked, left)
        if points > 0:
            taken.append(Deduction(label=label, severity=severity, points=points))
            left -= points
    drawing = deduction_waterfall(taken, speaker(words.language), full=_FULL, score=score.total)
    return on_page(drawing, site.drawer)


def _dimensions(model: CreditModel | None, score: MonthScore | None, look: Look) -> tuple[DimensionLine, ...]:
    """Each dimension with its cap; one that is not assessed has no score, neither zero nor full."""
    if model is None:
        return ()
    stored: Mapping[str, Mapping[str, Any]] = {one["id"]: one for one in (score.dimensions if score else ())}
    kind = "contractor" if "CONTRACTOR" in look.organization.kinds else "institution"
    unrated = score is None or score.total is None
    return tuple(
        DimensionLine(
            code=one.id,
            label=one.title,
            score=None if unrated else _two_places(stored.get(one.id, {}).get("score")),
            cap=str(one.caps[kind]),
        )
        for one in model.dimensions
        if one.caps[kind]
    )


def _two_places(points: str | None) -> str | None:
    return None if points is None else f"{Decimal(points):.2f}"


def _bands(model: CreditModel | None) -> tuple[Band, ...]:
    """The scores of each grade, from the model."""
    if model is None:
        return ()
    grades = sorted(model.grades, key=lambda grade: -grade.at_least)
    tops = [100, *(grade.at_least for grade in grades[:-1])]
    return tuple(
        Band(
            grade.grade,
            f"≥ {grade.at_least}" if top == 100 else f"{grade.at_least} – {top}" if grade.at_least else f"< {top}",
        )
        for grade, top in zip(grades, tops, strict=True)
    )


def _deduction(site: Site, loss: Mapping[str, Any], findings: Sequence[FindingHead]) -> DeductionLine:
    capped = Decimal(loss["points"]) < Decimal(loss["uncapped"])
    return DeductionLine(
        rule_id=loss["rule"],
        title=rule_title(site, loss["rule"]),
        findings=tuple(one.no for one in findings if one.rule_id == loss["rule"])[:6],
        dimension=loss["dimension"],
        severity=loss["severity"],
        points=f"−{Decimal(loss['points']):.2f}" if Decimal(loss["points"]) else "0",
        months=int(loss["months"]),
        note=mark("已到这条规则的年度上限") if capped else "",
    )


def _step(look: Look, step: Mapping[str, Any]) -> StepLine:
    base = f"{look.base}/credit{look.suffix}"
    place = {"penalty": f"#e-{step['ref']}", "device_age": "#h-d", "device_failures": "#h-d"}.get(step["cause"])
    return StepLine(
        label=CAUSES[step["cause"]],
        ref=step["ref"] or "、".join(step["of"][:6]),
        dimension=step["dimension"],
        points=f"{Decimal(step['points']):+.2f}".replace("-", "−"),
        href="" if place is None else base + place,
    )


def _capped(score: MonthScore | None, words: Words) -> str:
    """What the cap of a dimension leaves out; empty when all deductions count in full."""
    if score is None or score.total is None:
        return ""
    asked = sum((Decimal(loss["points"]) for loss in score.losses), Decimal())
    asked -= sum((Decimal(step["points"]) for step in score.steps if step["cause"] in _GRAVE), Decimal())
    lost = _FULL - score.total
    if asked <= lost:
        return ""
    return words("各项合计 %(asked)s 分；维度扣完为止，只扣 %(lost)s 分。", asked=f"{asked:.2f}", lost=f"{lost:.2f}")
