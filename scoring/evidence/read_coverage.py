"""How far a task is recorded, for who looks at its recordings: the same figures on which the rules rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hengjian.ingestion.api import Covered, Interval, Stage, told
from hengjian.platform.db import ReadSession
from hengjian.scoring.evidence.statements import EVIDENCE_OF_TASK
from hengjian.scoring.evidence.tasks import stages_required
from hengjian.scoring.evidence.way import Deed, Way, moment_of, ways


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of the server's time; `text` is '14:03:10–14:03:41', Beijing time."""

    since: datetime
    until: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCoverage:
    """One thing that was done and must be seen.

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
    span: TimeSpan
    whole: bool
    end_known: bool
    required: tuple[TimeSpan, ...]
    missing: tuple[TimeSpan, ...]
    covered_ms: int
    recordings: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything required is there."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class OverlapFound:
    """Two recordings of one stage that show the same time."""

    first: str
    second: str
    span: TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCoverage:
    """The answer for a task.

    Attributes:
        stages: the stages that must be recorded by now, in their order.
        stages_recorded: those of them with a recording that shows something.
        actions: by their beginning.
        drifts: by recording, how far its device's clock was ahead, where that is more than a minute.
    """

    task_ref: str
    label: str
    stages: tuple[Stage, ...]
    stages_recorded: tuple[Stage, ...]
    actions: tuple[ActionCoverage, ...]
    overlaps: tuple[OverlapFound, ...]
    drifts: Mapping[str, timedelta]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.stages == self.stages_recorded and all(action.complete for action in self.actions)


async def read_coverage(session: ReadSession, tenant_id: UUID, task_ref: str) -> TaskCoverage | None:
    """How far a task of an organization is recorded, None where the caller sees no such task."""
    registers: dict[str, Sequence[Any]] = {
        kind: await session.fetch_raw(statement, [tenant_id], task_ref) for kind, statement in EVIDENCE_OF_TASK.items()
    }
    cities = frozenset(row["city"][:4] for row in registers["monitoringTasks"])
    found = ways(registers, cities)
    return _coverage(found[0]) if found else None


def _coverage(way: Way) -> TaskCoverage:
    deeds, found = way.coverage()
    stages = tuple(stages_required(way, list(deeds)))
    shown = {clip.stage for clip in way.clips if clip.shown}
    actions = [_action(deed, covered) for deed, covered in zip(deeds, found.actions, strict=True)]
    return TaskCoverage(
        task_ref=way.ref,
        label=way.label,
        stages=stages,
        stages_recorded=tuple(stage for stage in stages if stage in shown),
        actions=tuple(sorted(actions, key=lambda one: (one.span.since, one.event_ref))),
        overlaps=tuple(OverlapFound(one.first, one.second, _span(one.span)) for one in found.overlaps),
        drifts={ref: timedelta(milliseconds=drift) for ref, drift in found.drifts.items()},
    )


def _action(deed: Deed, covered: Covered) -> ActionCoverage:
    return ActionCoverage(
        event_ref=deed.ref,
        stage=deed.stage,
        what=deed.what,
        sample_ref=deed.row["sample_ref"],
        span=_span(deed.span),
        whole=covered.whole,
        end_known=deed.ended,
        required=tuple(map(_span, covered.required)),
        missing=tuple(map(_span, covered.missing)),
        covered_ms=covered.covered_ms,
        recordings=covered.clips,
    )


def _span(interval: Interval) -> TimeSpan:
    return TimeSpan(moment_of(interval.since), moment_of(interval.until), told(interval))
