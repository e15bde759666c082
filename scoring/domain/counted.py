"""A stretch of breach as the score counts it: each part at its own severity, none after the day of the score."""

from collections.abc import Iterator
from datetime import date, timedelta

from hengjian.scoring.domain.credit_history import CountedFinding
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Severity


def counted_findings(stretch: Stretch, as_of: date) -> Iterator[CountedFinding]:
    """What counts of a stretch up to a day: what came later, or was graver later, changes nothing before."""
    if not stretch.is_breach or stretch.first_day > as_of:
        return
    subject = f"{stretch.subject.kind}:{stretch.subject.key}"
    end = as_of if stretch.until is None else min(as_of, stretch.until - timedelta(days=1))
    following = [part.first_day - timedelta(days=1) for part in stretch.parts[1:]]
    for part, last_day in zip(stretch.parts, [*following, end], strict=True):
        if part.first_day <= as_of:
            yield CountedFinding(
                rule=stretch.rule.id,
                subject=subject,
                severity=part.severity or Severity.INFO,
                dimension=stretch.rule.rule.dimension,
                first_day=part.first_day,
                last_day=min(last_day, end),
                costs_points=part.costs_points,
                ref=f"{stretch.rule.id}/{subject}/{stretch.first_day}",
            )
