"""The steps from 100 to the score, dimension by dimension: each with its points and the findings behind it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory, Device
from hengjian.scoring.domain.credit_losses import RuleCost, by_unit, charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel, Dimension, Measure

ZERO = Fraction(0)
FULL = 100


class Cause(StrEnum):
    """Why a step is taken; the caps and floors give back what was taken beyond them."""

    RULE = "rule"
    DIMENSION_CAP = "dimension_cap"
    UNIT_FLOOR = "unit_floor"
    SILENT_MONTH = "silent_month"
    DEVICE_AGE = "device_age"
    DEVICE_FAILURES = "device_failures"
    DEVICE_FLOOR = "device_floor"
    PENALTY = "penalty"
    BONUS = "bonus"
    CEILING = "ceiling"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """Points given or taken, exact; `ref` is the rule or document, `findings` the findings, devices or months."""

    dimension: str
    cause: Cause
    ref: str
    points: Fraction
    findings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same step on another day."""
        return self.dimension, self.cause.value, self.ref


def dimension_steps(
    dimension: Dimension, history: CreditHistory, model: CreditModel, as_of: date
) -> tuple[ScoreStep, ...] | None:
    """The steps of one dimension, before penalties; None when there are no data to assess it.

    A dimension of findings loses their points up to its cap; one of units or devices loses the mean of what its units
    or devices lose of their 100, in proportion to its cap.
    """
    if dimension.id not in history.assessed:
        return None
    findings = [finding for finding in history.findings if finding.dimension == dimension.id]
    cap = Fraction(dimension.caps[history.kind])
    match dimension.measure:
        case Measure.FINDINGS:
            steps: tuple[ScoreStep, ...] | None = tuple(_by_findings(dimension.id, findings, model, as_of))
        case Measure.UNITS:
            steps = _by_units(dimension.id, cap, findings, history, model=model, as_of=as_of)
        case Measure.DEVICES:
            steps = _by_devices(dimension.id, cap, history.devices, model, as_of)
    if steps is None:
        return None
    if silent := _silent(dimension, history, model, as_of):
        taken = cap + sum((step.points for step in steps), ZERO)
        steps = (*steps, ScoreStep(dimension.id, Cause.SILENT_MONTH, "", -max(ZERO, taken), silent))
    over = -sum((step.points for step in steps), ZERO) - cap
    return (*steps, ScoreStep(dimension.id, Cause.DIMENSION_CAP, "", over)) if over > 0 else steps


def penalty_steps(history: CreditHistory, model: CreditModel, as_of: date) -> tuple[ScoreStep, ...]:
    """Unrepaired penalties: they reduce the total, beyond the cap of their dimension too.

    Of several measures in one document only the gravest counts: it is one event.
    """
    gravest: dict[str, int] = {}
    for penalty in history.penalties:
        if penalty.counts(as_of, months=model.terms["penalty_months"]):
            points = model.penalties.points(penalty.measure, penalty.fine)
            gravest[penalty.document_no] = max(points, gravest.get(penalty.document_no, 0))
    dimension = model.penalties.dimension
    return tuple(
        ScoreStep(dimension, Cause.PENALTY, number, Fraction(-points), (number,))
        for number, points in sorted(gravest.items())
    )


def _by_findings(name: str, findings: Sequence[CountedFinding], model: CreditModel, as_of: date) -> Iterator[ScoreStep]:
    for cost in rule_costs(charges_of(findings, as_of), model):
        yield ScoreStep(name, Cause.RULE, cost.rule, -Fraction(cost.points), cost.findings)


def _by_units(
    name: str,
    cap: Fraction,
    findings: Sequence[CountedFinding],
    history: CreditHistory,
    *,
    model: CreditModel,
    as_of: date,
) -> tuple[ScoreStep, ...] | None:
    start = as_of.replace(month=1, day=1)
    days = {unit.ref: sum(span.days_within(start, as_of) for span in unit.service) for unit in history.units}
    total = sum(days.values())
    if not total:
        return None
    lost: dict[str, Fraction] = defaultdict(Fraction)
    causes: dict[str, set[str]] = defaultdict(set)
    floor = ZERO
    for served, held in _alike(findings, days):
        share = cap * Fraction(served, total * FULL)
        costs: tuple[RuleCost, ...] = rule_costs(charges_of(held, as_of), model)
        for cost in costs:
            lost[cost.rule] += share * model.unit_factor * Fraction(cost.points)
            causes[cost.rule].update(cost.findings)
        below = model.unit_factor * sum((Fraction(cost.points) for cost in costs), ZERO) - FULL
        floor += share * max(ZERO, below)
    steps = [ScoreStep(name, Cause.RULE, rule, -lost[rule], tuple(sorted(causes[rule]))) for rule in sorted(lost)]
    return (*steps, ScoreStep(name, Cause.UNIT_FLOOR, "", floor)) if floor else tuple(steps)


def _alike(
    findings: Sequence[CountedFinding], days: Mapping[str, int]
) -> Iterator[tuple[int, Sequence[CountedFinding]]]:
    """Days in service with the findings on them: units without a finding of their own are weighed together."""
    named = {finding.unit for finding in findings}
    own = [ref for ref, served in days.items() if served and ref in named]
    for ref, held in by_unit(findings, own).items():
        yield days[ref], held
    together = [finding for finding in findings if finding.unit is None]
    rest = sum(served for ref, served in days.items() if ref not in named)
    if rest and together:
        yield rest, together


def _by_devices(
    name: str, cap: Fraction, devices: Sequence[Device], model: CreditModel, as_of: date
) -> tuple[ScoreStep, ...] | None:
    serving = [device for device in devices if device.in_service(as_of)]
    if not serving:
        return None
    rules, start = model.device_health, as_of.replace(month=1, day=1)
    share = cap / (len(serving) * FULL)
    age = failed = floor = 0
    old, broken = [], []
    for device in serving:
        years = rules.points_per_year * max(0, device.years(as_of) - rules.free_years)
        repairs = sum(rules.failure_points(item.minutes) for item in device.failures if start <= item.on <= as_of)
        age, failed, floor = age + years, failed + repairs, floor + max(0, years + repairs - FULL)
        old += [device.ref] if years else []
        broken += [device.ref] if repairs else []
    steps = (
        ScoreStep(name, Cause.DEVICE_AGE, "", -share * age, tuple(sorted(old))),
        ScoreStep(name, Cause.DEVICE_FAILURES, "", -share * failed, tuple(sorted(broken))),
        ScoreStep(name, Cause.DEVICE_FLOOR, "", share * floor),
    )
    return tuple(step for step in steps if step.points)


def _silent(dimension: Dimension, history: CreditHistory, model: CreditModel, as_of: date) -> tuple[str, ...]:
    if dimension.id != model.silent_month:
        return ()
    start, following = as_of.replace(month=1, day=1), as_of + timedelta(days=1)
    over = (month for month in sorted(history.silent_months) if start <= month < following.replace(day=1))
    return tuple(f"{month:%Y-%m}" for month in over)
