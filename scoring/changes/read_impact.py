"""The impact of a change for readers: how far the preview is, what it comes to, and whom it moves, page by page or as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql

MOST_IN_FILE = 20_000
_LATEST = sql("""
    select i.id, i.state, i.since, i.until, i.done, i.total, i.started_at, i.finished_at, i.summary,
           i.version = c.version as fresh
      from rule_impact i join rule_change c on c.tenant_id = i.tenant_id and c.id = i.change_id
     where c.no = :no order by i.started_at desc, i.id desc limit 1
""")
_ROWS = sql("""
    select *, count(*) over () as found from rule_impact_row
     where impact_id = :id and (cast(:only as text) is null or effect = :only or (:only = 'grade' and grade_moves))
     order by grade_moves desc, array_position(array['starts', 'stops', 'longer', 'shorter', 'same', 'score'], effect),
              abs(days_after - days_before) desc, credit_code, judged_region
     limit :limit offset :offset
""")
_COLUMNS = (
    "credit_code", "name", "region", "effect", "days_before", "days_after", "open_before", "open_after",
    "points_before", "points_after", "grade_before", "grade_after",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactSummary:
    """Organizations with subjects of the rule; how many start or stop breaching, breach more or fewer days.

    `same` have as many days of breach with another severity or demand, of `score` only the score moves;
    `grades_move` get another grade today.
    `replayed` stored judgements were judged again by the changed law-book, and `replay_differs` of them came out
    otherwise: always 0 for a change that touches no day before its own.
    """

    organizations: int = 0
    starts: int = 0
    stops: int = 0
    longer: int = 0
    shorter: int = 0
    same: int = 0
    score: int = 0
    grades_move: int = 0
    replayed: int = 0
    replay_differs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """One preview: `state` is waiting, running or done, `fresh` whether the change still says what was previewed."""

    id: UUID
    no: str
    state: str
    done: int
    total: int
    since: date
    until: date
    started_at: datetime
    finished_at: datetime | None
    fresh: bool
    summary: ImpactSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactRow:
    """One organization in one region that judges it, without and with the change.

    Points and grades are today's, provisional, as a judgement would store them; None where it is not rated.
    """

    organization_id: UUID
    credit_code: str
    name: str
    region: str
    effect: str
    days_before: int
    days_after: int
    open_before: bool
    open_after: bool
    points_before: Decimal | None
    points_after: Decimal | None
    grade_before: str | None
    grade_after: str | None
    stretches: Mapping[str, Sequence[Mapping[str, Any]]]
    months: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """One page of rows: moved grades first, then who starts, stops, breaches longer or shorter."""

    rows: tuple[ImpactRow, ...]
    total: int


async def latest_impact(session: ReadSession, no: str) -> Impact | None:
    """The last preview of a change, as far as it is; None when there is none that the caller sees."""
    row = await session.first(_LATEST, {"no": no})
    if row is None:
        return None
    return Impact(
        id=row.id,
        no=no,
        state=row.state,
        done=row.done,
        total=row.total,
        since=row.since,
        until=row.until,
        started_at=row.started_at,
        finished_at=row.finished_at,
        fresh=row.fresh,
        summary=msgspec.convert(row.summary, ImpactSummary),
    )


async def list_impact_rows(
    session: ReadSession, impact_id: UUID, *, only: str | None = None, limit: int = 50, offset: int = 0
) -> ImpactPage:
    """Whom a change moves; `only` is an effect (starts, stops, longer, shorter, same, score) or grade."""
    rows = await session.all(_ROWS, {"id": impact_id, "only": only, "limit": limit, "offset": offset})
    return ImpactPage(tuple(_row(row) for row in rows), rows[0].found if rows else 0)


async def impact_table(session: ReadSession, impact_id: UUID) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
    """Everybody whom a change moves as a table with its head, one line an organization."""
    page = await list_impact_rows(session, impact_id, limit=MOST_IN_FILE)
    return _COLUMNS, tuple(tuple(getattr(row, name) for name in _COLUMNS) for row in page.rows)


async def impact_json(session: ReadSession, impact_id: UUID) -> bytes:
    """Everybody whom a change moves as a JSON file, with days and months; decimals are texts."""
    page = await list_impact_rows(session, impact_id, limit=MOST_IN_FILE)
    return msgspec.json.format(msgspec.json.encode(page.rows), indent=2)


def _row(row: Row[Any]) -> ImpactRow:
    return ImpactRow(
        organization_id=row.organization_id,
        credit_code=row.credit_code,
        name=row.name,
        region=row.judged_region,
        effect=row.effect,
        days_before=row.days_before,
        days_after=row.days_after,
        open_before=row.open_before,
        open_after=row.open_after,
        points_before=row.points_before,
        points_after=row.points_after,
        grade_before=row.grade_before,
        grade_after=row.grade_after,
        stretches={"before": row.detail["before"], "after": row.detail["after"]},
        months=row.detail["months"],
    )
