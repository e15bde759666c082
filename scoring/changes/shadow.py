"""Shadow days: what an approved change would find today, kept apart until its first day, seen by the bureau alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.scoring.changes.impact import walk_of
from hengjian.scoring.changes.stored import StoredChange, approved_changes
from hengjian.scoring.changes.tables import shadow_finding
from hengjian.scoring.changes.walk import Walked, slices, walk_slice, walked_organizations
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import Stage, stage_of
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.stored_values import as_text

SHADOW = "scoring.shadow"
_FORGET = sql("delete from shadow_finding where tenant_id = :tenant_id and change_id = :id")
_LIST = sql("""
    select f.*, count(*) over () as found from shadow_finding f
      join rule_change c on c.tenant_id = f.tenant_id and c.id = f.change_id
     where c.no = :no order by f.breached_now, f.credit_code, f.judged_region, f.subject_kind, f.subject
     limit :limit offset :offset
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowFinding:
    """What a change would find; `breached_now` says that the rule in force finds it too."""

    organization_id: UUID
    credit_code: str
    name: str
    region: str
    subject_kind: str
    subject: str
    subject_label: str
    first_day: date
    severity: str
    measured: str | None
    required: str | None
    breached_now: bool
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class ShadowPage:
    """One page of shadow findings, those first that only the change finds."""

    findings: tuple[ShadowFinding, ...]
    total: int


async def judge_in_shadow(database: Database, *, lawbook: LawBook, now: datetime | None = None) -> int:
    """Judge every change in its shadow days on today's facts, and forget the findings of those that left them; how many."""
    moment = now or datetime.now(UTC)
    today = legal_day(moment)
    async with database.read(Caller(kind="job", actor=SHADOW)) as session:
        changes = await approved_changes(session)
    in_shadow = [one for one in changes if stage_of(one.standing(None), today) is Stage.SHADOW]
    for change in in_shadow:
        await _judge(database, change, lawbook, moment)
    return len(in_shadow)


async def list_shadow_findings(session: ReadSession, no: str, *, limit: int = 50, offset: int = 0) -> ShadowPage:
    """What a change would find; for its bureau and those above it, nobody else sees a row."""
    rows = await session.all(_LIST, {"no": no, "limit": limit, "offset": offset})
    found = tuple(
        ShadowFinding(
            organization_id=row.organization_id,
            credit_code=row.credit_code,
            name=row.name,
            region=row.judged_region,
            subject_kind=row.subject_kind,
            subject=row.subject,
            subject_label=row.subject_label,
            first_day=row.first_day,
            severity=row.severity,
            measured=row.measured,
            required=row.required,
            breached_now=row.breached_now,
            judged_at=row.judged_at,
        )
        for row in rows
    )
    return ShadowPage(found, rows[0].found if rows else 0)


async def _judge(database: Database, change: StoredChange, lawbook: LawBook, moment: datetime) -> None:
    job = Caller(kind="job", tenant_id=change.tenant_id, actor=SHADOW)
    bureau = Caller(kind="bureau", tenant_id=change.tenant_id, region=change.region, actor=SHADOW)
    today = legal_day(moment)
    since = min(today, legal_day(change.approved_at or moment))
    async with database.read(bureau) as session:
        walk = await walk_of(session, change, lawbook, since=since, until=today)
    rows: list[dict[str, Any]] = []
    for some in slices(await walked_organizations(database, walk, job)):
        async for one in walk_slice(database, walk, bureau, some):
            rows.extend(_findings(one, change, moment))
    async with database.write(job) as session:
        await session.run(_FORGET, {"tenant_id": change.tenant_id, "id": change.id})
        if rows:
            await session.run(insert(shadow_finding), rows)


def _findings(one: Walked, change: StoredChange, moment: datetime) -> Iterator[dict[str, Any]]:
    now = _found(one.before, change.new.rule_id)
    for key, stretch in _found(one.after, change.new.rule_id).items():
        yield {
            "tenant_id": change.tenant_id,
            "region": change.region,
            "change_id": change.id,
            "organization_id": one.organization.id,
            "judged_region": one.region,
            "credit_code": one.organization.credit_code,
            "name": one.organization.name,
            "subject_kind": stretch.subject.kind,
            "subject": stretch.subject.key,
            "subject_label": stretch.subject.label,
            "first_day": stretch.first_day,
            "severity": stretch.severity.value if stretch.severity else "",
            "measured": as_text(stretch.verdict.measured),
            "required": as_text(stretch.verdict.required),
            "breached_now": key in now,
            "judged_at": moment,
        }


def _found(found: Sequence[Stretch], rule_id: str) -> dict[tuple[str, str], Stretch]:
    """The last breach of each subject since the approval: what happened on one day stays, as what lasts does."""
    breaches = [one for one in found if one.is_breach and one.rule.id == rule_id]
    return {(one.subject.kind, one.subject.key): one for one in sorted(breaches, key=lambda one: one.first_day)}
