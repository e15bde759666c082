"""What a changed rule would have meant: breaches that start and stop, days, points and grades, before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.timeline import Stretch, judged_spans


class Effect(StrEnum):
    """What a change does to the breaches of one organization; `score` leaves them and moves its score alone."""

    STARTS = "starts"
    STOPS = "stops"
    LONGER = "longer"
    SHORTER = "shorter"
    SAME = "same"
    SCORE = "score"


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


def breach_move(rule_id: str, before: Sequence[Stretch], after: Sequence[Stretch], until: date) -> BreachMove:
    """How the breaches of a rule move up to a day."""
    old = [one for one in before if one.is_breach and one.rule.id == rule_id]
    new = [one for one in after if one.is_breach and one.rule.id == rule_id]
    days_before, days_after = _days(old, until), _days(new, until)
    return BreachMove(
        effect=Effect.SCORE if _plain(old) == _plain(new) else _effect(days_before, days_after),
        days_before=days_before,
        days_after=days_after,
        open_before=any(one.until is None for one in old),
        open_after=any(one.until is None for one in new),
    )


def counts_alike(before: Sequence[Stretch], after: Sequence[Stretch]) -> bool:
    """Whether a score takes the same of the stretches, whatever was decided on them: breaches, and what was judged at all."""
    return _taken(before) == _taken(after) and judged_spans(before) == judged_spans(after)


def _taken(stretches: Iterable[Stretch]) -> Mapping[BreachKey, tuple[object, ...]]:
    return {
        key_of(one): (
            one.until,
            one.parts,
            one.verdict.required,
            one.verdict.lacking,
            one.facts,
            one.rule.rule.dimension,
            one.rule.rule.counted_under,
        )
        for one in stretches
        if one.is_breach
    }


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
