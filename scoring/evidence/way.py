"""What was told of tasks on their way, sorted by task: what was done, by whom, and which recordings show it.

Times that a device told are set right where its clock is known to have been ahead; from there on all are the server's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from hengjian.ingestion.api import (
    Action,
    Clip,
    Coverage,
    Covered,
    Interval,
    Stage,
    common,
    coverage,
    joined,
    milliseconds,
    without,
)
from hengjian.platform.calendar import legal_day
from hengjian.scoring.domain.register_rows import Registers, Row, Rows, by_reference

_MILLISECOND = timedelta(milliseconds=1)
SECOND_MS = 1_000

# Events of tasks and of labels that must be seen, with the stage that shows them.
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
_BEFORE_THE_COUNTER = frozenset({Stage.EQUIPMENT, Stage.SAMPLING, Stage.PRESERVATION})


@dataclass(frozen=True, slots=True)
class Clocks:
    """By how much devices' clocks were ahead, by device and day.

    Every message tells that its device's clock was ahead by at least its own time less the server's time of arrival.
    That a clock is behind cannot be told from one that sends late, so it is never assumed.
    """

    ahead: dict[tuple[str, date], int]

    def right(self, moment: datetime, device: str | None) -> int:
        """What the device tells as the server's time, in milliseconds."""
        return milliseconds(moment) - self.drift(device, moment)

    def drift(self, device: str | None, moment: datetime) -> int:
        """Milliseconds ahead on the legal day of a moment."""
        return self.ahead.get((device, legal_day(moment)), 0) if device is not None else 0


def clocks_of(rows: Rows) -> Clocks:
    """From what each device's messages tell at most, by device and day."""
    return Clocks({(row["device_id"], row["day"]): row["ahead"] // _MILLISECOND for row in rows})


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done for a task and must be seen.

    Attributes:
        ref: of the event that tells it.
        what: the kind of the event, or the measure or key step that it was.
        ended: whether its end is known; one without has the second in which it began.
    """

    ref: str
    stage: Stage
    what: str
    span: Interval
    ended: bool
    row: Row

    @property
    def action(self) -> Action:
        """What of it must be recorded."""
        return Action(self.stage, self.what, self.span, throughout=self.row["kind"] == "REPRINTED")


@dataclass(frozen=True, slots=True)
class Way:
    """A task with everything told of it.

    Attributes:
        events: of the task, by time.
        samples: by reference.
        labels: events of the labels of its samples, by sample.
        recordings: that name the task, or a label of its samples.
        clips: the same as clips, in the order of the recordings.
    """

    task: Row
    clocks: Clocks
    events: Rows
    samples: dict[str, Row]
    labels: dict[str, list[Row]]
    recordings: Rows
    clips: tuple[Clip, ...] = field(repr=False)

    @property
    def ref(self) -> str:
        """The sender's reference of the task."""
        ref: str = self.task["source_ref"]
        return ref

    @property
    def unit(self) -> str:
        """The job on which its breaches fall, told from the references of reports."""
        return f"task:{self.ref}"

    @property
    def city(self) -> str:
        """The city in which the task lies."""
        city: str = self.task["city"]
        return city[:4]

    @property
    def sampled_here(self) -> bool:
        """Whether the institution itself goes there: what clients bring begins at the counter (第七条)."""
        return bool(self.task["origin"] != "DELIVERED")

    @property
    def label(self) -> str:
        """What people call the task."""
        return f"{self.task['point_name']} {self.task['planned_on']} {self.ref}"

    def stage_of(self, row: Row) -> Stage | None:
        """The stage that must show an event; None for one that need not be seen."""
        stage = STAGE_OF.get(row["kind"])
        return stage if stage is not None and self.must_be_seen(stage) else None

    def must_be_seen(self, stage: Stage) -> bool:
        """Whether a stage of this task is recorded at all: what a client does before the counter is not."""
        return self.sampled_here or stage not in _BEFORE_THE_COUNTER

    def deeds(self) -> Iterator[Deed]:
        """What must be seen, by the events told."""
        for row in self.events:
            stage = self.stage_of(row)
            if stage is not None:
                yield self._deed(row, stage, what_of(row), row["ended_at"])
        for row in (row for rows in self.labels.values() for row in rows):
            stage = self.stage_of(row)
            if stage is not None:
                ended = self._put_on_again(row) if row["kind"] == "REPRINTED" else None
                yield self._deed(row, stage, "OPEN" if row["kind"] == "OPENED" else row["kind"], ended)

    def _put_on_again(self, reprint: Row) -> datetime | None:
        """When the label that was printed anew was put on (附件2 第八条: 重新打印并张贴 is recorded whole)."""
        later = self.labels_of(reprint["sample_ref"], "LABELLED")
        return next((row["happened_at"] for row in later if row["happened_at"] >= reprint["happened_at"]), None)

    def _deed(self, row: Row, stage: Stage, what: str, ended: datetime | None) -> Deed:
        since = self.clocks.right(row["happened_at"], row["device_id"])
        until = self.clocks.right(ended, row["device_id"]) if ended is not None else since
        span = Interval(since, max(until, since + SECOND_MS))
        return Deed(row["source_ref"], stage, what, span, ended is not None, row)

    def covered(self, deed: Deed) -> Covered:
        """How far a deed is recorded."""
        return coverage([deed.action], self.clips).actions[0]

    def coverage(self) -> tuple[tuple[Deed, ...], Coverage]:
        """All deeds, and how far each is recorded."""
        deeds = tuple(self.deeds())
        return deeds, coverage([deed.action for deed in deeds], self.clips)

    def shown(self, stage: Stage) -> tuple[Interval, ...]:
        """What the recordings of a stage show, in the server's time."""
        return joined(part for clip in self.clips if clip.stage is stage for part in clip.shown)

    def torn(self, stage: Stage, missing: Iterable[Interval]) -> tuple[str, ...]:
        """The recordings of a stage, as things, that were told to show some of what is missing and do not."""
        lacks, found = tuple(missing), []
        for row, clip in zip(self.recordings, self.clips, strict=True):
            begun, ended = (milliseconds(row[name]) - clip.drift for name in ("started_at", "ended_at"))
            if clip.stage is stage and common(without([Interval(begun, ended)], clip.shown), lacks):
                found.append(f"recording:{row['source_ref']}")
        return tuple(found)

    def labels_of(self, sample: str, *kinds: str) -> list[Row]:
        """Events of a sample's labels of these kinds, by time."""
        return [row for row in self.labels.get(sample, ()) if row["kind"] in kinds]

    def when(self, row: Row) -> int:
        """When an event happened, in milliseconds of the server's time."""
        return self.clocks.right(row["happened_at"], row["device_id"])


def what_of(row: Row) -> str:
    """What an event of a task was: the measure or the key step, else its kind."""
    what: str = row["preservation"] or row["key_step"] or row["kind"]
    return what


def ways(registers: Registers, cities: frozenset[str]) -> list[Way]:
    """Every task in one of these cities with what was told of it.

    Args:
        registers: of the institution, as the statements give them.
        cities: first four digits of the cities whose bureaus judge the institution.
    """
    clocks = clocks_of(registers["clocks"])
    events = by_reference(registers["fieldEvents"], "task_ref")
    samples = by_reference(registers["samples"], "task_ref")
    labels = by_reference([row for row in registers["labelEvents"] if row["sample_ref"] is not None], "sample_ref")
    by_task, by_label = _recordings(registers["recordings"])
    found = []
    for task in registers["monitoringTasks"]:
        if task["city"][:4] not in cities:
            continue
        own = {row["source_ref"]: row for row in samples.get(task["source_ref"], ())}
        told = {ref: labels[ref] for ref in own if ref in labels}
        named = {row["label_id"] for rows in told.values() for row in rows}
        shown = {row["source_ref"]: row for row in by_task.get(task["source_ref"], ())}
        shown |= {row["source_ref"]: row for name in sorted(named) for row in by_label.get(name, ())}
        rows = sorted(shown.values(), key=lambda row: (row["started_at"], row["source_ref"]))
        clips = tuple(clip_of(row, clocks) for row in rows)
        found.append(Way(task, clocks, events.get(task["source_ref"], []), own, told, rows, clips))
    return found


def _recordings(rows: Rows) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    by_task: dict[str, list[Row]] = {}
    by_label: dict[str, list[Row]] = {}
    for row in rows:
        if row["task_ref"] is not None:
            by_task.setdefault(row["task_ref"], []).append(row)
        for name in row["label_ids"]:
            by_label.setdefault(name, []).append(row)
    return by_task, by_label


def clip_of(row: Row, clocks: Clocks) -> Clip:
    """A recording as a clip: what the file holds counts, not what was told of it; one that is no evidence shows nothing."""
    since, until = milliseconds(row["started_at"]), milliseconds(row["ended_at"])
    gaps: Sequence[Interval] = ()
    if row["inspected"]:
        length = row["duration_ms"] if row["duration_ms"] is not None and row["usable"] else 0
        until = min(until, since + length)
        gaps = [Interval(since + first, since + last) for first, last in gaps_of(row)]
    drift = clocks.drift(row["device_id"], row["started_at"])
    return Clip(row["source_ref"], Stage(row["stage"]), Interval(since, until), tuple(gaps), drift)


def gaps_of(row: Row) -> list[tuple[int, int]]:
    """The stretches of a recording in which pictures are missing, in milliseconds from its beginning."""
    return msgspec.json.decode(row["gaps"] or "[]", type=list[tuple[int, int]])
