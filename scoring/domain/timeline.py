"""Verdicts over time: the stretches of days on which a rule says the same of a subject, exact to the day.

Facts change only on known days, so a verdict on each of those days settles every day between them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from hengjian.scoring.domain.clocks import merged
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

    `until` is None when the stretch reaches the last day asked for. `verdict` and `given` are those of its last part;
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
    given: Facts
    parts: tuple[Part, ...] = ()
    repaired_on: date | None = None

    @property
    def facts(self) -> dict[str, Value]:
        """Of the facts given, those known that the rule reads."""
        return self.rule.clean(self.given)

    @property
    def is_breach(self) -> bool:
        """Whether it is a stretch of breach."""
        return self.outcome is Outcome.BREACH

    def of(self, subject: Subject) -> "Stretch":
        """The same of another subject with the same facts."""
        if subject is self.subject:
            return self
        return Stretch(
            rule=self.rule,
            subject=subject,
            outcome=self.outcome,
            first_day=self.first_day,
            until=self.until,
            severity=self.severity,
            verdict=self.verdict,
            given=self.given,
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


JudgedSpans = frozenset[tuple[str, date, date | None]]
"""Dimensions with the days from the first to before the second (None: to the end) on which a rule of theirs was judged."""


def judged_spans(found: Iterable[Stretch]) -> JudgedSpans:
    """When a rule of which dimension passed or was breached."""
    return frozenset(
        (stretch.rule.rule.dimension, stretch.first_day, stretch.until)
        for stretch in found
        if stretch.outcome is Outcome.PASS or stretch.outcome is Outcome.BREACH
    )


def merged_spans(spans: Iterable[tuple[str, date, date | None]]) -> tuple[tuple[str, date, date | None], ...]:
    """The same with those of one dimension that touch or overlap as one, in order: each day is as it was."""
    days: dict[str, set[tuple[date, date]]] = {}
    for dimension, first, until in spans:
        days.setdefault(dimension, set()).add((first, until or date.max))
    return tuple(
        (dimension, first, None if until == date.max else until)
        for dimension in sorted(days)
        for first, until in merged(days[dimension])
    )


class Course(msgspec.Struct, frozen=True, eq=False, gc=False):
    """All stretches of a subject, and of every other one that shares its facts and days.

    `breaches` are those of breach, `last` those that reach the last day, `spans` when any passed or was breached.
    """

    subject: Subject
    stretches: Sequence[Stretch]
    breaches: tuple[Stretch, ...]
    last: tuple[Stretch, ...]
    spans: JudgedSpans


def _course(subject: Subject, law: RegionLaw) -> Course:
    found = stretches(subject, subject.days, law.of_kind(subject.kind))
    return Course(
        subject=subject,
        stretches=found,
        breaches=tuple(one for one in found if one.outcome is Outcome.BREACH),
        last=tuple(one for one in found if one.until is None),
        spans=judged_spans(found),
    )


JudgedBefore = dict[tuple[int, str, int, int], Course]
"""What was judged before, by law, kind, facts and days, each as it is in memory."""


def courses_of(subjects: Iterable[Subject], law: RegionLaw, judged: JudgedBefore) -> tuple[tuple[Subject, Course], ...]:
    """The subjects, each with its course; those that share their facts and days are judged once.

    Args:
        subjects: with facts on each of their days.
        law: the rules of the region.
        judged: what was judged before, of others too; what is judged now is added.
    """
    found: list[tuple[Subject, Course]] = []
    for subject in subjects:
        shared = id(law), subject.kind, id(subject.by_day), id(subject.days)
        course = judged.get(shared)
        if course is None:
            course = judged[shared] = _course(subject, law)
        found.append((subject, course))
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
            given=self.facts,
            parts=tuple(self.parts),
        )


def law_days(rules: Iterable[Rule], *, since: date, until: date) -> set[date]:
    """The days after `since` up to `until` on which a rule begins, ends, or takes a new parameter."""
    return {day for day in turning_days(rules) if since < day <= until}
