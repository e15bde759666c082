"""What a changed rule would have meant: breaches that start and stop, days, points and grades, before and after.

Scores are those that were stored month by month; what the losses of the rules concerned come to without and with the
change moves them, whatever else counted then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from hengjian.scoring.domain.counted import counted_findings
from hengjian.scoring.domain.counting import BreachKey, counted_stretches
from hengjian.scoring.domain.credit_grades import FULL, grade_of
from hengjian.scoring.domain.credit_losses import RuleCost, charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel, Measure
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Severity


class Effect(StrEnum):
    """What a change does to the breaches of one organization."""

    STARTS = "starts"
    STOPS = "stops"
    LONGER = "longer"
    SHORTER = "shorter"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class StoredLoss:
    """What one rule cost in a stored score."""

    rule: str
    dimension: str
    severity: Severity
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMonth:
    """A score as it was stored; `total` is None where the organization was not rated.

    `caps` and `lost` are of the assessed dimensions, `lost` before the cap and without penalties, which no cap holds; a
    dimension that a month without data took whole is not among them. `bounds` kept the total between 0 and 100.
    """

    month: date
    as_of: date
    total: Decimal | None
    grade: str | None
    caps: Mapping[str, Decimal]
    lost: Mapping[str, Decimal]
    bounds: Decimal
    losses: tuple[StoredLoss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMove:
    """A month's score without and with the change; None where it is not rated.

    With the change it is also None where a mean over sites or jobs decides, which no stored score tells: unknown.
    """

    month: date
    total_before: Decimal | None
    total_after: Decimal | None
    grade_before: str | None
    grade_after: str | None

    @property
    def moves(self) -> bool:
        """Whether anything is another."""
        return (self.total_before, self.grade_before) != (self.total_after, self.grade_after)

    @property
    def grade_moves(self) -> bool:
        """Whether it is known that the grade is another."""
        return self.total_after is not None and self.grade_before != self.grade_after


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachMove:
    """The breaches of the rule without and with the change; days are summed over subjects."""

    effect: Effect
    days_before: int
    days_after: int
    open_before: bool
    open_after: bool


def breach_move(rule_id: str, before: Sequence[Stretch], after: Sequence[Stretch], until: date) -> BreachMove | None:
    """How the breaches of a rule move up to a day; None when they stay as they are."""
    old = [one for one in before if one.is_breach and one.rule.id == rule_id]
    new = [one for one in after if one.is_breach and one.rule.id == rule_id]
    if _plain(old) == _plain(new):
        return None
    days_before, days_after = _days(old, until), _days(new, until)
    return BreachMove(
        effect=_effect(days_before, days_after),
        days_before=days_before,
        days_after=days_after,
        open_before=any(one.until is None for one in old),
        open_after=any(one.until is None for one in new),
    )


def month_moves(
    months: Iterable[StoredMonth],
    before: Sequence[Stretch],
    after: Sequence[Stretch],
    lives: Mapping[BreachKey, Life],
    *,
    rules: Sequence[str],
    model: CreditModel,
) -> tuple[MonthMove, ...]:
    """Each stored month without and with the change; dismissed and frozen findings count as they do in the score."""
    old = counted_stretches(before, lives, official=False)
    new = counted_stretches(after, lives, official=False)
    return tuple(_month(one, old, new, rules=rules, model=model) for one in months)


def _effect(before: int, after: int) -> Effect:
    if not before and after:
        return Effect.STARTS
    if before and not after:
        return Effect.STOPS
    if before == after:
        return Effect.SAME
    return Effect.LONGER if before < after else Effect.SHORTER


def _plain(stretches: Iterable[Stretch]) -> list[tuple[object, ...]]:
    return sorted(
        (
            (one.subject.kind, one.subject.key, one.first_day, one.until or date.max, one.parts, one.verdict.required)
            for one in stretches
        ),
        key=lambda told: told[:4],
    )


def _days(stretches: Iterable[Stretch], until: date) -> int:
    after = until + timedelta(days=1)
    return sum(((one.until or after) - one.first_day).days for one in stretches)


def _month(
    stored: StoredMonth, old: Sequence[Stretch], new: Sequence[Stretch], *, rules: Sequence[str], model: CreditModel
) -> MonthMove:
    before, after = (_costs(found, stored.as_of, model) for found in (old, new))
    total, grade = moved_score(stored, before, after, rules, model)
    return MonthMove(
        month=stored.month,
        total_before=stored.total,
        grade_before=stored.grade,
        total_after=total,
        grade_after=grade,
    )


def _costs(stretches: Sequence[Stretch], as_of: date, model: CreditModel) -> tuple[RuleCost, ...]:
    findings = [
        found for one in stretches for found in counted_findings(one, as_of) if found.dimension in model.assessed
    ]
    return rule_costs(charges_of(findings, as_of), model)


def moved_score(
    stored: StoredMonth,
    before: Sequence[RuleCost],
    after: Sequence[RuleCost],
    rules: Sequence[str],
    model: CreditModel,
) -> tuple[Decimal | None, str | None]:
    """Total and grade with the later costs of the rules in place of the earlier ones."""
    was, now = _by_dimension(before), _by_dimension(after)
    means = {item.id for item in model.dimensions if item.measure is Measure.UNITS}
    if stored.total is None:
        return None, stored.grade
    if any(was.get(name, Decimal()) != now.get(name, Decimal()) for name in means & stored.caps.keys()):
        return None, None
    total = stored.total - stored.bounds
    for name, cap in stored.caps.items():
        lost = stored.lost[name]
        total -= min(cap, lost - was.get(name, Decimal()) + now.get(name, Decimal())) - min(cap, lost)
    total = min(Decimal(FULL), max(Decimal(), total))
    others = any(loss.severity is Severity.CRITICAL for loss in stored.losses if loss.rule not in rules)
    first, then = (others or any(cost.severity is Severity.CRITICAL for cost in costs) for costs in (before, after))
    if stored.grade != grade_of(stored.total, model, critical=first):  # a veto decides it
        return total, stored.grade
    return total, grade_of(total, model, critical=then)


def _by_dimension(costs: Sequence[RuleCost]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for cost in costs:
        dimension = cost.charges[0].dimension
        found[dimension] = found.get(dimension, Decimal()) + cost.points
    return found
