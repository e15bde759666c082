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
from hengjian.scoring.changes.overlay import overlay
from hengjian.scoring.changes.replay import replay_slice
from hengjian.scoring.changes.stored import StoredChange, book_without, find_change
from hengjian.scoring.changes.tables import rule_impact_row
from hengjian.scoring.changes.walk import Walk, Walked, slices, walk_slice, walked_organizations
from hengjian.scoring.domain.counting import BreachKey
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_steps import Cause
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import ChangeKind
from hengjian.scoring.domain.rule_impact import (
    BreachMove,
    MonthMove,
    StoredLoss,
    StoredMonth,
    breach_move,
    month_moves,
)
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.stored_life import LIFE_COLUMNS, life_of
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
_SCORES = sql("""
    select tenant_id, region, month, as_of, total, grade, unrated, dimensions, losses, steps from score
     where tenant_id = any(:ids) and month >= :since order by month
""")
_LIVES = sql(f"""
    select tenant_id, region, rule_id, subject_kind, subject, opened_on, {LIFE_COLUMNS} from finding
     where tenant_id = any(:ids) and rule_id = any(:rules) and (state = 'dismissed' or frozen_on is not null)
""")

Place = tuple[UUID, str]


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
    progress = _Progress(database, job, identity, total=len(everybody))
    await progress.begin()
    waiting = iter(slices(everybody))

    async def walk_on() -> None:
        for some in waiting:
            found = [one async for one in walk_slice(database, walk, bureau, some)]
            async with database.read(bureau) as session:
                rows = await _rows(session, walk, found, impact_id=identity, bureau=bureau)
                replayed = await replay_slice(session, walk, [one.id for one in some])
            walked = {one.organization.id for one in found}
            await progress.go_on(rows, organizations=len(walked), replayed=replayed, done=len(some))

    # One slice is reckoned while the database reads the next.
    async with asyncio.TaskGroup() as both:
        for _ in range(_AT_ONCE):
            both.create_task(walk_on())
    await progress.end()


async def walk_of(session: ReadSession, change: StoredChange, book: LawBook, *, since: date, until: date) -> Walk:
    """The walk that compares the law-book without a change and with it."""
    before, others = await book_without(session, book, change.no)
    own = change.in_book
    as_if = replace(own, new=replace(own.new, from_day=since))
    return Walk(
        rule_id=change.new.rule_id,
        region=change.region,
        from_day=change.new.from_day,
        since=since,
        until=until,
        before=before,
        after=overlay(book, [*others, own]),
        as_if=overlay(book, [*others, as_if]) if change.new.kind is ChangeKind.PARAMETER else before,
    )


async def _rows(
    session: ReadSession, walk: Walk, found: Sequence[Walked], *, impact_id: UUID, bureau: Caller
) -> list[dict[str, Any]]:
    """One row for each organization that the change moves."""
    moved = [(one, move) for one in found if (move := breach_move(walk.rule_id, one.before, one.after, walk.until))]
    ids = [one.organization.id for one, _ in moved]
    months = await _months(session, ids, walk.since) if ids else {}
    lives = await _lives(session, ids, walk.rules) if ids else {}
    rows = []
    for one, move in moved:
        place = (one.organization.id, one.region)
        model = walk.before.credit_model(region=one.region, on=walk.until)
        moves = _moves(walk, one, months.get(place, ()), lives.get(place, {}), model)
        rows.append(
            _row(one, move, moves, walk)
            | {"impact_id": impact_id, "tenant_id": bureau.tenant_id, "region": bureau.region}
        )
    return rows


def _moves(
    walk: Walk, one: Walked, months: Sequence[StoredMonth], lives: Mapping[BreachKey, Life], model: CreditModel | None
) -> tuple[MonthMove, ...]:
    if model is None:
        return ()
    rules = walk.rules
    return month_moves(months, one.before, one.after, lives, rules=rules, model=model)


def _row(one: Walked, move: BreachMove, months: Sequence[MonthMove], walk: Walk) -> dict[str, Any]:
    last = months[-1] if months else None
    return {
        "organization_id": one.organization.id,
        "judged_region": one.region,
        "credit_code": one.organization.credit_code,
        "name": one.organization.name,
        "effect": move.effect.value,
        "grade_moves": last is not None and last.grade_moves,
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


async def _months(session: ReadSession, ids: Sequence[UUID], since: date) -> dict[Place, list[StoredMonth]]:
    found: dict[Place, list[StoredMonth]] = {}
    for row in await session.all(_SCORES, {"ids": list(ids), "since": since.replace(day=1)}):
        found.setdefault((row.tenant_id, row.region), []).append(stored_month(row))
    return found


def stored_month(row: Any) -> StoredMonth:
    """A stored score, taken apart so that the losses of some rules can be exchanged."""
    silent = {step["dimension"] for step in row.steps if step["cause"] == Cause.SILENT_MONTH}
    caps = {
        one["id"]: Decimal(one["cap"]) for one in row.dimensions if one["lost"] is not None and one["id"] not in silent
    }
    lost = dict.fromkeys(caps, Decimal())
    bounds = Decimal()
    for step in row.steps:
        if step["cause"] in {Cause.CEILING, Cause.FLOOR}:
            bounds += Decimal(step["points"])
        elif step["dimension"] in caps and step["cause"] not in {Cause.DIMENSION_CAP, Cause.PENALTY}:
            lost[step["dimension"]] -= Decimal(step["points"])
    for loss in row.losses:
        if loss["dimension"] in caps:
            lost[loss["dimension"]] += Decimal(loss["points"])
    return StoredMonth(
        month=row.month,
        as_of=row.as_of,
        total=row.total if row.unrated is None else None,
        grade=row.grade,
        caps=caps,
        lost=lost,
        bounds=bounds,
        losses=tuple(
            StoredLoss(one["rule"], one["dimension"], Severity(one["severity"]), Decimal(one["points"]))
            for one in row.losses
        ),
    )


async def _lives(session: ReadSession, ids: Sequence[UUID], rules: Sequence[str]) -> dict[Place, dict[BreachKey, Life]]:
    found: dict[Place, dict[BreachKey, Life]] = {}
    for row in await session.all(_LIVES, {"ids": list(ids), "rules": list(rules)}):
        key = (row.rule_id, row.subject_kind, row.subject, row.opened_on)
        found.setdefault((row.tenant_id, row.region), {})[key] = life_of(row)
    return found


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
        self._summary["unknown"] += sum(
            row["points_before"] is not None and row["points_after"] is None for row in rows
        )
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
