"""Provisional scores month by month, from the stretches of breach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hengjian.scoring.domain.counted import business_spans, counted_findings
from hengjian.scoring.domain.credit import ProvisionalScore, provisional_score
from hengjian.scoring.domain.credit_grades import Unrated, unrated_reason
from hengjian.scoring.domain.credit_history import Span, any_day_within
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.judged import Judged

# What shows that an organization has business in a year.
BUSINESS = {"contractor": "points", "institution": "reports_issued"}


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The score of a month, as of its last day or of today."""

    month: date
    score: ProvisionalScore


def score_months(
    judged: Judged, model: CreditModel | None, *, filed_on: date | None, subjects: Sequence[Subject]
) -> list[MonthScore]:
    """One score a month of the span that was judged; none without a credit model."""
    if model is None:
        return []
    kind = "contractor" if "CONTRACTOR" in judged.organization.kinds else "institution"
    business = next((subject for subject in subjects if subject.kind == kind), None)
    spans = None if business is None else business_spans(business.by_day, BUSINESS[business.kind])
    breaches = [stretch for stretch in judged.stretches if stretch.is_breach]
    scores = []
    for as_of in _month_ends(judged.since, judged.today):
        unrated = Unrated.NOT_ASSESSED if business is None or not judged.stretches else _unrated(spans, filed_on, as_of)
        findings = [counted for stretch in breaches for counted in counted_findings(stretch, as_of)]
        score = provisional_score(findings, kind=kind, model=model, as_of=as_of, unrated=unrated)
        scores.append(MonthScore(as_of.replace(day=1), score))
    return scores


def _unrated(business: tuple[Span, ...] | None, filed_on: date | None, as_of: date) -> Unrated | None:
    start = as_of.replace(month=1, day=1)
    points = None if business is None else int(any_day_within(business, start, as_of))
    return unrated_reason(points=points, filed_on=filed_on, as_of=as_of)


def _month_ends(since: date, today: date) -> Iterator[date]:
    first = since.replace(day=1)
    while first <= today:
        following = (first + timedelta(days=31)).replace(day=1)
        yield min(following - timedelta(days=1), today)
        first = following
