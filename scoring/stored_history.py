"""The official history of this year from what is stored: to show at once what one decision would change."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.domain.counting import BY_PENALTY
from hengjian.scoring.domain.credit_bonus import of_confirmed
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory, Penalty, Span, VetoDecision
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_record import history_of
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import UnknownRuleError
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.score_months import kind_of
from hengjian.scoring.store_judgements import points_of
from hengjian.tenants.api import get_supervised

_FINDINGS = sql("""
    select id, rule_id, subject_kind, subject, unit, severity, opened_on, closed_on, costs_points, frozen_on,
           repaired_on, counted_under
      from finding where tenant_id = :tenant_id and region = :region and (confirmed or id = :also)
       and state <> 'dismissed' and (closed_on is null or closed_on > :since)
""")
_LAST = sql("""
    select dimensions, steps from score where tenant_id = :tenant_id and region = :region order by month desc limit 1
""")


@dataclass(frozen=True, slots=True)
class ScoreEffect:
    """The official score without and with one decision, to twelve places."""

    without: Decimal
    with_it: Decimal
    grade_without: str | None
    grade_with: str | None


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """An organization's official history in a region, the model that scores it, and one finding more when asked for."""

    history: CreditHistory
    model: CreditModel
    on: date
    also: CountedFinding | None = None

    def effect_of_finding(self) -> ScoreEffect | None:
        """What confirming the finding asked for changes."""
        found = () if self.also is None else (self.also,)
        return self._effect(replace(self.history, findings=(*self.history.findings, *found)))

    def effect_of_penalty(self, penalty: Penalty) -> ScoreEffect:
        """What a penalty changes from its day on."""
        return self._effect(replace(self.history, penalties=(*self.history.penalties, penalty)))

    def effect_of_veto(self, veto: VetoDecision) -> ScoreEffect:
        """What a veto changes from its day on."""
        return self._effect(replace(self.history, vetoes=(*self.history.vetoes, veto)))

    def effect_of_finding_like(self, finding: CountedFinding) -> ScoreEffect:
        """What a finding that is not there yet would change, once confirmed."""
        findings = (*self.history.findings, finding)
        assessed = self.history.assessed | {finding.dimension}
        return self._effect(replace(self.history, findings=findings, assessed=assessed))

    def _effect(self, changed: CreditHistory) -> ScoreEffect:
        before, after = self._scored(self.history), self._scored(changed)
        return ScoreEffect(points_of(before.points), points_of(after.points), before.grade, after.grade)

    def _scored(self, history: CreditHistory) -> CreditScore:
        return credit_score(history, self.model, self.on)


async def stored_history(
    session: ReadSession, tenant_id: UUID, region: str, *, lawbook: LawBook, on: date, also: UUID | None = None
) -> StoredHistory | None:
    """The official history of a year up to a day, as last judged; None without a model or an organization.

    It is scored as if the organization were rated, so that an effect shows in its first year as well.
    """
    model = lawbook.credit_model(region=region, on=on)
    organization = await get_supervised(session, tenant_id, on=on)
    if model is None or organization is None:
        return None
    place = {"tenant_id": tenant_id, "region": region}
    last = await session.first(_LAST, place)
    rows = await session.all(_FINDINGS, {**place, "also": also, "since": date(on.year, 1, 1)})
    record = (await gather_credit(session, [tenant_id], since=date(on.year, 1, 1)))[tenant_id]
    plain = history_of(
        replace(record, filed_on=None),
        kind=kind_of(organization.kinds),
        business=(Span(date(on.year, 1, 1)),),
        model=model,
        here=lambda city: organization.belongs_to(city, region),
        region=region,
        today=on,
    )
    counted = {row.id: found for row in rows if (found := _counted(row, lawbook, on)) is not None}
    silent = [month for step in (last.steps if last else ()) if step["cause"] == "silent_month" for month in step["of"]]
    history = replace(
        of_confirmed(plain),
        assessed=frozenset(one["id"] for one in (last.dimensions if last else ()) if one["score"] is not None),
        silent_months=tuple(date.fromisoformat(f"{month}-01") for month in silent),
        findings=tuple(found for identity, found in counted.items() if identity != also),
    )
    return StoredHistory(history, model, on, counted.get(also) if also else None)


def _counted(row: Row[Any], lawbook: LawBook, on: date) -> CountedFinding | None:
    try:
        dimension = lawbook.find(row.rule_id)[0][1].dimension
    except UnknownRuleError:
        return None
    ends = [day - timedelta(days=1) for day in (row.closed_on, row.frozen_on) if day is not None]
    return CountedFinding(
        rule=row.rule_id,
        subject=f"{row.subject_kind}:{row.subject}",
        severity=Severity(row.severity),
        dimension=dimension,
        first_day=row.opened_on,
        last_day=min([on, *ends]),
        costs_points=row.costs_points and row.rule_id not in BY_PENALTY and not row.counted_under,
        unit=row.unit,
        repaired_on=row.repaired_on,
    )
