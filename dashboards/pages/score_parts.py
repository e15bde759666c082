"""The parts of the score page: steps, what changed, what would raise the grade, months, and the region's grades."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hengjian.dashboards.charts import Chart, on_page
from hengjian.dashboards.errors import BadQuery
from hengjian.dashboards.labels import CAUSES
from hengjian.dashboards.language import Bilingual, Text, Words
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.pages.profile import Look, score_text
from hengjian.dashboards.pages.score_record import (
    Band,
    ChangeLine,
    ChangesPart,
    CorrectionLine,
    DayOption,
    DimensionLine,
    DistributionPart,
    GradeShare,
    HistoryLine,
    Named,
    PlanPart,
    StepLine,
)
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_day
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.filing.api import Deduction, Severity, deduction_waterfall, speaker
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    LEAST_TOLD,
    CreditModel,
    CreditScore,
    FindingHead,
    MonthScore,
    ScoreExplained,
    ScoreStep,
    anonymous_grades,
    as_text,
    printed_score,
    region_grades,
)

_NAMED = 6
_LONGEST_DAYS = 800
_GRAVITY: tuple[Severity, ...] = ("critical", "major", "minor", "info")
Severities = Mapping[str, str]
TakenOver = Mapping[str, Sequence[Named]]


def severities_of(findings: Iterable[FindingHead]) -> Severities:
    """How grave each finding is, by number."""
    return {one.no: one.severity for one in findings}


def taken_over(findings: Iterable[FindingHead]) -> TakenOver:
    """By number of a finding, those of the same event that count under it."""
    found: dict[str, list[Named]] = {}
    for head in findings:
        for one in head.counted_in:
            found.setdefault(one.no or "", []).append(Named(f"{head.rule_id} {head.no}", f"/findings/{head.no}"))
    return found


def points_text(points: Fraction) -> str:
    """Exact points with their sign: two decimals where these say all, else the fraction.

    >>> points_text(Fraction(-6)), points_text(Fraction(284, 3)), points_text(Fraction(0))
    ('−6.00', '+284/3', '0.00')
    """
    sign = "−" if points < 0 else "+" if points > 0 else ""
    size = abs(points)
    return sign + (f"{Decimal(int(size * 100)) / 100:.2f}" if (size * 100).denominator == 1 else str(as_text(size)))


def waterfall(site: Site, explained: ScoreExplained, severities: Severities, words: Words) -> Chart | None:
    """From 100 to the provisional score, each step of it."""
    score = explained.provisional.score
    if score.total is None:
        return None
    taken = [
        Deduction(
            label=_label(site, step, words),
            severity=_severity(explained, step, severities),
            points=_drawn(-step.points),
        )
        for step in score.steps
        if step.points
    ]
    drawing = deduction_waterfall(taken, speaker(words.language), full=Decimal(100), score=_drawn(score.total))
    return on_page(drawing, site.drawer)


def step_lines(look: Look, explained: ScoreExplained, severities: Severities, taken: TakenOver) -> tuple[StepLine, ...]:
    """Every step of the provisional score, the largest loss first."""
    return tuple(
        StepLine(
            rule_id=step.ref if step.cause == "rule" else "",
            title=_title(look.site, step.cause, step.ref),
            dimension=step.dimension,
            severity=_severity(explained, step, severities) if step.cause == "rule" else "",
            points=points_text(step.points),
            findings=_named(explained, step.findings),
            more=max(0, len(step.findings) - _NAMED),
            href=_events(look, step.cause, step.ref),
            with_it=_with_it(explained, step, taken),
        )
        for step in sorted(explained.provisional.score.steps, key=lambda step: step.points)
    )


def _with_it(explained: ScoreExplained, step: ScoreStep, taken: TakenOver) -> tuple[Named, ...]:
    numbers = (explained.numbers.get(name) for name in step.findings)
    return tuple(dict.fromkeys(one for number in numbers if number for one in taken.get(number, ())))[:_NAMED]


def _events(look: Look, cause: str, ref: str) -> str:
    """Where on the page of credit events the cause stands; empty for one that has no event."""
    places = {"penalty": f"#e-{ref}", "device_age": "#h-d", "device_failures": "#h-d", "device_floor": "#h-d"}
    return f"{look.base}/credit{look.suffix}{places[cause]}" if cause in places else ""


def dimension_lines(model: CreditModel | None, score: CreditScore | None) -> tuple[DimensionLine, ...]:
    """Each dimension with its cap; one that is not assessed has no score, neither zero nor full."""
    if model is None or score is None:
        return ()
    rated = score.total is not None
    return tuple(
        DimensionLine(
            code=one.id,
            label=one.title,
            score=f"{_drawn(one.score):.2f}" if rated and one.score is not None else None,
            cap=str(one.cap),
        )
        for one in score.dimensions
    )


def bands(model: CreditModel | None) -> tuple[Band, ...]:
    """The scores of each grade, from the model."""
    if model is None:
        return ()
    grades = sorted(model.grades, key=lambda grade: -grade.at_least)
    tops = [100, *(grade.at_least for grade in grades[:-1])]
    return tuple(
        Band(
            grade.grade,
            f"≥ {grade.at_least}" if top == 100 else f"≥ {grade.at_least}, < {top}" if grade.at_least else f"< {top}",
        )
        for grade, top in zip(grades, tops, strict=True)
    )


def days_compared(request: HtmlRequest, look: Look, scores: Sequence[MonthScore]) -> tuple[date, date]:
    """The two days to compare: those asked for, else today and the month's end before the last change of grade.

    Raises:
        BadQuery: no days, in the wrong order, too far apart or ahead.
    """
    until = read_day(request.query_params.get("to")) or look.day
    since = read_day(request.query_params.get("from")) or _before_last_change(scores, until)
    if not since <= until <= look.site.today or (until - since).days > _LONGEST_DAYS:
        raise BadQuery
    return since, until


def _before_last_change(scores: Sequence[MonthScore], until: date) -> date:
    known = [one for one in scores if one.as_of <= until]
    for before, after in reversed(list(pairwise(known))):
        if before.grade != after.grade and before.grade is not None:
            return before.as_of
    earlier = [one.as_of for one in known if one.month < until.replace(day=1)]
    return earlier[-1] if earlier else until.replace(day=1)


def changes_part(
    look: Look, explained: ScoreExplained, scores: Sequence[MonthScore], *, official: bool
) -> ChangesPart | None:
    """What changed between the two days of the explanation; None while there is no score to compare."""
    moved = explained.official if official else explained.provisional
    if moved.score.total is None:
        return None
    site, model = look.site, explained.model
    since, until = moved.before.as_of, moved.score.as_of
    difference = moved.score.points - moved.before.points
    base = f"{look.base}/score"
    kept = {"from": since.isoformat(), "to": until.isoformat(), "region": look.region or None, "as_of": _as_of(look)}
    days = [one.as_of for one in scores]
    return ChangesPart(
        since=since,
        until=until,
        before=printed_score(moved.before.points, model),
        after=printed_score(moved.score.points, model),
        grade_before=moved.before.grade,
        grade_after=moved.score.grade,
        difference=points_text(difference),
        lines=tuple(
            ChangeLine(
                rule_id=item.ref if item.cause == "rule" else "",
                title=_title(site, item.cause, item.ref),
                dimension=item.dimension,
                points=points_text(item.points),
                came=_named(explained, item.came),
                went=_named(explained, item.went),
                stayed=_named(explained, item.stayed),
                more=sum(max(0, len(names) - _NAMED) for names in (item.came, item.went, item.stayed)),
            )
            for item in moved.changes
        ),
        adds_up=sum((item.points for item in moved.changes), Fraction()) == difference,
        official=official,
        other_basis=address(base, [], **kept, basis=None if official else "official") + "#changes",
        from_options=_options(days, since),
        to_options=_options(days, until),
        action=f"{base}#changes",
        hidden=tuple(
            (name, value)
            for name, value in (
                ("region", look.region), ("as_of", _as_of(look)), ("basis", "official" if official else ""),
            )
            if value
        ),
    )  # fmt: skip


def plan_part(site: Site, explained: ScoreExplained) -> PlanPart | None:
    """The fewest corrections for the next grade; None at the best one or without a grade."""
    plan = explained.plan
    if plan is None:
        return None
    return PlanPart(
        grade=plan.grade,
        reached=plan.score.grade or "–",
        by=plan.by,
        next_year=plan.by.year > explained.provisional.score.as_of.year,
        score=printed_score(plan.score.points, explained.model),
        lines=tuple(
            CorrectionLine(
                named=_name(explained, item.ref),
                rule_id=item.ref.split("/")[0] if item.kind == "rectify" else "",
                title=rule_title(site, item.ref.split("/")[0]) if item.kind == "rectify" else CAUSES["penalty"],
            )
            for item in plan.corrections
        ),
        reachable=plan.reachable,
        exact=plan.exact,
    )


def history_lines(look: Look, scores: Sequence[MonthScore], model: CreditModel | None) -> tuple[HistoryLine, ...]:
    """The months, newest first."""
    before = {after.month: one.as_of for one, after in pairwise(scores)}
    return tuple(
        HistoryLine(
            month=f"{one.month:%Y-%m}",
            score=score_text(one.total, model),
            grade=one.grade,
            official=score_text(one.official_total, model),
            official_grade=one.official_grade,
            href=address(
                f"{look.base}/score",
                [],
                **{"from": before[one.month].isoformat(), "to": one.as_of.isoformat()},
                region=look.region or None,
            )
            + "#changes"
            if one.month in before
            else "",
        )
        for one in reversed(scores)
    )


async def distribution_part(
    session: ReadSession, look: Look, *, region: str, grade: str | None
) -> DistributionPart | None:
    """The grades of the city of a region: a bureau's with the way to its list, an organization's without small groups."""
    visitor, kind = look.visitor, "CONTRACTOR" if "CONTRACTOR" in look.organization.kinds else "INSTITUTION"
    place = region[:4]
    if visitor.of_bureau:
        place = max(place, visitor.caller.region or "", key=len)
        found: Mapping[str, int | None] = dict(await region_grades(session, region=place, kind=kind))
    else:
        found = await anonymous_grades(look.site.database, region=place, kind=kind)
    # An organization is told the same words whether they are few or all alike.
    most = max((count for count in found.values() if count is not None), default=0)
    if not most and visitor.of_bureau:
        return None
    return DistributionPart(
        region=region_name(place, look.day),
        kind=kind,
        shares=tuple(
            GradeShare(
                letter=letter,
                organizations=count,
                width=round(100 * (count or 0) / most),
                href=address("/orgs", [], region=place, grade=letter, kind=kind) if visitor.of_bureau else "",
                own=letter == (grade or "N"),
            )
            for letter, count in found.items()
            if most
        ),
        anonymous=not visitor.of_bureau,
        least=LEAST_TOLD,
    )


def _as_of(look: Look) -> str | None:
    return look.as_of.isoformat() if look.as_of else None


def _options(days: Sequence[date], chosen: date) -> tuple[DayOption, ...]:
    return tuple(DayOption(day, day == chosen) for day in sorted({*days, chosen}, reverse=True))


def _name(explained: ScoreExplained, name: str) -> Named:
    number = explained.numbers.get(name)
    return Named(number, f"/findings/{number}") if number else Named(name)


def _named(explained: ScoreExplained, names: Sequence[str]) -> tuple[Named, ...]:
    return tuple(_name(explained, name) for name in names[:_NAMED])


def _title(site: Site, cause: str, ref: str) -> Bilingual | str:
    if cause == "rule":
        return rule_title(site, ref)
    return Text(ref) if cause == "penalty" else CAUSES[cause]


def _label(site: Site, step: ScoreStep, words: Words) -> str:
    title = _title(site, step.cause, step.ref)
    told = words(title) if isinstance(title, str) else words.of(title)
    return f"{step.ref} {told}" if step.cause == "rule" else told


def _severity(explained: ScoreExplained, step: ScoreStep, severities: Severities) -> Severity:
    """How grave the gravest finding behind a step is; a penalty is drawn as major, what gives points back as a note."""
    found = {severities.get(explained.numbers.get(name, ""), "info") for name in step.findings}
    return next((one for one in _GRAVITY if one in found), "major" if step.cause == "penalty" else "info")


def _drawn(points: Fraction | Decimal | int) -> Decimal:
    """Two decimals, for drawing and for dimensions."""
    return Decimal(round(Fraction(points) * 100)) / 100
