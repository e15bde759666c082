"""Verdicts over time: the stretches of days on which a rule says the same of a subject, exact to the day.

Facts change only on known days, so a verdict on each of those days settles every day between them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.rules import Rule, turning_days, worst
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict

Values = tuple[Value | None, ...]
RulesOn = Callable[[date], Sequence[RuleInForce]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stretch from a day on: how grave it was, and whether it may cost points."""

    first_day: date
    severity: Severity | None
    costs_points: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days on which one rule gives one outcome for one subject, from `first_day` to before `until`.

    `until` is None when the stretch reaches the last day asked for. `verdict` and `facts` are those of its last part;
    `severity` is the gravest in it, `parts` tells from which day it was how grave (none: all along).
    `repaired_on` is the day after whose month its minor parts count no more.
    """

    rule: RuleInForce
    subject: Subject
    outcome: Outcome
    first_day: date
    until: date | None
    severity: Severity | None
    verdict: Verdict
    facts: Mapping[str, Value]
    parts: tuple[Part, ...] = ()
    repaired_on: date | None = None

    @property
    def is_breach(self) -> bool:
        """Whether it is a stretch of breach."""
        return self.outcome is Outcome.BREACH

    def overlaps(self, first_day: date, until: date | None) -> bool:
        """Whether it shares a day with another span of days."""
        return (until is None or self.first_day < until) and (self.until is None or first_day < self.until)


def stretches(subject: Subject, days: Sequence[date], rules_on: RulesOn) -> list[Stretch]:
    """All stretches of one subject, rule by rule, in the order of days.

    Args:
        subject: with facts on each of the days on which it existed.
        days: rising; facts and rules are constant between them.
        rules_on: the rules in force on a day.
    """
    ended: list[Stretch] = []
    runs: dict[str, _Run] = {}
    for day in days:
        facts = subject.by_day.get(day)
        rules = [] if facts is None else [rule for rule in rules_on(day) if rule.rule.subject == subject.kind]
        gone = runs.keys() - {rule.id for rule in rules}
        ended.extend(runs.pop(rule_id).stretch(subject, until=day) for rule_id in gone)
        for rule in rules:
            run = runs.get(rule.id)
            values = tuple(map(facts.get, rule.inputs)) if facts is not None else ()
            if run is not None and run.rule is rule and _same(run.values, values):
                continue
            verdict = rule.judge(facts or {})
            if run is None or run.verdict.verdict is not verdict.verdict:
                if run is not None:
                    ended.append(run.stretch(subject, until=day))
                part = Part(day, verdict.severity, rule.costs_points)
                runs[rule.id] = _Run(rule, verdict, values, facts or {}, day, verdict.severity, [part])
            else:
                run.go_on(rule, verdict, values, facts or {}, day=day)
    ended.extend(run.stretch(subject, until=None) for run in runs.values())
    return sorted(ended, key=lambda one: (one.rule.id, one.first_day))


def _same(before: Values, now: Values) -> bool:
    """Whether a rule must say the same: equal decimals may still be written differently (1.0 and 1.00)."""
    return before == now and not any(isinstance(value, Decimal) for value in now)


@dataclass(slots=True)
class _Run:
    """A stretch that may still go on; `values` are the facts of its last part that the rule reads."""

    rule: RuleInForce
    verdict: Verdict
    values: Values
    facts: Facts
    first_day: date
    severity: Severity | None
    parts: list[Part]

    def go_on(self, rule: RuleInForce, verdict: Verdict, values: Values, facts: Facts, *, day: date) -> None:
        """The same outcome again from a day on, on other facts or by a changed rule."""
        last = self.parts[-1]
        if (last.severity, last.costs_points) != (verdict.severity, rule.costs_points):
            self.parts.append(Part(day, verdict.severity, rule.costs_points))
        self.rule, self.verdict, self.values, self.facts = rule, verdict, values, facts
        self.severity = worst(one for one in (self.severity, verdict.severity) if one is not None)

    def stretch(self, subject: Subject, *, until: date | None) -> Stretch:
        """What it has become."""
        return Stretch(
            rule=self.rule,
            subject=subject,
            outcome=self.verdict.verdict,
            first_day=self.first_day,
            until=until,
            severity=self.severity,
            verdict=self.verdict,
            facts=self.rule.clean(self.facts),
            parts=tuple(self.parts),
        )


def law_days(rules: Iterable[Rule], *, since: date, until: date) -> set[date]:
    """The days after `since` up to `until` on which a rule begins, ends, or takes a new parameter."""
    return {day for day in turning_days(rules) if since < day <= until}
