"""What findings cost: each rule and subject once a month at its gravest, one event once, each rule up to its cap."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengjian.scoring.domain.credit_history import CountedFinding
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.rules import worst
from hengjian.scoring.domain.verdicts import Severity

_GRAVITY = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Charge:
    """One month of one rule and subject: what counts is the gravest of its findings."""

    rule: str
    subject: str
    month: int
    severity: Severity
    findings: tuple[CountedFinding, ...]

    @property
    def dimension(self) -> str:
        """The dimension it costs points in."""
        return self.findings[0].dimension


@dataclass(frozen=True, slots=True)
class RuleCost:
    """Charges of one rule together: points before and after the rule's cap for its gravest severity."""

    rule: str
    severity: Severity
    charges: tuple[Charge, ...]
    uncapped: Decimal
    points: Decimal

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings behind it, each once."""
        return tuple(sorted({finding.name for charge in self.charges for finding in charge.findings}))


def charges_of(findings: Iterable[CountedFinding], as_of: date) -> tuple[Charge, ...]:
    """What counts in the natural year up to a day, rule by rule, subject by subject, month by month."""
    held: dict[tuple[str, str, str, int], list[CountedFinding]] = defaultdict(list)
    for month, finding in _one_each_event(_monthly(findings, as_of)):
        held[finding.dimension, finding.rule, finding.subject, month].append(finding)
    return tuple(_charge(rule, subject, month, hits) for (_, rule, subject, month), hits in sorted(held.items()))


def _charge(rule: str, subject: str, month: int, hits: list[CountedFinding]) -> Charge:
    ordered = _ordered(hits) if len(hits) > 1 else tuple(hits)
    return Charge(rule, subject, month, ordered[0].severity, ordered)


def rule_costs(charges: Iterable[Charge], model: CreditModel) -> tuple[RuleCost, ...]:
    """What the charges cost, rule by rule."""
    by_rule: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        by_rule[charge.rule].append(charge)
    return tuple(_cost(rule, by_rule[rule], model) for rule in sorted(by_rule))


def by_unit(findings: Iterable[CountedFinding], units: Iterable[str]) -> Mapping[str, Sequence[CountedFinding]]:
    """The findings on each unit; one without a unit falls on every one of them."""
    found: dict[str, list[CountedFinding]] = {unit: [] for unit in units}
    for finding in findings:
        if finding.unit is None:
            for held in found.values():
                held.append(finding)
        elif finding.unit in found:
            found[finding.unit].append(finding)
    return found


def months_between(first: date, last: date) -> range:
    """The months from one day to another, as year × 12 + month; none when the second comes earlier."""
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1) if first <= last else range(0)


def _monthly(findings: Iterable[CountedFinding], as_of: date) -> Iterator[tuple[int, CountedFinding]]:
    cycle_start = as_of.replace(month=1, day=1)
    for finding in findings:
        if finding.costs_points:
            for month in months_between(max(finding.first_day, cycle_start), finding.last_counted(as_of)):
                yield month, finding


def _one_each_event(hits: Iterable[tuple[int, CountedFinding]]) -> Iterator[tuple[int, CountedFinding]]:
    gravest: dict[tuple[int, str], CountedFinding] = {}
    for month, finding in hits:
        if not finding.event:
            yield month, finding
        elif (month, finding.event) not in gravest or _rank(finding) < _rank(gravest[month, finding.event]):
            gravest[month, finding.event] = finding
    for (month, _), finding in gravest.items():
        yield month, finding


def _rank(finding: CountedFinding) -> tuple[int, str, str]:
    return _GRAVITY[finding.severity], finding.rule, finding.name


def _ordered(findings: Iterable[CountedFinding]) -> tuple[CountedFinding, ...]:
    return tuple(sorted(findings, key=_rank))


def _cost(rule: str, charges: list[Charge], model: CreditModel) -> RuleCost:
    severity = worst(charge.severity for charge in charges) or Severity.INFO
    uncapped = sum((model.deductions[charge.severity] for charge in charges), Decimal())
    return RuleCost(rule, severity, tuple(charges), uncapped, min(uncapped, model.rule_caps[severity]))
