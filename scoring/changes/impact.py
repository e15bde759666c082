"""The job that previews a change: everybody of the region over a year, with the rule as it is and as it would be."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert

from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.changes.replay import replay_slice
from hengjian.scoring.changes.scores import month_moves
from hengjian.scoring.changes.stored import StoredChange, book_without, find_change
from hengjian.scoring.changes.tables import rule_impact_row
from hengjian.scoring.changes.walk import Walk, Walked, slices, walk_slice, walked_organizations
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import ChangeKind
from hengjian.scoring.domain.rule_impact import BreachMove, Effect, MonthMove, breach_move, counts_alike
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.stored_values import as_text

IMPACT = "scoring.impact"
_AT_ONCE = 2
_RUN = sql("""
    select i.*, c.no from rule_impact i join rule_change c on c.tenant_id = i.tenant_id and c.id = i.change_id
     where i.tenant_id = :tenant_id and i.id = :id
""")
_PROGRESS = sql("""
    update rule_impact set state = :state, done = :done, total = :total, finished_at = :finished_at,
        summary = cast(:summary as jsonb) where tenant_id = :tenant_id and id = :id
""")
_FORGET = sql("delete from rule_impact_row where tenant_id = :tenant_id and impact_id = :id")


async def preview(database: Database, payload: Mapping[str, Any], *, lawbook: LawBook) -> None:
    """Reckon the impact `impact_id` of the bureau `tenant_id`; begun again it starts anew and ends the same."""
    tenant_id, identity = UUID(payload["tenant_id"]), UUID(payload["impact_id"])
    job = Caller(kind="job", tenant_id=tenant_id, actor=IMPACT)
    async with database.read(job) as session:
        run = await session.first(_RUN, {"tenant_id": tenant_id, "id": identity})
        if run is None or run.state == "done":
            return
        bureau = Caller(kind="bureau", tenant_id=tenant_id, region=run.region, actor=IMPACT)
    async with database.read(bureau) as session:
        change = await find_change(session, run.no)
        walk = await walk_of(session, change, lawbook, since=run.since, until=run.until)
    everybody = await walked_organizations(database, walk, job)
    head = {"impact_id": identity, "tenant_id": tenant_id, "region": run.region}
    progress = _Progress(database, job, identity, total=len(everybody))
    await progress.begin()
    waiting = iter(slices(everybody))

    async def walk_on() -> None:
        for some in waiting:
            found = [one async for one in walk_slice(database, walk, bureau, some)]
            rows = [head | row for row in await impact_rows(database, walk, found, now=run.started_at)]
            async with database.read(bureau) as session:
                replayed = await replay_slice(session, walk, [one.id for one in some])
            walked = {one.organization.id for one in found if one.before or one.after}
            await progress.go_on(rows, organizations=len(walked), replayed=replayed, done=len(some))

    # One slice is reckoned while the database reads the next.
    async with asyncio.TaskGroup() as both:
        for _ in range(_AT_ONCE):
            both.create_task(walk_on())
    await progress.end()


async def walk_of(session: ReadSession, change: StoredChange, book: LawBook, *, since: date, until: date) -> Walk:
    """The walk that compares the law-book without a change and with it."""
    before, others = await book_without(session, book, change.no)
    return compared(change.in_book, before, others, since=since, until=until)


def compared(
    change: ChangeInBook, before: LawBook, others: Sequence[ChangeInBook], *, since: date, until: date
) -> Walk:
    """The walk from a law-book with other changes to the same one with this change as well."""
    new = change.new
    today = replace(change, new=replace(new, from_day=until))
    stands = before.rule_in_force(new.rule_id, region=change.region, on=until) is not None
    return Walk(
        rule_id=new.rule_id,
        region=change.region,
        from_day=new.from_day,
        since=since,
        until=until,
        before=before,
        after=overlay(before, [*others, change]),
        as_if=overlay(before, [*others, today]) if stands and new.kind is ChangeKind.PARAMETER else before,
    )


async def impact_rows(
    database: Database, walk: Walk, found: Sequence[Walked], *, now: datetime
) -> list[dict[str, Any]]:
    """One row for each organization and region of which the change moves breaches or scores, as `rule_impact_row` has it."""
    moved = [one for one in found if one.recounted or not counts_alike(one.before, one.after)]
    months = await month_moves(database, walk, {one.organization.id for one in moved}, now=now)
    rows = []
    for one in moved:
        move = breach_move(walk.rule_id, one.before, one.after, walk.until)
        moves = months.get((one.organization.id, one.region), ())
        if move.effect is not Effect.SCORE or any(month.moves for month in moves):
            rows.append(_row(one, move, moves, walk))
    return rows


def _row(one: Walked, move: BreachMove, months: Sequence[MonthMove], walk: Walk) -> dict[str, Any]:
    last = months[-1] if months else None
    return {
        "organization_id": one.organization.id,
        "judged_region": one.region,
        "credit_code": one.organization.credit_code,
        "name": one.organization.name,
        "effect": move.effect.value,
        "grade_moves": last is not None and last.grade_before != last.grade_after,
        "days_before": move.days_before,
        "days_after": move.days_after,
        "open_before": move.open_before,
        "open_after": move.open_after,
        "points_before": last.total_before if last else None,
        "points_after": last.total_after if last else None,
        "grade_before": last.grade_before if last else None,
        "grade_after": last.grade_after if last else None,
        "detail": {
            "before": list(_breaches(one.before, walk.rule_id)),
            "after": list(_breaches(one.after, walk.rule_id)),
            "months": [_month(month) for month in months if month.moves],
        },
    }


def _breaches(stretches: Sequence[Stretch], rule_id: str) -> Iterator[dict[str, Any]]:
    for one in stretches:
        if one.is_breach and one.rule.id == rule_id:
            yield {
                "subject_kind": one.subject.kind,
                "subject": one.subject.key,
                "label": one.subject.label,
                "first_day": one.first_day.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "severity": one.severity.value if one.severity else None,
                "measured": as_text(one.verdict.measured),
                "required": as_text(one.verdict.required),
            }


def _month(month: MonthMove) -> dict[str, Any]:
    return {
        "month": month.month.isoformat(),
        "total_before": _text(month.total_before),
        "total_after": _text(month.total_after),
        "grade_before": month.grade_before,
        "grade_after": month.grade_after,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


class _Progress:
    """What is written while the walk goes on: rows, how far it is, and what they come to."""

    def __init__(self, database: Database, job: Caller, identity: UUID, *, total: int) -> None:
        self._database = database
        self._job = job
        self._key = {"tenant_id": job.tenant_id, "id": identity}
        self._total = total
        self._done = 0
        self._summary: Counter[str] = Counter()

    async def begin(self) -> None:
        async with self._database.write(self._job) as session:
            await session.run(_FORGET, self._key)
            await session.run(_PROGRESS, self._values("running"))

    async def go_on(
        self, rows: Sequence[Mapping[str, Any]], *, organizations: int, replayed: tuple[int, int], done: int
    ) -> None:
        self._done += done
        self._summary.update(row["effect"] for row in rows)
        self._summary["organizations"] += organizations
        self._summary["grades_move"] += sum(row["grade_moves"] for row in rows)
        self._summary["replayed"] += replayed[0]
        self._summary["replay_differs"] += replayed[1]
        async with self._database.write(self._job) as session:
            if rows:
                await session.run(insert(rule_impact_row), [dict(row) for row in rows])
            await session.run(_PROGRESS, self._values("running"))

    async def end(self) -> None:
        async with self._database.write(self._job) as session:
            await session.run(_PROGRESS, self._values("done") | {"finished_at": datetime.now(UTC)})

    def _values(self, state: str) -> dict[str, Any]:
        summary = msgspec.json.encode(self._summary).decode()
        return {
            **self._key,
            "state": state,
            "done": self._done,
            "total": self._total,
            "finished_at": None,
            "summary": summary,
        }
