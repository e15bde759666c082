"""Reading standings: the list of organizations that a caller supervises, one row each, filtered, sorted and paged."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, literal_like, region_range, sql

# An organization that is judged in several visible regions is shown once, by the one where it stands worst; where they
# are alike, by its home region.
WORSE = "coalesce({row}.total, 1000), {row}.region <> {row}.home_region, {row}.region"
FIRST = f"""not exists (select from standing x where x.tenant_id = s.tenant_id and x.region <> s.region
    and (cast(:low as text) is null or (x.region >= :low and x.region < :high))
    and ({WORSE.format(row="x")}) < ({WORSE.format(row="s")}))"""

_SORTS = {
    "name": "pinyin, tenant_id",
    "-name": "pinyin desc, tenant_id",
    "region": "region, pinyin, tenant_id",
    "-region": "region desc, pinyin, tenant_id",
    "score": "total nulls last, tenant_id",
    "-score": "total desc nulls last, tenant_id",
    "open": "open, tenant_id",
    "-open": "open desc, critical desc, tenant_id",
    "no_data": "no_data, pinyin, tenant_id",
    "-no_data": "no_data desc, pinyin, tenant_id",
    "push": "last_push_at nulls first, tenant_id",
    "-push": "last_push_at desc nulls last, tenant_id",
}
STANDING_SORTS = frozenset(_SORTS)

_FILTER = f"""
    where (cast(:low as text) is null or (s.region >= :low and s.region < :high))
      and {FIRST}
      and (cast(:grade as text) is null or coalesce(grade, 'N') = :grade)
      and (cast(:kind as text) is null or :kind = any(kinds))
      and (cast(:text as text) is null or name ilike :pattern or credit_code like :upper
           or pinyin like :lower or initials like :lower)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFilter:
    """Which organizations are wanted; None is any. `grade` N is not rated; `region` a code with all below it."""

    text: str | None = None
    region: str | None = None
    grade: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One organization as lists show it. Score and grade are provisional; None is not rated."""

    tenant_id: UUID
    credit_code: str
    name: str
    kinds: tuple[str, ...]
    region: str
    total: Decimal | None
    grade: str | None
    unrated: str | None
    critical: int
    major: int
    minor: int
    no_data: int
    points: int | None
    last_push_at: datetime | None

    @property
    def open(self) -> int:
        """Open findings that count, from minor up."""
        return self.critical + self.major + self.minor


async def list_standings(
    session: ReadSession, wanted: StandingFilter, *, sort: str, limit: int, offset: int = 0
) -> tuple[tuple[Standing, ...], int]:
    """A page of the organizations wanted, and how many there are in all."""
    statement = sql(
        f"select s.*, s.critical + s.major + s.minor as open, count(*) over () as found from standing s{_FILTER} "
        f"order by {_SORTS[sort]} limit :limit offset :offset"
    )
    rows = await session.all(statement, {**_values(wanted), "limit": limit, "offset": offset})
    return tuple(_standing(row) for row in rows), rows[0].found if rows else 0


async def count_standings(session: ReadSession) -> int:
    """How many organizations the caller supervises."""
    found: int = await session.scalar(sql("select count(distinct tenant_id) from standing"))
    return found


async def standing_of(session: ReadSession, tenant_id: UUID) -> Standing | None:
    """One organization's standing in the caller's region, the worst of several; None while nothing was judged."""
    found = await standings_of(session, tenant_id)
    return found[0] if found else None


async def standings_of(session: ReadSession, tenant_id: UUID) -> tuple[Standing, ...]:
    """One organization's standing in each region that the caller sees and that judges it, the worst first."""
    order = WORSE.format(row="s")
    rows = await session.all(
        sql(f"select * from standing s where tenant_id = :tenant order by {order}"), {"tenant": tenant_id}
    )
    return tuple(_standing(row) for row in rows)


def _values(wanted: StandingFilter) -> dict[str, Any]:
    escaped = literal_like(wanted.text or "")
    return {
        "text": wanted.text,
        "pattern": f"%{escaped}%",
        "upper": f"{escaped.upper()}%",
        "lower": f"{escaped.lower()}%",
        "grade": wanted.grade,
        "kind": wanted.kind,
        "low": wanted.region,
        "high": region_range(wanted.region)[1],
    }


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        tenant_id=row.tenant_id,
        credit_code=row.credit_code,
        name=row.name,
        kinds=tuple(row.kinds),
        region=row.region,
        total=row.total,
        grade=row.grade,
        unrated=row.unrated,
        critical=row.critical,
        major=row.major,
        minor=row.minor,
        no_data=row.no_data,
        points=row.points,
        last_push_at=row.last_push_at,
    )
