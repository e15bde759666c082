"""The credit score and grade of one organization on a day: exact, from its history and a model alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hengjian.scoring.domain.credit_bonus import BonusYear, bonus_years, clean_years
from hengjian.scoring.domain.credit_grades import FULL, Unrated, grade_of, unrated_reason
from hengjian.scoring.domain.credit_history import CreditHistory, VetoDecision, any_day_within
from hengjian.scoring.domain.credit_losses import charges_of
from hengjian.scoring.domain.credit_model import CreditModel, VetoItem
from hengjian.scoring.domain.credit_steps import ZERO, Cause, ScoreStep, dimension_steps, penalty_steps
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.verdicts import Severity


@dataclass(frozen=True, slots=True)
class DimensionPoints:
    """Points of one dimension, exact; `lost` and `score` are None when it is not assessed.

    `beyond` is what penalties took after nothing was left of the dimension: it comes off the total.
    """

    id: str
    title: Wording
    cap: int
    lost: Fraction | None
    score: Fraction | None
    beyond: Fraction = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditScore:
    """A score with everything that explains it.

    `points` is 100 and all steps together, always; `total` and `grade` are None when the organization is not rated,
    but for a veto, which gives the lowest grade at once (without a total where nothing is assessed). Dimensions without data are in `not_assessed` and take and
    give nothing: the total is then provisional. `barred_by` names the critical findings that leave the best grade open,
    `years` are those that a bonus asks for, with what is known of them; none where the model has no bonus.
    """

    model: str
    model_version: str
    kind: str
    as_of: date
    dimensions: tuple[DimensionPoints, ...]
    steps: tuple[ScoreStep, ...]
    points: Fraction
    total: Fraction | None
    grade: str | None
    unrated: Unrated | None
    veto: VetoDecision | None
    regradable_from: date | None
    barred_by: tuple[str, ...]
    assessed: tuple[str, ...]
    not_assessed: tuple[str, ...]
    years: tuple[BonusYear, ...] = ()


def credit_score(history: CreditHistory, model: CreditModel, as_of: date) -> CreditScore:
    """Score an organization for the natural year up to a day.

    Each assessed dimension loses points up to its cap, penalties reduce the total beyond that of their dimension, a
    bonus for clean years raises it to 100 at most, and nothing falls below 0. Exact fractions throughout; grades
    compare the unrounded total. Source: model file.
    """
    dimensions, steps = _dimensions(history, model, as_of)
    steps = (*steps, *_bonus(history, model, as_of))
    steps = (*steps, *_bounds(FULL + sum((step.points for step in steps), ZERO)))
    points = FULL + sum((step.points for step in steps), ZERO)
    months = model.terms["veto_months"]
    veto = max(
        (item for item in history.vetoes if item.holds(as_of, months=months)),
        key=lambda item: (item.decided_on, item.document_no),
        default=None,
    )
    assessed = tuple(item.id for item in dimensions if item.score is not None)
    unrated = None if veto else _unrated(history, as_of, assessed=assessed)
    critical = _critical(history, as_of)
    grade = model.worst_grade if veto else grade_of(points, model, critical=bool(critical))
    return CreditScore(
        model=model.id,
        model_version=model.version,
        kind=history.kind,
        as_of=as_of,
        dimensions=dimensions,
        steps=steps,
        points=points,
        total=None if unrated or not assessed else points,
        grade=None if unrated else grade,
        unrated=unrated,
        veto=veto,
        regradable_from=veto.regradable_from(months) if veto else None,
        barred_by=critical,
        assessed=assessed,
        not_assessed=tuple(item.id for item in dimensions if item.score is None),
        years=bonus_years(history, model, as_of) if model.bonus.points else (),
    )


def proposed_vetoes(breached_rules: Iterable[str], model: CreditModel) -> tuple[VetoItem, ...]:
    """The veto items to lay before a person, because a rule behind them is breached. It changes no grade."""
    breached = set(breached_rules)
    return tuple(item for item in model.vetoes if breached & set(item.rules))


def _dimensions(
    history: CreditHistory, model: CreditModel, as_of: date
) -> tuple[tuple[DimensionPoints, ...], tuple[ScoreStep, ...]]:
    dimensions: list[DimensionPoints] = []
    steps: list[ScoreStep] = []
    penalties = penalty_steps(history, model, as_of)
    for dimension in model.dimensions:
        cap = dimension.caps[history.kind]
        own = dimension_steps(dimension, history, model, as_of)
        if dimension.id == model.penalties.dimension and penalties:
            own = (*(own or ()), *penalties)
        steps += own or ()
        if own is not None and cap:
            lost = -sum((step.points for step in own), ZERO)
            held = min(lost, Fraction(cap))
            dimensions.append(DimensionPoints(dimension.id, dimension.title, cap, held, cap - held, lost - held))
        elif cap:
            dimensions.append(DimensionPoints(dimension.id, dimension.title, cap, None, None))
    return tuple(dimensions), tuple(steps)


def _bonus(history: CreditHistory, model: CreditModel, as_of: date) -> tuple[ScoreStep, ...]:
    if not model.bonus.points or not clean_years(history, model, as_of):
        return ()
    return (ScoreStep("", Cause.BONUS, "clean_years", Fraction(model.bonus.points)),)


def _bounds(points: Fraction) -> tuple[ScoreStep, ...]:
    if points > FULL:
        return (ScoreStep("", Cause.CEILING, "", FULL - points),)
    return (ScoreStep("", Cause.FLOOR, "", -points),) if points < 0 else ()


def _unrated(history: CreditHistory, as_of: date, *, assessed: tuple[str, ...]) -> Unrated | None:
    if not assessed:
        return Unrated.NOT_ASSESSED
    start, business = as_of.replace(month=1, day=1), history.business
    points = None if business is None else int(any_day_within(business, start, as_of))
    return unrated_reason(points=points, filed_on=history.filed_on, as_of=as_of)


def _critical(history: CreditHistory, as_of: date) -> tuple[str, ...]:
    gravest = [finding for finding in history.findings if finding.severity is Severity.CRITICAL]
    return tuple(sorted({finding.name for charge in charges_of(gravest, as_of) for finding in charge.findings}))
