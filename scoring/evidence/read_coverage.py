"""How far a task is recorded, for who looks at its recordings: the same rows and figures on which the rules rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hengjian.ingestion.api import Clip, Coverage, Covered, Interval, Overlap, Stage, coverage, joined
from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.register_rows import Row
from hengjian.scoring.evidence.statements import EVIDENCE_OF_RECORDING, EVIDENCE_OF_TASK
from hengjian.scoring.evidence.tasks import stages_required
from hengjian.scoring.evidence.way import Deed, Way, clip_of, clocks_of, ways, what_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCoverage:
    """One thing that was done and must be seen; times are the server's.

    Attributes:
        event_ref: of the field or label event that tells it.
        what: the kind of the event, or the measure (COLD …) or key step (WEIGH …) that it was.
        sample_ref: the sample, None for what is of the whole task.
        whole: whether all of it must be recorded, else its first and last second.
        end_known: False when its end was never told; then only its first second is looked for.
        recordings: numbers of the recordings that show some of it.
    """

    event_ref: str
    stage: Stage
    what: str
    sample_ref: str | None
    span: Interval
    whole: bool
    end_known: bool
    required: tuple[Interval, ...]
    missing: tuple[Interval, ...]
    covered_ms: int
    recordings: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything required is there."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent:
    """One event of a task or of a label of its samples, by the device's clock and by the server's.

    `at` is when it happened in the server's time, milliseconds since 1970; `stage` None need not be seen.
    """

    kind: str
    what: str
    label_id: str | None
    stage: Stage | None
    happened_at: datetime
    recorded_at: datetime
    device_id: str | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """A task as planned; `stages` are those that the plan expects, with what is expected in each."""

    point_name: str
    origin: str
    planned_on: date
    sampler_refs: tuple[str, ...]
    stages: Mapping[Stage, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCoverage:
    """The answer for a task, or for one recording by itself.

    Attributes:
        plan: None where recordings name a task that is not known, and for a recording by itself.
        stages: the stages that must be recorded by now, in their order.
        stages_recorded: those of them with a recording that shows something.
        actions: by their beginning.
        events: by the device's time.
        clips: the recordings by their beginning, named by their numbers.
        drifts: by recording, milliseconds by which its device's clock was ahead, where that is more than a minute.
    """

    plan: TaskPlan | None = None
    stages: tuple[Stage, ...] = ()
    stages_recorded: tuple[Stage, ...] = ()
    actions: tuple[ActionCoverage, ...] = ()
    events: tuple[TaskEvent, ...] = ()
    labels: tuple[str, ...] = ()
    clips: tuple[Clip, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    drifts: Mapping[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Interval, ...]:
        """All that is missing, joined."""
        return joined(part for action in self.actions for part in action.missing)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.stages == self.stages_recorded and all(action.complete for action in self.actions)


async def read_coverage(session: ReadSession, tenant_id: UUID, task_ref: str) -> TaskCoverage | None:
    """How far a task of an organization is recorded; None where the caller sees neither task nor recording."""
    registers = await _rows(session, EVIDENCE_OF_TASK, tenant_id, task_ref)
    cities = frozenset(row["city"][:4] for row in registers["monitoringTasks"])
    found = ways(registers, cities)
    if found:
        return coverage_of(found[0])
    return _alone(registers) if registers["recordings"] else None


async def read_recording_alone(session: ReadSession, tenant_id: UUID, recording_no: str) -> TaskCoverage:
    """One recording held against nothing: what it shows, by the clock of its device."""
    return _alone(await _rows(session, EVIDENCE_OF_RECORDING, tenant_id, recording_no))


async def _rows(
    session: ReadSession, statements: Mapping[str, str], tenant_id: UUID, ref: str
) -> dict[str, Sequence[Any]]:
    return {kind: await session.fetch_raw(statement, [tenant_id], ref) for kind, statement in statements.items()}


def _alone(registers: Mapping[str, Sequence[Any]]) -> TaskCoverage:
    clocks = clocks_of(registers["clocks"])
    clips = tuple(clip_of(row, clocks) for row in registers["recordings"])
    found = coverage((), clips)
    return TaskCoverage(clips=clips, overlaps=found.overlaps, drifts=found.drifts)


def coverage_of(way: Way) -> TaskCoverage:
    """What the rules know of a task, as records."""
    deeds, found = way.coverage()
    stages = tuple(stages_required(way, list(deeds)))
    shown = {clip.stage for clip in way.clips if clip.shown}
    return TaskCoverage(
        plan=_plan(way),
        stages=stages,
        stages_recorded=tuple(stage for stage in stages if stage in shown),
        actions=_actions(deeds, found),
        events=_events(way),
        labels=tuple(sorted({row["label_id"] for rows in way.labels.values() for row in rows})),
        clips=way.clips,
        overlaps=found.overlaps,
        drifts=found.drifts,
    )


def _actions(deeds: Sequence[Deed], found: Coverage) -> tuple[ActionCoverage, ...]:
    actions = (_action(deed, covered) for deed, covered in zip(deeds, found.actions, strict=True))
    return tuple(sorted(actions, key=lambda one: (one.span.since, one.event_ref)))


def _action(deed: Deed, covered: Covered) -> ActionCoverage:
    return ActionCoverage(
        event_ref=deed.ref,
        stage=deed.stage,
        what=deed.what,
        sample_ref=deed.row["sample_ref"],
        span=deed.span,
        whole=covered.whole,
        end_known=deed.ended,
        required=covered.required,
        missing=covered.missing,
        covered_ms=covered.covered_ms,
        recordings=covered.clips,
    )


def _events(way: Way) -> tuple[TaskEvent, ...]:
    found = [(row, what_of(row), None) for row in way.events]
    found += [(row, row["kind"], row["label_id"]) for rows in way.labels.values() for row in rows]
    found.sort(key=lambda one: (one[0]["happened_at"], one[0]["recorded_at"], one[0]["source_ref"]))
    return tuple(_event(way, row, what, label) for row, what, label in found)


def _event(way: Way, row: Row, what: str, label: str | None) -> TaskEvent:
    return TaskEvent(
        kind=row["kind"],
        what=what,
        label_id=label,
        stage=way.stage_of(row),
        happened_at=row["happened_at"],
        recorded_at=row["recorded_at"],
        device_id=row["device_id"],
        at=way.when(row),
    )


def _plan(way: Way) -> TaskPlan:
    task, samples = way.task, way.samples.values()
    expected: dict[Stage, tuple[str, ...]] = {
        Stage.EQUIPMENT: ("EQUIPMENT_ISSUED", "EQUIPMENT_RETURNED") if task["equipment_used"] else (),
        Stage.SAMPLING: ("FIELD_TEST" if task["origin"] == "FIELD_TEST" else "SAMPLING",),
        Stage.PRESERVATION: tuple(dict.fromkeys(what for row in samples for what in row["preservation"])),
        Stage.HANDOVER: ("RECEIVED",) if any(row["brought_back"] for row in samples) else (),
        Stage.ANALYSIS: tuple(dict.fromkeys(what for row in samples for what in row["key_steps"])),
    }
    return TaskPlan(
        point_name=task["point_name"],
        origin=task["origin"],
        planned_on=task["planned_on"],
        sampler_refs=tuple(task["sampler_refs"]),
        stages={stage: what for stage, what in expected.items() if what and way.must_be_seen(stage)},
    )
