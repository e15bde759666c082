"""The provisional score: as if every finding were confirmed, exact points, nothing invented.

Only dimensions that the model lists as assessed have a score; the others are None, neither 0 nor full.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengjian.scoring.domain.credit_grades import FULL, Unrated, grade_of
from hengjian.scoring.domain.credit_history import CountedFinding
from hengjian.scoring.domain.credit_losses import charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.verdicts import Severity


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
    counted = [finding for finding in findings if finding.dimension in model.assessed]
    return tuple(
        RuleLoss(cost.rule, cost.charges[0].dimension, cost.severity, len(cost.charges), cost.uncapped, cost.points)
        for cost in rule_costs(charges_of(counted, as_of), model)
    )
