"""Keep the scores of each month, and the standing that lists read, with the verdicts behind it.

A score has a digest of what it is made of: what is the same as before is not written again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec

from hengjian.platform.db import Session
from hengjian.scoring.bulk_rows import delete_rows, upsert_rows
from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.credit_score import CreditScore
from hengjian.scoring.domain.credit_steps import Cause, ScoreStep
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.judged import Judged
from hengjian.scoring.score_months import MonthScore
from hengjian.scoring.store_verdicts import Place, Said, VerdictWrites, write_verdicts
from hengjian.scoring.tables import score, standing

_SCORES = """
select tenant_id, region, month, digest, total, grade, unrated, official_total, official_grade
  from score where tenant_id = any($1::uuid[]) and month >= $2
"""
_STANDINGS = "select tenant_id, region, said::text from standing where tenant_id = any($1::uuid[])"
_DECODER = msgspec.json.Decoder(dict[str, int])
ScoreKey = tuple[UUID, str, date]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """What the standing shows beside grade and findings: a dismissed breach is none of them, no model no grade.

    `said` is what each rule says of its subjects.
    """

    points: int | None
    last_push_at: datetime | None
    rated: bool
    said: Said
    dismissed: frozenset[BreachKey] = frozenset()


@dataclass(frozen=True, slots=True)
class StoredScore:
    """What a standing shows of the scores of a month, with the digest of what they were made of."""

    digest: int | None
    total: Decimal | None
    grade: str | None
    unrated: str | None
    official_total: Decimal | None
    official_grade: str | None


NO_SCORE = StoredScore(None, None, None, None, None, None)


@dataclass(slots=True)
class JudgementWrites:
    """Verdicts, scores and standings as they are stored, and what a judgement of all these organizations changes."""

    verdicts: VerdictWrites
    scores: dict[ScoreKey, StoredScore]
    standings: set[Place]
    changed_scores: list[dict[str, Any]] = field(default_factory=list)
    new_standings: list[dict[str, Any]] = field(default_factory=list)

    def all_scored(self, tenant_id: UUID, region: str, months: Iterable[date]) -> bool:
        """Whether each month has scores of which it is known what they were made of."""
        return all(self.score_digest(tenant_id, region, month) is not None for month in months)

    def score_digest(self, tenant_id: UUID, region: str, month: date) -> int | None:
        """Of what the stored scores of a month were made; None where none are."""
        return self.scores.get((tenant_id, region, month), NO_SCORE).digest


async def known_judgements(session: Session, ids: Sequence[UUID], *, since: date) -> JudgementWrites:
    """What is stored of the organizations, with the scores from a month on."""
    scores = await session.fetch_raw(_SCORES, ids, since)
    standings = await session.fetch_raw(_STANDINGS, ids)
    return JudgementWrites(
        verdicts=VerdictWrites({(row["tenant_id"], row["region"]): _said(row["said"]) for row in standings}),
        scores={(tenant_id, region, month): StoredScore(*rest) for tenant_id, region, month, *rest in scores},
        standings={(row["tenant_id"], row["region"]) for row in standings},
    )


def _said(text: str | None) -> Said | None:
    return None if text is None else _DECODER.decode(text)


async def write_judgements(session: Session, writes: JudgementWrites) -> None:
    """Write what has changed and remove verdicts and standings that nothing was said of any more."""
    await write_verdicts(session, writes.verdicts)
    await upsert_rows(session, score, writes.changed_scores)
    left = [dict(zip(("tenant_id", "region"), key, strict=True)) for key in writes.standings]
    await delete_rows(session, standing, left)
    await upsert_rows(session, standing, writes.new_standings)


def keep_scores(judged: Judged, scores: Sequence[MonthScore], writes: JudgementWrites) -> None:
    """Both scores of each month that are made of something else than those that are stored."""
    for month in scores:
        row = _score(judged, month)
        writes.changed_scores.append({**row, "digest": month.digest})
        writes.scores[judged.organization.id, judged.region, month.month] = StoredScore(
            digest=month.digest,
            total=row["total"],
            grade=row["grade"],
            unrated=row["unrated"],
            official_total=row["official_total"],
            official_grade=row["official_grade"],
        )


def _score(judged: Judged, month: MonthScore) -> dict[str, Any]:
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
        "open_findings": month.open_findings,
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


def keep_standing(judged: Judged, extra: StandingRow, writes: JudgementWrites) -> None:
    """The one row that lists and overviews read for this organization and region, after its scores were kept."""
    organization = judged.organization
    breaches = [one for one in judged.breaches if one.until is None and key_of(one) not in extra.dismissed]
    last, before = (
        writes.scores.get((organization.id, judged.region, month), NO_SCORE) if extra.rated else NO_SCORE
        for month in (judged.today.replace(day=1), add_months(judged.today.replace(day=1), -1))
    )
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
        "total": last.total,
        "grade": last.grade,
        "grade_before": before.grade,
        "official_total": last.official_total,
        "official_grade": last.official_grade,
        "unrated": last.unrated,
        **{severity.value: sum(s.severity is severity for s in breaches) for severity in Severity},
        "no_data": judged.no_data,
        "judged": judged.judged,
        "points": extra.points,
        "last_push_at": extra.last_push_at,
        "said": extra.said,
        "as_of": judged.today,
        "computed_at": judged.now,
    }
    writes.standings.discard((organization.id, judged.region))
    writes.new_standings.append(row)
