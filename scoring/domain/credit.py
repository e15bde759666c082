"""The credit model, as far as it is assessed: exact points, a provisional grade, nothing invented.

Only dimensions that the model lists as assessed have a score; the others are None, neither 0 nor full.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from hengjian.scoring.domain.rules import SourceStatus, Wording, worst
from hengjian.scoring.domain.verdicts import Severity

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of the score; `caps` gives the most it can hold, per kind of organization."""

    id: str
    title: Wording
    caps: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, the least score for it, and whether a critical finding leaves it open."""

    grade: str
    title: Wording
    at_least: int
    allows_critical: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditModel:
    """A dated, versioned model; `deductions` and `rule_caps` are points per severity."""

    id: str
    title: Wording
    region: str
    version: str
    in_force_from: date
    source_status: SourceStatus
    assessed: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    deductions: Mapping[Severity, Decimal]
    rule_caps: Mapping[Severity, Decimal]
    grades: tuple[Grade, ...]


class Unrated(StrEnum):
    """Why there is no grade (暂不评价)."""

    NO_BUSINESS = "no_business"
    FIRST_YEAR = "first_year"
    BUSINESS_UNKNOWN = "business_unknown"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFinding:
    """A finding as the score sees it: breached from `first_day` to `last_day`, both included.

    An open finding ends on the day of the score. `costs_points` is false where a limit is known from memory only.
    """

    rule: str
    subject: str
    severity: Severity
    dimension: str
    first_day: date
    last_day: date
    costs_points: bool = True


@dataclass(frozen=True, slots=True)
class RuleLoss:
    """What one rule costs: months counted over all subjects, points before and after the rule's cap."""

    rule: str
    dimension: str
    severity: Severity
    months: int
    uncapped: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """Points of one dimension; `lost` and `score` are None when it is not assessed."""

    id: str
    title: Wording
    cap: int
    lost: Decimal | None
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionalScore:
    """The score as if every finding given were confirmed, from the assessed dimensions only.

    `total` is 100 less what the assessed dimensions lost; `total` and `grade` are None when there is a reason not to
    rate. `assessed` and `not_assessed` name the dimensions, and belong beside the figure wherever it is shown.
    """

    model: str
    model_version: str
    as_of: date
    dimensions: tuple[DimensionScore, ...]
    losses: tuple[RuleLoss, ...]
    total: Decimal | None
    grade: str | None
    unrated: Unrated | None
    assessed: tuple[str, ...]
    not_assessed: tuple[str, ...]


def provisional_score(
    findings: Iterable[CountedFinding],
    *,
    kind: str,
    model: CreditModel,
    as_of: date,
    unrated: Unrated | None = None,
) -> ProvisionalScore:
    """Score an organization of a kind (`contractor`, `institution`) for the natural year up to a day.

    A rule breached by a subject costs once a month, at its gravest; all months and subjects of a rule together cost
    at most the rule's cap for its gravest severity, and a dimension loses at most its own cap.
    Two decimals, exact. Source: model file (proposal), after the practice it cites.
    """
    losses = _losses(findings, model, as_of)
    dimensions = []
    for dimension in model.dimensions:
        cap = dimension.caps[kind]
        if dimension.id in model.assessed:
            lost = min(Decimal(cap), sum((loss.points for loss in losses if loss.dimension == dimension.id), Decimal()))
            dimensions.append(DimensionScore(dimension.id, dimension.title, cap, lost, cap - lost))
        elif cap:
            dimensions.append(DimensionScore(dimension.id, dimension.title, cap, None, None))
    total = FULL - sum((item.lost for item in dimensions if item.lost is not None), Decimal())
    critical = any(loss.severity is Severity.CRITICAL for loss in losses)
    return ProvisionalScore(
        model=model.id,
        model_version=model.version,
        as_of=as_of,
        dimensions=tuple(dimensions),
        losses=losses,
        total=None if unrated else total,
        grade=None if unrated else grade_of(total, model, critical=critical),
        unrated=unrated,
        assessed=tuple(item.id for item in dimensions if item.score is not None),
        not_assessed=tuple(item.id for item in dimensions if item.score is None),
    )


def _losses(findings: Iterable[CountedFinding], model: CreditModel, as_of: date) -> tuple[RuleLoss, ...]:
    gravest: dict[tuple[str, str, int], tuple[Severity, str]] = {}
    for finding in findings:
        if not finding.costs_points or finding.dimension not in model.assessed:
            continue
        for month in _months(max(finding.first_day, as_of.replace(month=1, day=1)), min(finding.last_day, as_of)):
            key = (finding.rule, finding.subject, month)
            known = gravest.get(key)
            severity = worst([finding.severity, known[0]]) if known else finding.severity
            gravest[key] = (severity or finding.severity, finding.dimension)
    by_rule: dict[str, list[tuple[Severity, str]]] = {}
    for (rule, _, _), hit in sorted(gravest.items()):
        by_rule.setdefault(rule, []).append(hit)
    return tuple(_loss(rule, hits, model) for rule, hits in by_rule.items())


def _loss(rule: str, hits: list[tuple[Severity, str]], model: CreditModel) -> RuleLoss:
    severity = worst(hit[0] for hit in hits) or Severity.INFO
    uncapped = sum((model.deductions[hit[0]] for hit in hits), Decimal())
    return RuleLoss(rule, hits[0][1], severity, len(hits), uncapped, min(uncapped, model.rule_caps[severity]))


def _months(first: date, last: date) -> range:
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1) if first <= last else range(0)


def grade_of(score: Decimal, model: CreditModel, *, critical: bool = False) -> str:
    """The grade of the unrounded score; a critical finding bars the grades that do not allow one."""
    open_grades = [
        grade for grade in model.grades if score >= grade.at_least and (grade.allows_critical or not critical)
    ]
    return max(open_grades, key=lambda grade: grade.at_least).grade


def unrated_reason(*, points: int | None, filed_on: date | None, as_of: date) -> Unrated | None:
    """Why an organization is not rated yet, or None when it is.

    Not rated: without business (no point in the cycle), when its business is unknown, and until 31 December of the
    year in which it was first registered. `points` is the most points in service on any day of the cycle.
    """
    if points is None:
        return Unrated.BUSINESS_UNKNOWN
    if points == 0:
        return Unrated.NO_BUSINESS
    if filed_on is not None and filed_on.year == as_of.year:
        return Unrated.FIRST_YEAR
    return None


def printed_score(score: Decimal, model: CreditModel) -> str:
    """The score to two decimals, half to even; to more where these would show another grade (89.995 is not 90.00)."""
    grade, places = grade_of(score, model), 2
    while True:
        shown = score.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
        if grade_of(shown, model) == grade:
            return str(shown)
        places += 1
