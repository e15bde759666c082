"""Keep the verdicts of today, the scores of each month, and the standing that lists read.

A verdict has a digest of what it says, a score one of what it is made of: what is the same as before is not written
again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from hengjian.platform.db import Session
from hengjian.scoring.bulk_rows import delete_rows, upsert_rows
from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.credit_score import CreditScore
from hengjian.scoring.domain.credit_steps import Cause, ScoreStep
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Outcome, Severity
from hengjian.scoring.judged import Judged
from hengjian.scoring.score_months import MonthScore
from hengjian.scoring.stored_values import as_json, as_text, digest_of
from hengjian.scoring.tables import judgement, score, standing

_VERDICTS = "select tenant_id, region, rule_id, subject, digest from judgement where tenant_id = any($1::uuid[])"
_SCORES = "select tenant_id, region, month, digest from score where tenant_id = any($1::uuid[]) and month >= $2"
_STANDINGS = "select tenant_id, region from standing where tenant_id = any($1::uuid[])"
VerdictKey = tuple[UUID, str, str, str]
ScoreKey = tuple[UUID, str, date]
StandingKey = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """What the standing shows beside grade and findings; a dismissed breach is none of them."""

    points: int | None
    last_push_at: datetime | None
    dismissed: frozenset[BreachKey] = frozenset()


@dataclass(slots=True)
class JudgementWrites:
    """Verdicts, scores and standings as they are stored, and what a judgement of all these organizations changes."""

    verdicts: dict[VerdictKey, int | None]
    scores: dict[ScoreKey, int | None]
    standings: set[StandingKey]
    changed_verdicts: list[dict[str, Any]] = field(default_factory=list)
    changed_scores: list[dict[str, Any]] = field(default_factory=list)
    new_standings: list[dict[str, Any]] = field(default_factory=list)

    def score_digest(self, tenant_id: UUID, region: str, month: date) -> int | None:
        """Of what the stored scores of a month were made; None where none are."""
        return self.scores.get((tenant_id, region, month))


async def known_judgements(session: Session, ids: Sequence[UUID], *, since: date) -> JudgementWrites:
    """What is stored of the organizations, with the scores from a month on."""
    verdicts = await session.fetch_raw(_VERDICTS, ids)
    scores = await session.fetch_raw(_SCORES, ids, since)
    standings = await session.fetch_raw(_STANDINGS, ids)
    return JudgementWrites(
        verdicts={tuple(row)[:4]: row["digest"] for row in verdicts},
        scores={tuple(row)[:3]: row["digest"] for row in scores},
        standings={tuple(row) for row in standings},
    )


async def write_judgements(session: Session, writes: JudgementWrites) -> None:
    """Write what has changed and remove verdicts and standings that nothing was said of any more."""
    gone = [dict(zip(("tenant_id", "region", "rule_id", "subject"), key, strict=True)) for key in writes.verdicts]
    await delete_rows(session, judgement, gone)
    await upsert_rows(session, judgement, writes.changed_verdicts)
    await upsert_rows(session, score, writes.changed_scores)
    left = [dict(zip(("tenant_id", "region"), key, strict=True)) for key in writes.standings]
    await delete_rows(session, standing, left)
    await upsert_rows(session, standing, writes.new_standings)


def keep_verdicts(judged: Judged, writes: JudgementWrites) -> None:
    """The verdicts of one organization in one region as of today; what is left in `verdicts` afterwards is gone."""
    tenant_id, region, today = judged.organization.id, judged.region, judged.today
    for stretch in judged.stretches:
        if stretch.until is None:
            digest = _digest_of(stretch, today)
            if writes.verdicts.pop((tenant_id, region, stretch.rule.id, stretch.subject.key), None) != digest:
                writes.changed_verdicts.append({**_judgement(judged, stretch), "digest": digest})


def _digest_of(stretch: Stretch, today: date) -> int:
    """Over what the verdict says. The day of judgement is none of it, though it is a fact of some rules."""
    verdict = stretch.verdict
    facts = [None if value == today else value for value in stretch.facts.values()]
    return digest_of((stretch.subject.kind, stretch.subject.label, verdict, stretch.first_day, facts))


def _judgement(judged: Judged, stretch: Stretch) -> dict[str, Any]:
    verdict = stretch.verdict
    return {
        "tenant_id": judged.organization.id,
        "region": judged.region,
        "rule_id": stretch.rule.id,
        "subject_kind": stretch.subject.kind,
        "subject": stretch.subject.key,
        "subject_label": stretch.subject.label,
        "verdict": verdict.verdict,
        "severity": verdict.severity,
        "measured": as_text(verdict.measured),
        "required": as_text(verdict.required),
        "missing": list(verdict.missing),
        "lacking": list(verdict.lacking),
        "reason": verdict.reason,
        "facts": as_json(stretch.facts),
        "since": stretch.first_day,
        "as_of": judged.today,
        "judged_at": judged.now,
        "pack_version": judged.pack_version,
    }


def keep_scores(judged: Judged, scores: Sequence[MonthScore], writes: JudgementWrites) -> None:
    """Both scores of each month that are made of something else than those that are stored."""
    open_findings = sum(one.is_breach and one.until is None for one in judged.stretches)
    for month in scores:
        if writes.score_digest(judged.organization.id, judged.region, month.month) != month.digest:
            row = _score(judged, month, open_findings=open_findings)
            writes.changed_scores.append({**row, "digest": month.digest})


def _score(judged: Judged, month: MonthScore, *, open_findings: int) -> dict[str, Any]:
    result, official = month.score, month.official
    return {
        "tenant_id": judged.organization.id,
        "region": judged.region,
        "month": month.month,
        "as_of": result.as_of,
        "total": total_of(result),
        "grade": result.grade,
        "unrated": result.unrated,
        "official_total": total_of(official),
        "official_grade": official.grade,
        "dimensions": [
            {
                "id": item.id,
                "cap": item.cap,
                "lost": None if item.lost is None else str(points_of(item.lost)),
                "score": None if item.score is None else str(points_of(item.score)),
            }
            for item in result.dimensions
        ],
        "losses": losses_of(month),
        "steps": [_step(step) for step in result.steps if step.cause is not Cause.RULE],
        "open_findings": open_findings,
        "model": result.model,
        "model_version": result.model_version,
        "pack_version": judged.pack_version,
        "computed_at": judged.now,
    }


def losses_of(month: MonthScore) -> list[dict[str, Any]]:
    """What each rule costs, dimension by dimension: months, and points before and after the rule's cap.

    Points on sites or jobs are those of the mean; a cap there is inside it.
    """
    found = []
    for step in month.score.steps:
        if step.cause is Cause.RULE:
            cost = month.costs[step.dimension, step.ref]
            points = points_of(-step.points)
            found.append(
                {
                    "rule": step.ref,
                    "dimension": step.dimension,
                    "severity": cost.severity,
                    "months": len(cost.charges),
                    "uncapped": str(
                        points_of(Fraction(cost.uncapped)) if step.dimension not in month.of_units else points
                    ),
                    "points": str(points),
                }
            )
    return found


def _step(step: ScoreStep) -> dict[str, Any]:
    return {
        "dimension": step.dimension,
        "cause": step.cause,
        "ref": step.ref,
        "points": str(points_of(step.points)),
        "of": list(step.findings),
    }


def total_of(score: CreditScore) -> Decimal | None:
    """The exact total as it is kept: to twelve places, far below the distance of any total from a grade's limit."""
    return None if score.total is None else points_of(score.total)


def points_of(points: Fraction) -> Decimal:
    """Exact points as a decimal: two places, more where needed, at most twelve."""
    if 100 % points.denominator == 0:
        return Decimal(points.numerator * (100 // points.denominator)).scaleb(-2)
    shown = Decimal(round(points * 10**12)).scaleb(-12).normalize()
    return shown.quantize(Decimal("0.01")) if int(shown.as_tuple().exponent) >= -2 else shown


def keep_standing(judged: Judged, scores: Sequence[MonthScore], extra: StandingRow, writes: JudgementWrites) -> None:
    """The one row that lists and overviews read for this organization and region."""
    organization = judged.organization
    current = [stretch for stretch in judged.stretches if stretch.until is None]
    breaches = [one for one in current if one.is_breach and key_of(one) not in extra.dismissed]
    last = scores[-1].score if scores else None
    official = scores[-1].official if scores else None
    before = scores[-2].score if len(scores) > 1 else None
    row = {
        "tenant_id": organization.id,
        "region": judged.region,
        "home_region": organization.region,
        "credit_code": organization.credit_code,
        "name": organization.name,
        "pinyin": organization.pinyin,
        "initials": organization.initials,
        "kinds": sorted(organization.kinds),
        "demo": organization.demo,
        "total": total_of(last) if last else None,
        "grade": last.grade if last else None,
        "grade_before": before.grade if before else None,
        "official_total": total_of(official) if official else None,
        "official_grade": official.grade if official else None,
        "unrated": last.unrated if last else None,
        **{severity.value: sum(s.severity is severity for s in breaches) for severity in Severity},
        "no_data": sum(stretch.outcome is Outcome.NO_DATA for stretch in current),
        "judged": len(current),
        "points": extra.points,
        "last_push_at": extra.last_push_at,
        "as_of": judged.today,
        "computed_at": judged.now,
    }
    writes.standings.discard((organization.id, judged.region))
    writes.new_standings.append(row)
