"""The cheapest corrections that lead to the next grade by a day, found exactly by branch and bound."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hengjian.scoring.domain.credit_gains import Correction, most_gain
from hengjian.scoring.domain.credit_grades import next_grade
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory
from hengjian.scoring.domain.credit_losses import charges_of
from hengjian.scoring.domain.credit_model import CreditModel, Grade
from hengjian.scoring.domain.credit_score import CreditScore, credit_score

MOST_SCORES = 400
"""Scores that a search may cost: about a second where an organization has fifty sites, so that a page answers."""


Cost = Callable[[Correction], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPlan:
    """What leads to a grade by a day: `corrections` of least cost, and the score then.

    `reachable` is false when no set of corrections is enough; the score is then that with all of them. `exact` is
    false only when the search was cut off: the plan works, and a cheaper one may exist.
    """

    grade: str
    by: date
    corrections: tuple[Correction, ...]
    cost: int
    score: CreditScore
    reachable: bool
    exact: bool


def cheapest_corrections(
    history: CreditHistory, model: CreditModel, *, as_of: date, by: date, cost: Cost | None = None
) -> CorrectionPlan | None:
    """What to correct from the day after `as_of` to hold the next grade on `by`; None when not rated or at the best.

    Open breaches that are not corrected go on until `by`; corrected ones end on `as_of`, and months that counted
    stay counted. Costs are whole numbers above 0. The last corrections of plans that cost the same may be exchanged.

    Raises:
        ValueError: `by` lies before `as_of` or after the end of the next natural year.
    """
    if not as_of <= by <= date(as_of.year + 1, 12, 31):
        raise ValueError(by)
    now = credit_score(history, model, as_of)
    target = next_grade(now.grade, model) if now.grade and now.total is not None else None
    if target is None:
        return None
    choices = tuple(
        item if cost is None else replace(item, cost=cost(item)) for item in _choices(history, model, as_of, by)
    )
    return _Search(_Start(history, model, as_of, by), target, choices).plan()


def with_corrections(
    history: CreditHistory, corrections: Sequence[Correction], *, as_of: date, model: CreditModel
) -> CreditHistory:
    """The history as it would be with these corrections made on a day."""
    ended = {item.ref for item in corrections if item.kind == "rectify"}
    repaired = {item.ref for item in corrections if item.kind == "repair"}
    lawful = model.terms["penalty_months"]
    return replace(
        history,
        findings=tuple(
            replace(item, last_day=as_of) if item.name in ended and _lasts(item, as_of) else item
            for item in history.findings
        ),
        penalties=tuple(
            replace(done, repaired_on=done.repairable_from(lawful))
            if item.document_no in repaired
            and (done := replace(item, duty_done_on=min(item.duty_done_on or as_of, as_of)))
            else item
            for item in history.penalties
        ),
    )


def _choices(history: CreditHistory, model: CreditModel, as_of: date, by: date) -> Iterator[Correction]:
    lasting = {item.name for item in history.findings if _lasts(item, as_of)}
    yield from (Correction("rectify", name) for name in sorted(lasting))
    months = model.terms["penalty_months"]
    counting = {item.document_no for item in history.penalties if item.counts(by, months=months)}
    yield from (Correction("repair", number) for number in sorted(counting))


def _lasts(finding: CountedFinding, as_of: date) -> bool:
    return finding.first_day <= as_of and (finding.last_day is None or finding.last_day > as_of)


@dataclass(frozen=True, slots=True)
class _Start:
    history: CreditHistory
    model: CreditModel
    as_of: date
    by: date


class _Search:
    """Branch and bound: the most promising choices first, no branch that cannot beat the best plan known."""

    def __init__(self, now: _Start, target: Grade, choices: Sequence[Correction]) -> None:
        self.now, self.target = now, target
        gains = {item: most_gain(item, now.history, now.model, as_of=now.as_of, by=now.by) for item in choices}
        alike = _alike(now.history, choices, as_of=now.as_of, by=now.by)
        useful = [item for item in choices if gains[item]]
        self.choices = sorted(useful, key=lambda item: (-gains[item] / item.cost, alike[item], item))
        self.gains = [gains[item] for item in self.choices]
        self.alike = [alike[item] for item in self.choices]
        self.scores = 0
        self.best: tuple[tuple[Correction, ...], CreditScore] | None = None
        self.best_cost = 0

    def plan(self) -> CorrectionPlan:
        """The cheapest plan, or what all corrections together come to."""
        everything = self._score(self.choices)
        if reachable := self._reaches(everything):
            self._keep(tuple(self.choices), everything)
            self._descend(self._needed(everything), 0)
        chosen, score = self.best or (tuple(self.choices), everything)
        return CorrectionPlan(
            grade=self.target.grade,
            by=self.now.by,
            corrections=tuple(sorted(chosen)),
            cost=sum(item.cost for item in chosen),
            score=score,
            reachable=reachable,
            exact=self.scores < MOST_SCORES,
        )

    def _needed(self, everything: CreditScore) -> tuple[Correction, ...]:
        """Critical findings that bar the grade must go, whatever they cost."""
        if self.target.allows_critical:
            return ()
        barring = set(self._score(()).barred_by) - set(everything.barred_by)
        return tuple(item for item in self.choices if item.kind == "rectify" and item.ref in barring)

    def _descend(self, chosen: tuple[Correction, ...], index: int) -> None:
        cost = sum(item.cost for item in chosen)
        if cost >= self.best_cost or self.scores >= MOST_SCORES:
            return
        score = self._score(chosen)
        if self._reaches(score):
            self._keep(chosen, score)
            return
        skipped: tuple[object, ...] | None = None
        for place in range(index, len(self.choices)):
            least = self._least_more(self.target.at_least - score.points, place)
            if least is None or cost + least >= self.best_cost:
                return
            if self.choices[place] not in chosen and self.alike[place] != skipped:
                self._descend((*chosen, self.choices[place]), place + 1)
                skipped = self.alike[place]

    def _least_more(self, wanted: Fraction, place: int) -> int | None:
        """The least that points still wanted can cost with choices from a place on; None when they cannot be had."""
        cost = Fraction(0)
        for gain, item in zip(self.gains[place:], self.choices[place:], strict=True):
            if wanted <= gain:
                return math.ceil(cost + item.cost * max(wanted, Fraction(0)) / gain)
            wanted, cost = wanted - gain, cost + item.cost
        return None

    def _keep(self, chosen: tuple[Correction, ...], score: CreditScore) -> None:
        self.best, self.best_cost = (chosen, score), sum(item.cost for item in chosen)

    def _score(self, chosen: Sequence[Correction]) -> CreditScore:
        self.scores += 1
        history = with_corrections(self.now.history, chosen, as_of=self.now.as_of, model=self.now.model)
        return credit_score(history, self.now.model, self.now.by)

    def _reaches(self, score: CreditScore) -> bool:
        grades = {grade.grade: grade.at_least for grade in self.now.model.grades}
        return score.grade is not None and grades[score.grade] >= self.target.at_least


def _alike(
    history: CreditHistory, choices: Sequence[Correction], *, as_of: date, by: date
) -> dict[Correction, tuple[object, ...]]:
    """What makes corrections interchangeable: the same rule, months, severity, unit and cost on subjects of their own."""
    subjects = Counter((item.dimension, item.rule, item.subject) for item in history.findings)
    found: dict[Correction, tuple[object, ...]] = {}
    for choice in choices:
        held = [item for item in history.findings if choice.kind == "rectify" and item.name == choice.ref]
        if len(held) == 1 and not held[0].event and subjects[held[0].dimension, held[0].rule, held[0].subject] == 1:
            months = len(charges_of(held, by)), len(charges_of([replace(held[0], last_day=as_of)], by))
            found[choice] = (held[0].dimension, held[0].rule, held[0].severity.value, held[0].unit or "", *months)
        else:
            found[choice] = ("", choice.kind, choice.ref)
        found[choice] = (choice.cost, *found[choice])
    return found
