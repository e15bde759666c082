"""What judged stretches and facts give to a score: breaches part by part, and the days with business."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from hengjian.scoring.domain.credit_history import CountedFinding, Span
from hengjian.scoring.domain.subjects import Facts
from hengjian.scoring.domain.timeline import JudgedSpans, Part, Stretch
from hengjian.scoring.domain.verdicts import Severity


def counted_findings(stretch: Stretch, as_of: date) -> Iterator[CountedFinding]:
    """What counts of a stretch up to a day: what came later, or was graver later, changes nothing before."""
    if not stretch.is_breach or stretch.first_day > as_of:
        return
    subject = f"{stretch.subject.kind}:{stretch.subject.key}"
    end = as_of if stretch.until is None else min(as_of, stretch.until - timedelta(days=1))
    parts = stretch.parts or (Part(stretch.first_day, stretch.severity, stretch.rule.costs_points),)
    following = [part.first_day - timedelta(days=1) for part in parts[1:]]
    for part, last_day in zip(parts, [*following, end], strict=True):
        if part.first_day <= as_of:
            yield CountedFinding(
                rule=stretch.rule.id,
                subject=subject,
                severity=part.severity or Severity.INFO,
                dimension=stretch.rule.rule.dimension,
                first_day=part.first_day,
                last_day=min(last_day, end),
                costs_points=part.costs_points,
                unit=stretch.subject.unit,
                repaired_on=stretch.repaired_on,
                ref=f"{stretch.rule.id}/{subject}/{stretch.first_day}",
            )


def counted_up_to(findings: Iterable[CountedFinding], as_of: date) -> tuple[CountedFinding, ...]:
    """Of what counts up to a later day, what counts up to a day: as `counted_findings` gives it for that day."""
    return tuple(
        item if item.last_day is not None and item.last_day <= as_of else replace(item, last_day=as_of)
        for item in findings
        if item.first_day <= as_of
    )


def judged_dimensions(spans: JudgedSpans, as_of: date) -> frozenset[str]:
    """The dimensions of which a rule passed or was breached in the natural year up to a day: the others are unknown."""
    start = as_of.replace(month=1, day=1)
    return frozenset(
        dimension for dimension, first_day, until in spans if first_day <= as_of and (until is None or until > start)
    )


def business_spans(by_day: Mapping[date, Facts], fact: str) -> tuple[Span, ...] | None:
    """The days on which a count was above 0, from facts on the days on which they change; None when never known.

    Spans neither touch nor overlap, and the count of the last day lasts on. An unknown count is no business, once any
    day is known.
    """
    begun: date | None = None
    found: list[Span] = []
    known = False
    for day in sorted(by_day):
        value = by_day[day].get(fact)
        count = value if isinstance(value, int) else None
        known = known or count is not None
        if count is not None and count > 0:
            begun = begun or day
        elif begun is not None:
            found.append(Span(begun, day - timedelta(days=1)))
            begun = None
    if begun is not None:
        found.append(Span(begun))
    return tuple(found) if known else None
