"""Keep the verdicts of today, the scores of each month, and the standing that lists read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from hengjian.platform.db import Session
from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.credit_score import CreditScore
from hengjian.scoring.domain.credit_steps import Cause, ScoreStep
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Outcome, Severity
from hengjian.scoring.judged import Judged
from hengjian.scoring.score_months import MonthScore
from hengjian.scoring.stored_values import as_json, as_text
from hengjian.scoring.tables import judgement, score, standing


@dataclass(frozen=True, slots=True)
class StandingRow:
    """What the standing shows beside grade and findings; a dismissed breach is none of them."""

    points: int | None
    last_push_at: datetime | None
    dismissed: frozenset[BreachKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of the same months: as if all open findings were confirmed, and of what is confirmed."""

    provisional: Sequence[MonthScore]
    official: Sequence[MonthScore]


async def store_judgements(session: Session, judged: Judged) -> None:
    """Replace the verdicts of one organization in one region by those of today."""
    table = judgement.c
    await session.run(delete(judgement).where(table.tenant_id == judged.organization.id, table.region == judged.region))
    rows = [_judgement(judged, stretch) for stretch in judged.stretches if stretch.until is None]
    if rows:
        await session.run(insert(judgement), rows)


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


async def store_scores(session: Session, judged: Judged, scores: Scores) -> None:
    """Keep both scores of each month as computed now."""
    if not scores.provisional:
        return
    rows = [_score(judged, *both) for both in zip(scores.provisional, scores.official, strict=True)]
    statement = upsert(score)
    changed = {column.name: statement.excluded[column.name] for column in score.c if column.name not in _SCORE_KEY}
    await session.run(statement.on_conflict_do_update(index_elements=_SCORE_KEY, set_=changed), rows)


_SCORE_KEY = ["tenant_id", "region", "month"]


def _score(judged: Judged, month: MonthScore, official: MonthScore) -> dict[str, Any]:
    result = month.score
    return {
        "tenant_id": judged.organization.id,
        "region": judged.region,
        "month": month.month,
        "as_of": result.as_of,
        "total": total_of(result),
        "grade": result.grade,
        "unrated": result.unrated,
        "official_total": total_of(official.score),
        "official_grade": official.score.grade,
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
        "open_findings": sum(s.is_breach and s.until is None for s in judged.stretches),
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
    shown = Decimal(round(points * 10**12)).scaleb(-12).normalize()
    return shown.quantize(Decimal("0.01")) if int(shown.as_tuple().exponent) >= -2 else shown


async def store_standing(session: Session, judged: Judged, scores: Scores, extra: StandingRow) -> None:
    """Replace the one row that lists and overviews read for this organization and region."""
    organization = judged.organization
    current = [stretch for stretch in judged.stretches if stretch.until is None]
    breaches = [one for one in current if one.is_breach and key_of(one) not in extra.dismissed]
    last = scores.provisional[-1].score if scores.provisional else None
    official = scores.official[-1].score if scores.official else None
    before = scores.provisional[-2].score if len(scores.provisional) > 1 else None
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
    table = standing.c
    gone = ~table.region.in_(organization.judged_regions)
    await session.run(
        delete(standing).where(table.tenant_id == organization.id, (table.region == judged.region) | gone)
    )
    await session.run(insert(standing), [row])
