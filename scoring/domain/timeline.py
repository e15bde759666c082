"""Verdicts over time: the stretches of days on which a rule says the same of a subject, exact to the day.

Facts change only on known days, so a verdict on each of those days settles every day between them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.rules import Rule, worst
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict

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
    runs: dict[str, list[Stretch]] = {}
    for day in days:
        facts = subject.by_day.get(day)
        seen: set[str] = set()
        if facts is not None:
            for rule in rules_on(day):
                if rule.rule.subject == subject.kind:
                    seen.add(rule.id)
                    _extend(runs.setdefault(rule.id, []), rule, subject, facts, day)
        for rule_id, run in runs.items():
            if rule_id not in seen and run and run[-1].until is None:
                run[-1] = replace(run[-1], until=day)
    return [stretch for rule_id in sorted(runs) for stretch in runs[rule_id]]


def law_days(rules: Iterable[Rule], *, since: date, until: date) -> set[date]:
    """The days in a span on which a rule begins, ends, or takes a new parameter."""
    found: set[date] = set()
    for rule in rules:
        found.add(rule.in_force_from)
        if rule.in_force_until is not None:
            found.add(rule.in_force_until)
        found.update(entry.since for parameter in rule.parameters for entry in parameter.entries)
    return {day for day in found if since < day <= until}


def _extend(run: list[Stretch], rule: RuleInForce, subject: Subject, facts: Facts, day: date) -> None:
    verdict = rule.judge(facts)
    known = rule.clean(facts)
    last = run[-1] if run else None
    part = Part(day, verdict.severity, rule.costs_points)
    if last is not None and last.until is None and last.outcome is verdict.verdict:
        severity = worst(s for s in (last.severity, verdict.severity) if s is not None)
        same = (last.parts[-1].severity, last.parts[-1].costs_points) == (part.severity, part.costs_points)
        parts = last.parts if same else (*last.parts, part)
        run[-1] = replace(last, rule=rule, severity=severity, verdict=verdict, facts=known, parts=parts)
        return
    if last is not None and last.until is None:
        run[-1] = replace(last, until=day)
    run.append(
        Stretch(
            rule=rule,
            subject=subject,
            outcome=verdict.verdict,
            first_day=day,
            until=None,
            severity=verdict.severity,
            verdict=verdict,
            facts=known,
            parts=(part,),
        )
    )
