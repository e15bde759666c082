"""What a changed rule would have meant: breaches that start and stop, days, points and grades, before and after.

Scores are those that were stored month by month, with only the losses of the rules concerned reckoned anew.
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
from hengjian.scoring.domain.credit_model import CreditModel
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
    """A score as it was stored: the caps of the assessed dimensions, what each rule cost, whether it was rated."""

    month: date
    as_of: date
    rated: bool
    caps: Mapping[str, Decimal]
    losses: tuple[StoredLoss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMove:
    """A month's score without and with the change; None where it is not rated."""

    month: date
    total_before: Decimal | None
    total_after: Decimal | None
    grade_before: str | None
    grade_after: str | None

    @property
    def moves(self) -> bool:
        """Whether anything is another."""
        return (self.total_before, self.grade_before) != (self.total_after, self.grade_after)


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
    before, after = (_scored(stored, _costs(found, stored.as_of, model), rules, model) for found in (old, new))
    return MonthMove(
        month=stored.month,
        total_before=before[0],
        grade_before=before[1],
        total_after=after[0],
        grade_after=after[1],
    )


def _costs(stretches: Sequence[Stretch], as_of: date, model: CreditModel) -> tuple[RuleCost, ...]:
    findings = [
        found for one in stretches for found in counted_findings(one, as_of) if found.dimension in model.assessed
    ]
    return rule_costs(charges_of(findings, as_of), model)


def _scored(
    stored: StoredMonth, costs: Sequence[RuleCost], rules: Sequence[str], model: CreditModel
) -> tuple[Decimal | None, str | None]:
    """Total and grade with these costs in place of those stored for the rules, as `provisional_score` reckons them."""
    if not stored.rated:
        return None, None
    losses = [loss for loss in stored.losses if loss.rule not in rules]
    losses += [StoredLoss(cost.rule, cost.charges[0].dimension, cost.severity, cost.points) for cost in costs]
    total = Decimal(FULL)
    for dimension, cap in stored.caps.items():
        total -= min(cap, sum((loss.points for loss in losses if loss.dimension == dimension), Decimal()))
    critical = any(loss.severity is Severity.CRITICAL for loss in losses)
    return total, grade_of(total, model, critical=critical)
