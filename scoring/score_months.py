"""Scores month by month, from the stretches of breach and the credit record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hengjian.scoring.domain.counted import business_spans, counted_findings, judged_dimensions, judged_spans
from hengjian.scoring.domain.counting import BreachKey, counted_stretches
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory
from hengjian.scoring.domain.credit_losses import RuleCost, charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel, Measure
from hengjian.scoring.domain.credit_record import CreditRecord, history_of
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.judged import Judged

# What shows that an organization has business in a year.
BUSINESS = {"contractor": "points", "institution": "reports_issued"}


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The score of a month, as of its last day or of today, with what each rule of a dimension cost before any mean."""

    month: date
    score: CreditScore
    costs: Mapping[tuple[str, str], RuleCost]
    of_units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of the same months: as if all open findings were confirmed, and of what is confirmed."""

    provisional: list[MonthScore]
    official: list[CreditScore]


def kind_of(kinds: frozenset[str]) -> str:
    """As what an organization is scored: a contractor, else an institution."""
    return "contractor" if "CONTRACTOR" in kinds else "institution"


def plain_history(
    judged: Judged, record: CreditRecord, model: CreditModel, subjects: Sequence[Subject]
) -> CreditHistory:
    """What the record gives to a score in the region judged, without findings."""
    kind = kind_of(judged.organization.kinds)
    whole = next((subject for subject in subjects if subject.kind == kind), None)
    return history_of(
        record,
        kind=kind,
        business=business_spans(whole.by_day, BUSINESS[kind]) if whole else None,
        model=model,
        here=lambda city: judged.organization.belongs_to(city, judged.region),
        today=judged.today,
    )


def score_months(
    judged: Judged, lives: Mapping[BreachKey, Life], model: CreditModel | None, *, history: CreditHistory | None
) -> Scores:
    """Two scores a month of the span that was judged; none without a credit model.

    Args:
        judged: all stretches: what was judged at all is assessed, whatever has been confirmed of it.
        lives: the decisions on their findings, by which they count.
        model: in force.
        history: everything else that counts.
    """
    found = Scores([], [])
    if model is None or history is None:
        return found
    of_units = frozenset(item.id for item in model.dimensions if item.measure is Measure.UNITS)
    spans = judged_spans(judged.stretches)
    provisional, official = (
        [one for one in counted_stretches(judged.stretches, lives, official=which) if one.is_breach]
        for which in (False, True)
    )
    for as_of in _month_ends(judged.since, judged.today):
        assessed = history.assessed | (history.assessable & judged_dimensions(spans, as_of))
        findings, confirmed = _findings(provisional, as_of), _findings(official, as_of)
        score = credit_score(replace(history, findings=findings, assessed=assessed), model, as_of)
        found.provisional.append(MonthScore(as_of.replace(day=1), score, _costs(findings, model, as_of), of_units))
        same = confirmed == findings
        found.official.append(
            score if same else credit_score(replace(history, findings=confirmed, assessed=assessed), model, as_of)
        )
    return found


def _findings(breaches: Sequence[Stretch], as_of: date) -> tuple[CountedFinding, ...]:
    return tuple(item for stretch in breaches for item in counted_findings(stretch, as_of))


def _costs(findings: Sequence[CountedFinding], model: CreditModel, as_of: date) -> dict[tuple[str, str], RuleCost]:
    return {(cost.charges[0].dimension, cost.rule): cost for cost in rule_costs(charges_of(findings, as_of), model)}


def _month_ends(since: date, today: date) -> Iterator[date]:
    first = since.replace(day=1)
    while first <= today:
        following = (first + timedelta(days=31)).replace(day=1)
        yield min(following - timedelta(days=1), today)
        first = following
