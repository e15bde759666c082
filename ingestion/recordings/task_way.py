"""A task with everything that was told of it and recorded: its plan, its events by both clocks, its recordings, their coverage.

A device's clock is set right where it is known to have been ahead on that legal day: no message arrives before it was
sent. That a clock is behind cannot be told from one that sends late, so it is never assumed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.ingestion.recordings.domain.coverage import SECOND, Action, Clip, Coverage, Stage, coverage
from hengjian.ingestion.recordings.domain.intervals import Interval
from hengjian.ingestion.recordings.read import RecordingRecord, recordings_of_task
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession, sql

STAGE_OF: dict[str, Stage] = {
    "EQUIPMENT_ISSUED": Stage.EQUIPMENT,
    "EQUIPMENT_RETURNED": Stage.EQUIPMENT,
    "SAMPLING": Stage.SAMPLING,
    "FIELD_TEST": Stage.SAMPLING,
    "PRESERVED": Stage.PRESERVATION,
    "KEY_STEP": Stage.ANALYSIS,
    "REPRINTED": Stage.SAMPLING,
    "RECEIVED": Stage.HANDOVER,
    "REFUSED": Stage.HANDOVER,
    "OPENED": Stage.ANALYSIS,
}
"""Events of tasks and of labels that must be seen, with the stage that shows them."""
_BEFORE_THE_COUNTER = frozenset({Stage.EQUIPMENT, Stage.SAMPLING, Stage.PRESERVATION})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_TASK = sql("""
    select source_ref, client, point_name, city, origin, planned_on, items, sampler_refs, sampling_minutes, equipment_used
      from monitoring_task where tenant_id = :tenant and source_ref = :task order by valid_from desc limit 1""")
_SAMPLES = sql("""
    select distinct on (source_ref) source_ref, preservation, key_steps, brought_back
      from sample where tenant_id = :tenant and task_ref = :task order by source_ref, valid_from desc""")
_EVENTS = sql("""
    select * from (
      select distinct on (source_ref) source_ref, kind, coalesce(preservation, key_step) as what, sample_ref,
             null as label_id, happened_at, ended_at, recorded_at, device_id, seal_state
        from (select *, null::text as seal_state from field_event
               where tenant_id = :tenant and task_ref = :task) f order by source_ref, valid_from desc) fields
    union all select * from (
      select distinct on (source_ref) source_ref, kind, null as what, sample_ref, label_id, happened_at,
             null::timestamptz as ended_at, recorded_at, device_id, seal_state
        from label_event where tenant_id = :tenant and sample_ref = any(:samples)
       order by source_ref, valid_from desc) labels
    order by happened_at, recorded_at, source_ref""")
_CLOCKS = sql("""
    select device_id, day, max(ahead) as ahead from (
      select device_id, (happened_at at time zone 'Asia/Shanghai')::date as day, happened_at - recorded_at as ahead
        from field_event where tenant_id = :tenant and device_id = any(:devices)
      union all select device_id, (happened_at at time zone 'Asia/Shanghai')::date, happened_at - recorded_at
        from label_event where tenant_id = :tenant and device_id = any(:devices)
      union all select device_id, (completed_at at time zone 'Asia/Shanghai')::date, completed_at - archived_at
        from recording where tenant_id = :tenant and device_id = any(:devices)) readings
     where day = any(:days) group by device_id, day having max(ahead) > interval '0'""")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """A task as planned. `stages` are those that the plan expects, with what is expected in each."""

    ref: str
    client: str
    point_name: str
    city: str
    origin: str
    planned_on: date
    items: tuple[str, ...]
    sampler_refs: tuple[str, ...]
    sampling_minutes: int | None
    stages: dict[Stage, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayEvent:
    """One event of a task or of a label of its samples, by the device's clock and by the server's.

    `at` is when it happened in the server's time, milliseconds since 1970; `stage` None need not be seen.
    """

    ref: str
    kind: str
    what: str | None
    label_id: str | None
    stage: Stage | None
    happened_at: datetime
    recorded_at: datetime
    device_id: str | None
    at: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is planned, told and recorded of a task. `plan` is None for recordings that name no task that is known."""

    plan: TaskPlan | None
    events: tuple[WayEvent, ...]
    recordings: tuple[RecordingRecord, ...]
    clips: tuple[Clip, ...]
    coverage: Coverage


Clocks = dict[tuple[str, date], int]


async def read_way(session: ReadSession, tenant_id: UUID, task_ref: str) -> Way | None:
    """A task of an organization with its recordings: those that name it, or a label of its samples; None without any."""
    task = await session.first(_TASK, {"tenant": tenant_id, "task": task_ref})
    samples = await session.all(_SAMPLES, {"tenant": tenant_id, "task": task_ref})
    refs = [row.source_ref for row in samples]
    told = await session.all(_EVENTS, {"tenant": tenant_id, "task": task_ref, "samples": refs})
    labels = sorted({row.label_id for row in told if row.label_id})
    recordings = await recordings_of_task(session, tenant_id, task_ref, labels)
    if task is None and not recordings:
        return None
    clocks = await _clocks(session, tenant_id, told, recordings)
    plan = None if task is None else _plan(task, samples)
    return way_of(plan, [_event(row, clocks, plan) for row in told], recordings, clocks)


async def read_single(session: ReadSession, recording: RecordingRecord) -> Way:
    """One recording by itself, as a way without a plan."""
    clocks = await _clocks(session, recording.tenant_id, (), (recording,))
    return way_of(None, (), (recording,), clocks)


def way_of(
    plan: TaskPlan | None, events: Sequence[WayEvent], recordings: Sequence[RecordingRecord], clocks: Clocks
) -> Way:
    """The coverage of what was told by what was recorded."""
    actions = [
        Action(one.stage, one.what or one.kind, Interval(one.at, one.until)) for one in events if one.stage is not None
    ]
    clips = tuple(clip_of(one, clocks) for one in recordings)
    return Way(
        plan=plan,
        events=tuple(events),
        recordings=tuple(recordings),
        clips=clips,
        coverage=coverage(actions, clips),
    )


def clip_of(recording: RecordingRecord, clocks: Clocks) -> Clip:
    """A recording as a clip: what the file holds counts, not what was told of it; one that is no evidence shows nothing."""
    since, until = milliseconds(recording.started_at), milliseconds(recording.ended_at)
    gaps: tuple[Interval, ...] = ()
    report = recording.report
    if report is not None:
        until = min(until, since + (report.duration_ms or 0 if report.usable else 0))
        gaps = tuple(Interval(since + first, since + last) for first, last in report.gaps)
    drift = _ahead(clocks, recording.device_id, recording.started_at)
    return Clip(str(recording.id), Stage(recording.stage), Interval(since, until), gaps, drift)


def milliseconds(moment: datetime) -> int:
    """Since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def moment_of(instant: int) -> datetime:
    """The moment of milliseconds since 1970."""
    return _EPOCH + instant * _MILLISECOND


def _ahead(clocks: Clocks, device: str | None, moment: datetime) -> int:
    return clocks.get((device, legal_day(moment)), 0) if device else 0


async def _clocks(
    session: ReadSession, tenant_id: UUID, told: Iterable[Row[Any]], recordings: Iterable[RecordingRecord]
) -> Clocks:
    pairs = {(row.device_id, legal_day(row.happened_at)) for row in told if row.device_id}
    pairs |= {(one.device_id, day) for one in recordings for day in map(legal_day, (one.started_at, one.completed_at))}
    if not pairs:
        return {}
    asked = {"devices": sorted({device for device, _ in pairs}), "days": sorted({day for _, day in pairs})}
    rows = await session.all(_CLOCKS, {"tenant": tenant_id, **asked})
    return {(row.device_id, row.day): row.ahead // _MILLISECOND for row in rows}


def _event(row: Row[Any], clocks: Clocks, plan: TaskPlan | None) -> WayEvent:
    ahead = _ahead(clocks, row.device_id, row.happened_at)
    at = milliseconds(row.happened_at) - ahead
    until = milliseconds(row.ended_at) - ahead if row.ended_at else at
    stage = STAGE_OF.get(row.kind)
    if plan is not None and plan.origin == "DELIVERED" and stage in _BEFORE_THE_COUNTER:
        stage = None
    return WayEvent(
        ref=row.source_ref,
        kind=row.kind,
        what=row.what,
        label_id=row.label_id,
        stage=stage,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        device_id=row.device_id,
        at=at,
        until=max(until, at + SECOND),
    )


def _plan(task: Row[Any], samples: Sequence[Row[Any]]) -> TaskPlan:
    kept = tuple(dict.fromkeys(what for row in samples for what in row.preservation))
    steps = tuple(dict.fromkeys(what for row in samples for what in row.key_steps))
    brought = any(row.brought_back for row in samples)
    on_site = task.origin != "DELIVERED"
    stages: dict[Stage, tuple[str, ...]] = {}
    if on_site and task.equipment_used:
        stages[Stage.EQUIPMENT] = ("EQUIPMENT_ISSUED", "EQUIPMENT_RETURNED")
    if on_site:
        stages[Stage.SAMPLING] = ("FIELD_TEST" if task.origin == "FIELD_TEST" else "SAMPLING",)
    if on_site and kept:
        stages[Stage.PRESERVATION] = kept
    if brought:
        stages[Stage.HANDOVER] = ("RECEIVED",)
    if steps:
        stages[Stage.ANALYSIS] = steps
    return TaskPlan(
        ref=task.source_ref,
        client=task.client,
        point_name=task.point_name,
        city=task.city,
        origin=task.origin,
        planned_on=task.planned_on,
        items=tuple(task.items),
        sampler_refs=tuple(task.sampler_refs),
        sampling_minutes=task.sampling_minutes,
        stages=stages,
    )
