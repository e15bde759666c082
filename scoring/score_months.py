"""Scores month by month, from the stretches of breach and the credit record."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from hengjian.scoring.domain.counted import business_spans, counted_findings, judged_dimensions, judged_spans
from hengjian.scoring.domain.counting import BreachKey, counted_stretches
from hengjian.scoring.domain.credit_bonus import of_confirmed
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory
from hengjian.scoring.domain.credit_losses import RuleCost, charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel, Measure
from hengjian.scoring.domain.credit_record import CreditRecord, history_of
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.judged import Judged
from hengjian.scoring.stored_values import digest_of

# What shows that an organization has business in a year.
BUSINESS = {"contractor": "points", "institution": "reports_issued"}


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The scores of a month, as of its last day or of today: as if all open findings were confirmed, and official.

    `costs` is what each rule of a dimension cost before any mean, `digest` is over what the scores are made of.
    """

    month: date
    digest: int
    score: CreditScore
    official: CreditScore
    costs: Mapping[tuple[str, str], RuleCost]
    of_units: frozenset[str]


def kind_of(kinds: frozenset[str]) -> str:
    """As what an organization is scored: a contractor, else an institution."""
    return "contractor" if "CONTRACTOR" in kinds else "institution"


class ModelOn(Protocol):
    """The credit model in force in a region."""

    def __call__(self, *, on: date) -> CreditModel | None:
        """That of a day; None without one."""


@dataclass(frozen=True, slots=True)
class Models:
    """By which model a month is scored, and the history, without findings, that such a model counts."""

    on: ModelOn
    history: Callable[[CreditModel], CreditHistory]


def plain_history(
    judged: Judged, record: CreditRecord, subjects: Sequence[Subject], model: CreditModel
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
        region=judged.region,
        today=judged.today,
    )


def score_months(
    judged: Judged,
    lives: Mapping[BreachKey, Life],
    models: Models,
    *,
    stored: Callable[[date], int | None],
) -> list[MonthScore]:
    """The scores of the months of the span that was judged, each by the model of its day; none without a model.

    Months that are made of the same as what is stored of them are left out, but for the last two.

    Args:
        judged: all stretches: what was judged at all is assessed, whatever has been confirmed of it.
        lives: the decisions on their findings, by which they count.
        models: in force, and everything else that counts by them.
        stored: the digest of what the stored scores of a month were made of.
    """
    found: list[MonthScore] = []
    spans = judged_spans(judged.stretches)
    provisional, official = (
        [one for one in counted_stretches(judged.stretches, lives, official=which) if one.is_breach]
        for which in (False, True)
    )
    open_findings = sum(one.is_breach and one.until is None for one in judged.stretches)
    known: dict[str, tuple[CreditHistory, int]] = {}
    months = list(_month_ends(judged.since, judged.today))
    for as_of in months:
        model = models.on(on=as_of)
        if model is None:
            continue
        if model.version not in known:
            plain = models.history(model)
            known[model.version] = plain, digest_of((reckoning(), model, plain, open_findings))
        history, common = known[model.version]
        assessed = history.assessed | (history.assessable & judged_dimensions(spans, as_of))
        findings, confirmed = _findings(provisional, as_of), _findings(official, as_of)
        digest = digest_of((common, as_of, assessed, findings, confirmed))
        if as_of in months[-2:] or stored(as_of.replace(day=1)) != digest:
            every = replace(history, findings=findings, assessed=assessed)
            decided = replace(of_confirmed(every), findings=confirmed)
            found.append(_month_score(every, decided, model, as_of, digest=digest))
    return found


@cache
def reckoning() -> str:
    """A digest of the code that makes scores and their rows: by other code, every score is made anew."""
    here = Path(__file__).parent
    files = [*here.glob("domain/c*.py"), *(here / name for name in ("score_months.py", "store_judgements.py"))]
    return hashlib.sha256(b"".join(one.read_bytes() for one in sorted(files))).hexdigest()


def _month_score(
    provisional: CreditHistory, official: CreditHistory, model: CreditModel, as_of: date, *, digest: int
) -> MonthScore:
    score = credit_score(provisional, model, as_of)
    return MonthScore(
        month=as_of.replace(day=1),
        digest=digest,
        score=score,
        official=score if official == provisional else credit_score(official, model, as_of),
        costs=_costs(provisional.findings, model, as_of),
        of_units=frozenset(item.id for item in model.dimensions if item.measure is Measure.UNITS),
    )


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
