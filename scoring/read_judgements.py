"""The verdicts on one organization: the latest ones as stored, those of a past day judged again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.fact_sources import OF_THE_CALENDAR
from hengjian.scoring.gather_subjects import gather_subjects
from hengjian.scoring.read_findings import CountedIn, counted_in
from hengjian.scoring.stored_values import as_json, as_text
from hengjian.tenants.api import SupervisedOrganization

# What belongs to no city is judged in each region; it is shown once, as judged in the first of the regions asked for.
_ALL = sql("""
    select distinct on (j.rule_id, j.subject_label, j.subject_kind, j.subject)
           j.rule_id, j.subject_kind, j.subject, j.subject_label, j.verdict, j.severity, j.measured, j.required,
           j.missing, j.lacking, j.facts, j.since, j.as_of as written_on, s.as_of, f.no,
           f.counted_under, f.counted_in
      from judgement j
      join standing s on s.tenant_id = j.tenant_id and s.region = j.region
      left join finding f on f.tenant_id = j.tenant_id and f.region = j.region and f.rule_id = j.rule_id
           and f.subject = j.subject and f.closed_on is null
     where j.tenant_id = :tenant and j.region = any(:regions)
     order by j.rule_id, j.subject_label, j.subject_kind, j.subject, array_position(cast(:regions as text[]), j.region)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one subject. `finding` is the number of the open finding that it belongs to, if any.

    `counted_in` is that finding's (see `FindingHead`).
    """

    rule_id: str
    subject_kind: str
    subject_key: str
    subject: str
    verdict: str
    severity: str | None
    measured: str | None
    required: str | None
    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    facts: Mapping[str, Any]
    since: date
    as_of: date
    finding: str | None
    counted_in: tuple[CountedIn, ...] = ()


async def read_judgements(session: ReadSession, tenant_id: UUID, *, regions: Sequence[str]) -> tuple[Judgement, ...]:
    """All verdicts on an organization in these regions, as of its last evaluation."""
    rows = await session.all(_ALL, {"tenant": tenant_id, "regions": list(regions)})
    return tuple(
        Judgement(
            rule_id=row.rule_id,
            subject_kind=row.subject_kind,
            subject_key=row.subject,
            subject=row.subject_label,
            verdict=row.verdict,
            severity=row.severity,
            measured=row.measured,
            required=row.required,
            missing=tuple(row.missing),
            lacking=tuple(row.lacking),
            facts=_as_of(row.facts, row.written_on, row.as_of),
            since=row.since,
            as_of=row.as_of,
            finding=row.no,
            counted_in=counted_in(row),
        )
        for row in rows
    )


def _as_of(facts: Mapping[str, Any], written_on: date, day: date) -> Mapping[str, Any]:
    """The facts as of the last evaluation: the verdict is the same, so only the day of judgement has moved."""
    moved = {name: day.isoformat() for name in OF_THE_CALENDAR if facts.get(name) == written_on.isoformat()}
    return {**facts, **moved} if moved else facts


async def judge_on_day(
    session: ReadSession, organization: SupervisedOrganization, *, region: str, day: date, lawbook: LawBook
) -> tuple[Judgement, ...]:
    """The verdicts of a past day, judged now: facts valid on it as they are known today, rules in force on it."""
    subjects = (await gather_subjects(session, [organization], [day], lawbook=lawbook))[organization.id]
    rules = lawbook.rules_in_force(region=region, on=day)
    found = [
        _judged(rule, subject, day)
        for rule in rules
        for subject in subjects
        if rule.rule.subject == subject.kind and day in subject.by_day and organization.belongs_to(subject.city, region)
    ]
    return tuple(sorted(found, key=lambda one: (one.rule_id, one.subject)))


def _judged(rule: RuleInForce, subject: Subject, day: date) -> Judgement:
    facts = subject.by_day[day]
    verdict = rule.judge(facts)
    known = {name: value for name in rule.inputs if (value := facts.get(name)) is not None}
    return Judgement(
        rule_id=rule.id,
        subject_kind=subject.kind,
        subject_key=subject.key,
        subject=subject.label,
        verdict=verdict.verdict,
        severity=verdict.severity,
        measured=as_text(verdict.measured),
        required=as_text(verdict.required),
        missing=verdict.missing,
        lacking=verdict.lacking,
        facts=as_json(known),
        since=day,
        as_of=day,
        finding=None,
    )
