"""Telling whom an approved change moves: each organization its own difference, nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import Caller, Database, ReadSession, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.scoring.changes.read_impact import ImpactRow, latest_impact, list_impact_rows
from hengjian.scoring.changes.stored import StoredChange, find_change
from hengjian.scoring.changes.tables import rule_change_effect
from hengjian.scoring.domain.rule_change import ChangeState
from hengjian.scoring.tables import notice

TELL = "scoring.tell_of_change"
NOTICE_KIND = "rule_change"
_PAGE = 500
_OWN = sql("""
    select e.* from rule_change_effect e join rule_change c on c.id = e.change_id and c.state = 'approved'
     where e.tenant_id = :tenant order by e.from_day desc, e.no
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEffect:
    """What an approved change would have meant for an organization in the twelve months before it was told."""

    no: str
    rule_id: str
    region: str
    from_day: date
    given_at: datetime
    effect: str
    days_before: int
    days_after: int
    points_before: Decimal | None
    points_after: Decimal | None
    grade_before: str | None
    grade_after: str | None


async def tell_of_change(database: Database, payload: Mapping[str, Any], *, now: datetime | None = None) -> int:
    """Give everybody whom the change `no` moves a notice with its own difference; how many. Twice tells nobody twice."""
    tenant_id, no, moment = UUID(payload["tenant_id"]), str(payload["no"]), now or datetime.now(UTC)
    told = 0
    async with database.read(Caller(kind="job", tenant_id=tenant_id, actor=TELL)) as session:
        change = await find_change(session, no)
        impact = await latest_impact(session, no)
        if change.state is not ChangeState.APPROVED or impact is None:
            return 0
    while True:
        async with database.read(Caller(kind="job", tenant_id=tenant_id, actor=TELL)) as session:
            page = await list_impact_rows(session, impact.id, limit=_PAGE, offset=told)
        for row in page.rows:
            async with database.write(Caller(kind="job", tenant_id=row.organization_id, actor=TELL)) as session:
                await _tell(session, change, row, moment)
        told += len(page.rows)
        if not page.rows or told >= page.total:
            return told


async def own_change_effects(session: ReadSession, tenant_id: UUID) -> tuple[OwnEffect, ...]:
    """The approved changes that move an organization, the latest first."""
    rows = await session.all(_OWN, {"tenant": tenant_id})
    return tuple(
        OwnEffect(
            no=row.no,
            rule_id=row.rule_id,
            region=row.region,
            from_day=row.from_day,
            given_at=row.given_at,
            effect=row.effect,
            days_before=row.days_before,
            days_after=row.days_after,
            points_before=row.points_before,
            points_after=row.points_after,
            grade_before=row.grade_before,
            grade_after=row.grade_after,
        )
        for row in rows
    )


async def _tell(session: Session, change: StoredChange, row: ImpactRow, moment: datetime) -> None:
    place = {"tenant_id": row.organization_id, "region": row.region}
    effect = {
        **place,
        "change_id": change.id,
        "no": change.no,
        "rule_id": change.new.rule_id,
        "from_day": change.new.from_day,
        "given_at": moment,
        "effect": row.effect,
        "days_before": row.days_before,
        "days_after": row.days_after,
        "points_before": row.points_before,
        "points_after": row.points_after,
        "grade_before": row.grade_before,
        "grade_after": row.grade_after,
    }
    await session.run(insert(rule_change_effect).values(effect).on_conflict_do_nothing())
    told = {
        **place,
        "id": uuid7(),
        "at": moment,
        "side": "organization",
        "kind": NOTICE_KIND,
        "finding_no": change.no,
        "rule_id": change.new.rule_id,
        "due_on": change.new.from_day,
        "dedupe": f"{change.no}:{NOTICE_KIND}:{row.region}",
    }
    await session.run(insert(notice).values(told).on_conflict_do_nothing())
