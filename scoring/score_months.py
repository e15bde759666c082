"""Scores month by month, from the stretches of breach and the credit record."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol, Self

from hengjian.scoring.domain.counted import (
    business_spans,
    counted_findings,
    counted_up_to,
    judged_dimensions,
)
from hengjian.scoring.domain.counting import BreachKey, counted_stretches
from hengjian.scoring.domain.credit_bonus import of_confirmed
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory, Span
from hengjian.scoring.domain.credit_losses import RuleCost, charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel, Measure
from hengjian.scoring.domain.credit_record import CreditRecord, history_of
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import JudgedSpans, Stretch, judged_spans
from hengjian.scoring.judged import Judged
from hengjian.scoring.stored_values import digest_of
from hengjian.tenants.api import SupervisedOrganization

_DAY = timedelta(days=1)
# What shows that an organization has business in a year.
BUSINESS = {"contractor": "points", "institution": "reports_issued"}


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The scores of a month, as of its last day or of today: as if all open findings were confirmed, and official.

    `costs` is what each rule of a dimension cost before any mean, `digest` is over what the scores are made of,
    `open_findings` the breaches of that day, whatever was decided on them.
    """

    month: date
    digest: int
    open_findings: int
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


ModelDigests = dict[int, tuple[CreditModel, int]]


@dataclass(frozen=True, slots=True)
class Models:
    """By which model a month is scored, and the history, without findings, that such a model counts.

    `digests` are those of models, each as it is in memory, so that many organizations share them.
    """

    on: ModelOn
    history: Callable[[CreditModel], CreditHistory]
    digests: ModelDigests = field(default_factory=dict)

    def digest(self, model: CreditModel) -> int:
        """Of the model and of the code that reckons by it."""
        return digest_of_model(model, self.digests)


def digest_of_model(model: CreditModel, known: ModelDigests) -> int:
    """Of a model and of the code that reckons by it; once made it is known."""
    if id(model) not in known:
        known[id(model)] = model, digest_of((reckoning(), model))
    return known[id(model)][1]


def business_of(kind: str, subjects: Iterable[Subject]) -> tuple[Span, ...] | None:
    """The days with business of a contractor or an institution, from the facts of it as a whole; None when unknown."""
    whole = next((subject for subject in subjects if subject.kind == kind), None)
    return business_spans(whole.by_day, BUSINESS[kind]) if whole else None


def plain_history(
    organization: SupervisedOrganization,
    record: CreditRecord,
    business: tuple[Span, ...] | None,
    model: CreditModel,
    *,
    region: str,
    today: date,
) -> CreditHistory:
    """What the record and the days with business give to a score in the region judged, without findings."""
    return history_of(
        record,
        kind=kind_of(organization.kinds),
        business=business,
        model=model,
        here=cache(lambda city: organization.belongs_to(city, region)),
        region=region,
        today=today,
    )


def score_months(
    judged: Judged,
    lives: Mapping[BreachKey, Life],
    models: Models,
    *,
    stored: Callable[[date], int | None],
) -> list[MonthScore]:
    """The scores of the months of the span that was judged, each by the model of its day; none without a model.

    Months that are made of the same as what is stored of them are left out.

    Args:
        judged: all stretches: what was judged at all is assessed, whatever has been confirmed of it.
        lives: the decisions on their findings, by which they count.
        models: in force, and everything else that counts by them.
        stored: the digest of what the stored scores of a month were made of.
    """
    found: list[MonthScore] = []
    provisional, official = (
        _Counted.up_to(judged.today, counted_stretches(judged.breaches, lives, official=which))
        for which in (False, True)
    )
    known: dict[str, tuple[CreditHistory, int]] = {}
    for as_of in month_ends(judged.since, judged.today):
        model = models.on(on=as_of)
        if model is None:
            continue
        if model.version not in known:
            plain = models.history(model)
            known[model.version] = plain, digest_of((models.digest(model), plain))
        history, common = known[model.version]
        assessed = _assessed(history, judged.spans, as_of)
        open_findings = sum(one.overlaps(as_of, as_of + _DAY) for one in judged.breaches)
        digest = digest_of((common, as_of, assessed, open_findings, provisional.told(as_of), official.told(as_of)))
        if stored(as_of.replace(day=1)) != digest:
            every = replace(history, findings=counted_up_to(provisional.findings, as_of), assessed=assessed)
            decided = replace(of_confirmed(every), findings=counted_up_to(official.findings, as_of))
            histories = every, decided
            found.append(_month_score(histories, model, as_of, digest=digest, open_findings=open_findings))
    return found


def provisional_histories(
    found: Sequence[Stretch], lives: Mapping[BreachKey, Life], models: Models, *, since: date, today: date
) -> Iterator[tuple[date, CreditModel, CreditHistory]]:
    """The days of the scores of a span, each with its model and the history that its provisional score rests on.

    Args:
        found: all stretches of an organization in a region.
        lives: the decisions on their findings.
        models: in force, and everything else that counts by them.
        since: the first day that was judged.
        today: the last one.
    """
    counted = counted_stretches([one for one in found if one.is_breach], lives, official=False)
    findings = tuple(item for stretch in counted for item in counted_findings(stretch, today))
    spans = judged_spans(found)
    known: dict[str, CreditHistory] = {}
    for as_of in month_ends(since, today):
        if (model := models.on(on=as_of)) is not None:
            if model.version not in known:
                known[model.version] = models.history(model)
            plain = known[model.version]
            assessed = _assessed(plain, spans, as_of)
            yield as_of, model, replace(plain, findings=counted_up_to(findings, as_of), assessed=assessed)


def _assessed(history: CreditHistory, spans: JudgedSpans, as_of: date) -> frozenset[str]:
    return history.assessed | (history.assessable & judged_dimensions(spans, as_of))


@dataclass(frozen=True, slots=True)
class _Counted:
    """What counts up to a day, each with a digest of all but its last day."""

    findings: tuple[CountedFinding, ...]
    digests: tuple[int, ...]

    @classmethod
    def up_to(cls, today: date, breaches: Iterable[Stretch]) -> Self:
        findings = tuple(item for stretch in breaches for item in counted_findings(stretch, today))
        return cls(findings, tuple(digest_of(replace(item, last_day=None)) for item in findings))

    def told(self, as_of: date) -> list[tuple[int, date]]:
        """What tells `counted_up_to` of a day from any other."""
        return [
            (digest, min(item.last_day or as_of, as_of))
            for item, digest in zip(self.findings, self.digests, strict=True)
            if item.first_day <= as_of
        ]


@cache
def reckoning() -> str:
    """A digest of the code that makes scores and their rows: by other code, every score is made anew."""
    here = Path(__file__).parent
    files = [*here.glob("domain/c*.py"), *(here / name for name in ("score_months.py", "store_judgements.py"))]
    return hashlib.sha256(b"".join(one.read_bytes() for one in sorted(files))).hexdigest()


def _month_score(
    histories: tuple[CreditHistory, CreditHistory], model: CreditModel, as_of: date, *, digest: int, open_findings: int
) -> MonthScore:
    provisional, official = histories
    score = credit_score(provisional, model, as_of)
    return MonthScore(
        month=as_of.replace(day=1),
        digest=digest,
        open_findings=open_findings,
        score=score,
        official=score if official == provisional else credit_score(official, model, as_of),
        costs=_costs(provisional.findings, model, as_of),
        of_units=frozenset(item.id for item in model.dimensions if item.measure is Measure.UNITS),
    )


def _costs(findings: Sequence[CountedFinding], model: CreditModel, as_of: date) -> dict[tuple[str, str], RuleCost]:
    return {(cost.charges[0].dimension, cost.rule): cost for cost in rule_costs(charges_of(findings, as_of), model)}


def month_ends(since: date, today: date) -> Iterator[date]:
    """The days of the scores of a span: the last one of each month, or today."""
    first = since.replace(day=1)
    while first <= today:
        following = (first + timedelta(days=31)).replace(day=1)
        yield min(following - timedelta(days=1), today)
        first = following
