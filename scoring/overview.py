"""What the overview of a region shows, in six queries, however many organizations there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, TextClause

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.read_findings import FindingHead, gravest_findings
from hengjian.scoring.read_standings import FIRST, WORSE

# How many findings are read for each line: those of one rule at one organization share it.
_SHARED = 6

# Organizations by grade (each once) and by the region one level below (in each that they serve).
_STANDINGS = sql(f"""
    select grouping(grade) as by_region, grade, child,
           count(*) filter (where place = 1) as organizations, count(*) as present,
           count(*) filter (where place = 1 and contractor) as contractors,
           count(*) filter (where place = 1 and institution) as institutions,
           sum(points) filter (where place = 1) as points, sum(points) as points_here,
           sum(no_data) as no_data, count(*) filter (where no_data > 0 and place = 1) as without_data
      from (select s.grade, substr(s.region, 1, :length) as child, s.points, s.no_data,
                   'CONTRACTOR' = any(s.kinds) as contractor, 'INSTITUTION' = any(s.kinds) as institution,
                   row_number() over (partition by s.tenant_id order by {WORSE.format(row="s")}) as place
              from standing s) mine
     group by grouping sets ((grade), (child))
""")
# The lowest rows hold each organization's worst one before its others.
_LOWEST = """
    select false as near, credit_code, name, grade, region, total, critical, major, minor
      from (select *, row_number() over (partition by tenant_id order by total, region) as place
               from (select tenant_id, credit_code, name, grade, region, total, critical, major, minor from standing
                      where total is not null order by total, tenant_id limit 10 * :worst) low) s
     where place = 1 order by total, tenant_id limit :worst"""
_OPEN = sql("""
    select substr(region, 1, :length) as child, rule_id, severity, count(*) as findings, min(opened_on) as oldest
      from finding where closed_on is null and state <> 'dismissed' group by 1, 2, 3
""")
# A finding that was corrected away ends on the day it began, and a dismissed one was none: they never were a breach.
_WEEKS = sql("""
    select true as opened, (opened_on - cast(:first as date)) / 7 as week, severity, count(*) as findings
      from finding where opened_on >= :first and closed_on is distinct from opened_on and state <> 'dismissed' group by 2, 3
    union all
    select false, (closed_on - cast(:first as date)) / 7, severity, count(*)
      from finding where closed_on >= :first and closed_on > opened_on and state <> 'dismissed' group by 2, 3
""")
_CHANGES = sql("""
    select f.no, f.rule_id, f.severity, f.opened, f.day, s.name
      from ((select tenant_id, region, no, rule_id, severity, true as opened, opened_on as day from finding
              where opened_on > :since and closed_on is distinct from opened_on and state <> 'dismissed'
              order by opened_on desc, no limit :limit)
            union all
            (select tenant_id, region, no, rule_id, severity, false, closed_on from finding
              where closed_on > :since and closed_on > opened_on and state <> 'dismissed'
              order by closed_on desc, no limit :limit)) f
      left join standing s on s.tenant_id = f.tenant_id and s.region = f.region
     order by f.day desc, f.opened, f.no limit :limit
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCount:
    """Organizations with one provisional grade; None is not rated."""

    grade: str | None
    organizations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRegion:
    """One region below the caller's; `points` None is no data."""

    code: str
    organizations: int
    points: int | None
    no_data: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCount:
    """Open findings of one rule and severity in one region below the caller's."""

    child: str
    rule_id: str
    severity: str
    findings: int
    oldest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstStanding:
    """An organization with a low score, or (`near`) one within a point of a grade's border."""

    near: bool
    credit_code: str
    name: str
    grade: str | None
    region: str
    total: Decimal
    critical: int
    major: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Findings that began and that ended in seven days from `monday`, by severity."""

    monday: date
    opened: dict[str, int]
    closed: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewChange:
    """A finding that began or ended on a day."""

    no: str
    rule_id: str
    severity: str
    opened: bool
    day: date
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One region on one day. Organizations without data are counted, never scored."""

    organizations: int
    contractors: int
    institutions: int
    points: int | None
    no_data: int
    without_data: int
    grades: tuple[GradeCount, ...]
    regions: tuple[ChildRegion, ...]
    worst: tuple[WorstStanding, ...]
    near: tuple[WorstStanding, ...]
    open: tuple[OpenCount, ...]
    findings: tuple[FindingHead, ...]
    weeks: tuple[Week, ...]
    changes: tuple[OverviewChange, ...]


async def read_overview(
    session: ReadSession, *, today: date, grade_limits: Sequence[int], weeks: int = 12, rows: int = 7
) -> Overview:
    """All that the overview of the caller's region shows.

    Args:
        session: of a bureau.
        today: the legal day.
        grade_limits: least scores of the grades, for those near a border.
        weeks: how many weeks back, the present one included, each from Monday.
        rows: longest list.
    """
    length = min(len(session.caller.region or "") + 2, 6)
    first = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    standings = await session.all(_STANDINGS, {"length": length})
    worst = await session.all(_worst(grade_limits), {"worst": rows, "low": None, "high": None})
    opened = await session.all(_OPEN, {"length": length})
    findings = await gravest_findings(session, limit=rows * _SHARED)
    by_week = await session.all(_WEEKS, {"first": first})
    changes = await session.all(_CHANGES, {"since": today - timedelta(days=7), "limit": rows})
    graded = [row for row in standings if not row.by_region]
    standing = [WorstStanding(**row._mapping) for row in worst]  # noqa: SLF001  # a row's public name for its mapping
    return Overview(
        organizations=sum(row.organizations for row in graded),
        contractors=sum(row.contractors for row in graded),
        institutions=sum(row.institutions for row in graded),
        points=_known_sum(row.points for row in graded),
        no_data=sum(row.no_data for row in graded),
        without_data=sum(row.without_data for row in graded),
        grades=tuple(GradeCount(grade=row.grade, organizations=row.organizations) for row in graded),
        regions=tuple(_region(row) for row in standings if row.by_region),
        worst=tuple(one for one in standing if not one.near),
        near=tuple(one for one in standing if one.near),
        open=tuple(OpenCount(**row._mapping) for row in opened),  # noqa: SLF001  # see above
        findings=findings,
        weeks=_weeks(by_week, first, weeks),
        changes=tuple(
            OverviewChange(
                no=row.no,
                rule_id=row.rule_id,
                severity=row.severity,
                opened=row.opened,
                day=row.day,
                organization=row.name or "",
            )
            for row in changes
        ),
    )


def _worst(grade_limits: Sequence[int]) -> TextClause:
    """The lowest scores, and those within a point of a grade's border."""
    near = " or ".join(f"(s.total > {limit - 1:d} and s.total < {limit + 1:d})" for limit in grade_limits) or "false"
    return sql(f"""
        ({_LOWEST})
        union all
        (select true, credit_code, name, grade, region, total, critical, major, minor from standing s
          where ({near}) and {FIRST} order by pinyin limit 4)
    """)


def _region(row: Row[Any]) -> ChildRegion:
    points = None if row.points_here is None else int(row.points_here)
    return ChildRegion(code=row.child, organizations=row.present, points=points, no_data=int(row.no_data))


def _known_sum(values: Any) -> int | None:
    known = [int(value) for value in values if value is not None]
    return sum(known) if known else None


def _weeks(rows: Sequence[Row[Any]], first: date, weeks: int) -> tuple[Week, ...]:
    made = [Week(monday=first + timedelta(weeks=number), opened={}, closed={}) for number in range(weeks)]
    for row in rows:
        if 0 <= row.week < weeks:
            counts = made[row.week].opened if row.opened else made[row.week].closed
            counts[row.severity] = counts.get(row.severity, 0) + row.findings
    return tuple(made)
