"""Verdicts over time: the stretches of days on which a rule says the same of a subject, exact to the day.

Facts change only on known days, so a verdict on each of those days settles every day between them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import RegionLaw
from hengjian.scoring.domain.rules import Rule, turning_days, worst
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict

RulesOn = Callable[[date], Sequence[RuleInForce]]


class Part(msgspec.Struct, frozen=True, gc=False):
    """A part of a stretch from a day on: how grave it was, and whether it may cost points."""

    first_day: date
    severity: Severity | None
    costs_points: bool


class Stretch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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

    def of(self, subject: Subject) -> "Stretch":
        """The same of another subject with the same facts."""
        return Stretch(
            rule=self.rule,
            subject=subject,
            outcome=self.outcome,
            first_day=self.first_day,
            until=self.until,
            severity=self.severity,
            verdict=self.verdict,
            facts=self.facts,
            parts=self.parts,
        )

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
    in_force: Sequence[RuleInForce] = ()
    own: list[RuleInForce] = []
    before: Facts = {}
    for day in days:
        facts = subject.by_day.get(day)
        now = () if facts is None else rules_on(day)
        if now is not in_force:
            in_force, own = now, [rule for rule in now if rule.rule.subject == subject.kind]
            gone = runs.keys() - {rule.id for rule in own}
            ended.extend(runs.pop(rule_id).stretch(subject, until=day) for rule_id in gone)
        if facts is None:
            continue
        changed, before = _changed(before, facts), facts
        for rule in own:
            run = runs.get(rule.id)
            if run is not None and run.rule is rule and changed.isdisjoint(rule.inputs):
                continue
            verdict = rule.judge(facts)
            if run is None or run.verdict.verdict is not verdict.verdict:
                if run is not None:
                    ended.append(run.stretch(subject, until=day))
                part = Part(day, verdict.severity, rule.costs_points)
                runs[rule.id] = _Run(rule, verdict, facts, day, verdict.severity, [part])
            else:
                run.go_on(rule, verdict, facts, day=day)
    ended.extend(run.stretch(subject, until=None) for run in runs.values())
    return sorted(ended, key=lambda one: (one.rule.id, one.first_day))


JudgedBefore = dict[tuple[int, str, int, int], tuple[Subject, Sequence[Stretch]]]
"""What was judged before: by law, kind, facts and days, each as it is in memory, a subject and its stretches."""


def stretches_of_all(subjects: Iterable[Subject], law: RegionLaw, judged: JudgedBefore) -> tuple[Stretch, ...]:
    """All stretches of the subjects, in their order; those that share their facts and days are judged once.

    Args:
        subjects: with facts on each of their days.
        law: the rules of the region.
        judged: what was judged before, of others too; what is judged now is added.
    """
    found: list[Stretch] = []
    for subject in subjects:
        shared = id(law), subject.kind, id(subject.by_day), id(subject.days)
        known = judged.get(shared)
        if known is None:
            own = stretches(subject, subject.days, law.of_kind(subject.kind))
            judged[shared] = subject, own
            found += own
        else:
            found += [one.of(subject) for one in known[1]]
    return tuple(found)


def _changed(before: Facts, now: Facts) -> set[str]:
    """The facts on which a rule may say something else: equal decimals may be written differently (1.0 and 1.00)."""
    if before.keys() != now.keys():
        return {*before, *now}
    return {
        name
        for name, value in now.items()
        if (was := before[name]) is not value and (was != value or isinstance(value, Decimal))
    }


@dataclass(slots=True)
class _Run:
    """A stretch that may still go on; `facts` are those of its last part."""

    rule: RuleInForce
    verdict: Verdict
    facts: Facts
    first_day: date
    severity: Severity | None
    parts: list[Part]

    def go_on(self, rule: RuleInForce, verdict: Verdict, facts: Facts, *, day: date) -> None:
        """The same outcome again from a day on, on other facts or by a changed rule."""
        last = self.parts[-1]
        if (last.severity, last.costs_points) != (verdict.severity, rule.costs_points):
            self.parts.append(Part(day, verdict.severity, rule.costs_points))
        self.rule, self.verdict, self.facts = rule, verdict, facts
        if verdict.severity is not self.severity:
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
