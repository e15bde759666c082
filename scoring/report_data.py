"""What scoring knows of a month, for reports: findings that lasted on some day of it, verdicts, scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.read_findings import CountedIn, counted_in

MOST_FINDINGS = 20_000
"""Findings read for one report; more are not counted."""

# A finding that was corrected away ends on the day on which it began, and a dismissed one was none.
_FINDINGS = sql("""
    select f.tenant_id, f.region, f.no, f.rule_id, f.subject_label, f.severity, f.state, f.opened_on, f.closed_on,
           f.measured, f.required, f.lacking, f.costs_points, f.counted_under, f.counted_in, coalesce(s.name, '') as organization
      from finding f left join standing s on s.tenant_id = f.tenant_id and s.region = f.region
     where (cast(:tenant as uuid) is null or f.tenant_id = :tenant)
       and f.opened_on < :until and (f.closed_on is null or f.closed_on > :since) and f.state <> 'dismissed'
       and f.closed_on is distinct from f.opened_on
     order by f.opened_on, f.no limit :most
""")
_WEEKS = sql("""
    select (opened_on - cast(:first as date)) / 7 as week, severity, count(*) as findings from finding
     where (cast(:tenant as uuid) is null or tenant_id = :tenant)
       and opened_on >= :first and opened_on < :until and state <> 'dismissed' and closed_on is distinct from opened_on
     group by 1, 2
""")
_JUDGEMENTS = sql("""
    select j.region, j.rule_id, j.subject_label, j.verdict, j.severity, j.measured, j.required, s.as_of
      from judgement j join standing s on s.tenant_id = j.tenant_id and s.region = j.region
     where j.tenant_id = :tenant order by j.rule_id, j.region, j.subject_label, j.subject
""")
_VERDICTS = sql("""
    select rule_id, verdict, count(*) as judged from judgement
     where (cast(:tenant as uuid) is null or tenant_id = :tenant) group by rule_id, verdict
""")
_SCORES = sql("""
    select tenant_id, region, month, as_of, total, grade, unrated, dimensions, losses, steps, pack_version,
           official_total, official_grade from score
     where (cast(:tenant as uuid) is null or tenant_id = :tenant) and month >= :since and month < :until
     order by tenant_id, region, month
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFinding:
    """One finding; breached from `opened_on` up to, not including, `closed_on`."""

    tenant_id: UUID
    region: str
    no: str
    rule_id: str
    subject_label: str
    severity: str
    state: str
    opened_on: date
    closed_on: date | None
    measured: str | None
    required: str | None
    lacking: tuple[str, ...]
    costs_points: bool
    counted_in: tuple[CountedIn, ...]
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastJudgement:
    """The verdict on one subject as of the last evaluation."""

    region: str
    rule_id: str
    subject_label: str
    verdict: str
    severity: str | None
    measured: str | None
    required: str | None
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthScore:
    """The provisional score of one organization in one region at the end of a month, or so far in it.

    Beside it stands the official one, which counts confirmed findings only.
    """

    tenant_id: UUID
    region: str
    month: date
    as_of: date
    total: Decimal | None
    grade: str | None
    unrated: str | None
    dimensions: Any
    losses: Any
    steps: Any
    pack_version: str
    official_total: Decimal | None = None
    official_grade: str | None = None


async def findings_between(
    session: ReadSession, *, since: date, until: date, tenant_id: UUID | None = None
) -> tuple[MonthFinding, ...]:
    """Findings that lasted on some day from `since` to before `until`, oldest first; those dismissed or corrected away are left out."""
    values = {"tenant": tenant_id, "since": since, "until": until, "most": MOST_FINDINGS}
    return tuple(_month_finding(row) for row in await session.all(_FINDINGS, values))


def _month_finding(row: Row[Any]) -> MonthFinding:
    values = {**row._asdict(), "lacking": tuple(row.lacking), "counted_in": counted_in(row)}
    del values["counted_under"]
    return MonthFinding(**values)


async def new_findings_by_week(
    session: ReadSession, *, until: date, weeks: int = 12, tenant_id: UUID | None = None
) -> tuple[tuple[date, Mapping[str, int]], ...]:
    """Findings by the week in which the breach began and by severity, for the last weeks before `until`.

    Each week starts on a Monday; the last one is the week of the day before `until`.
    """
    last = until - timedelta(1)
    first = last - timedelta(days=last.weekday() + 7 * (weeks - 1))
    counts: list[dict[str, int]] = [{} for _ in range(weeks)]
    for row in await session.all(_WEEKS, {"tenant": tenant_id, "first": first, "until": until}):
        counts[row.week][row.severity] = row.findings
    return tuple((first + timedelta(weeks=n), counted) for n, counted in enumerate(counts))


async def last_judgements(session: ReadSession, tenant_id: UUID) -> tuple[LastJudgement, ...]:
    """Every verdict on one organization, by rule."""
    return tuple(LastJudgement(**row._asdict()) for row in await session.all(_JUDGEMENTS, {"tenant": tenant_id}))


async def verdicts_by_rule(session: ReadSession, *, tenant_id: UUID | None = None) -> dict[str, dict[str, int]]:
    """How often each rule gave each verdict at the last evaluation, over all that the caller sees."""
    counted: dict[str, dict[str, int]] = {}
    for row in await session.all(_VERDICTS, {"tenant": tenant_id}):
        counted.setdefault(row.rule_id, {})[row.verdict] = row.judged
    return dict(sorted(counted.items()))


async def scores_between(
    session: ReadSession, *, since: date, until: date, tenant_id: UUID | None = None
) -> tuple[MonthScore, ...]:
    """Scores of the months from `since` to before `until`, by organization, region and month."""
    rows = await session.all(_SCORES, {"tenant": tenant_id, "since": since, "until": until})
    return tuple(MonthScore(**row._asdict()) for row in rows)
