"""Tasks, and the sampling and testing on site, as subjects: which stages were recorded, and how far each action was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from hengjian.ingestion.api import Interval, Stage, common, milliseconds, moment_of, told, total, without
from hengjian.platform.calendar import legal_day, start_of_legal_day
from hengjian.scoring.domain.register_rows import Row, Span, event, showing
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.evidence.way import SECOND_MS, Deed, Way

_ON_SITE = ("SAMPLING", "FIELD_TEST")
_MOST_SPANS = 50


@dataclass(frozen=True, slots=True)
class Settled:
    """Until when what was done must have its recordings archived.

    What is missing counts only when the time to archive is over at the beginning of the day of judgement: a recording
    that may still arrive in time is not held against anybody.
    """

    before: int

    @classmethod
    def on(cls, span: Span, archive_hours: int) -> "Settled":
        """On the last day to judge."""
        return cls(milliseconds(start_of_legal_day(span.fixed[-1]) - timedelta(hours=archive_hours)))

    def is_over(self, span: Interval) -> bool:
        """Whether the recordings of an action must be there by now."""
        return span.until < self.before


def told_spans(spans: tuple[Interval, ...]) -> tuple[str, ...]:
    """Each as '14:03:10–14:03:41'; of very many the first."""
    return tuple(told(one) for one in spans[:_MOST_SPANS])


def tasks(way: Way, span: Span, settled: Settled) -> Iterator[Subject]:
    """The task on the day on which it began, with the stages whose recordings must be there by now."""
    deeds = [deed for deed in way.deeds() if settled.is_over(deed.span)]
    required = stages_required(way, deeds)
    if not required:
        return
    begun = min(deed.span.since for deed in deeds)
    recorded = {clip.stage for clip in way.clips if clip.shown}
    day = legal_day(moment_of(begun))
    facts: Facts = {
        "task_on": day,
        "stages_required": tuple(required),
        "stages_recorded": tuple(stage for stage in required if stage in recorded),
        "recordings_made": len(way.clips),
        "samples_brought_back": sum(row["brought_back"] for row in way.samples.values()),
        "labels_used": len({row["label_id"] for rows in way.labels.values() for row in rows}),
    }
    yield from event("task", way.ref, way.label, on=day, facts=facts, span=span, city=way.city, unit=way.unit)


def stages_required(way: Way, deeds: list[Deed]) -> list[Stage]:
    """The stages of the task that had come by then and must be recorded, in their order (第二条, 第七条).

    Nobody samples without what is issued for it, and nobody analyses what was never handed over, so a later stage
    tells of an earlier one that nobody told.
    """
    seen = {deed.stage for deed in deeds}
    found = set(seen)
    kinds = {row["preservation"] for row in way.events if row["kind"] == "PRESERVED"}
    if way.sampled_here and seen & {Stage.SAMPLING, Stage.PRESERVATION, Stage.HANDOVER, Stage.ANALYSIS}:
        found |= {Stage.SAMPLING} | ({Stage.EQUIPMENT} if way.task["equipment_used"] else set())
    if way.sampled_here and seen & {Stage.HANDOVER, Stage.ANALYSIS}:
        wanted = any(row["preservation"] for row in way.samples.values()) or bool(kinds)
        found |= {Stage.PRESERVATION} if wanted else set()
    if Stage.ANALYSIS in seen:
        found.add(Stage.HANDOVER)
    return [stage for stage in Stage if stage in found]


def actions(way: Way, span: Span, settled: Settled) -> Iterator[Subject]:
    """Each sampling and each test on site, on its day."""
    shown = way.shown(Stage.SAMPLING)
    for deed in way.deeds():
        if deed.row["kind"] not in _ON_SITE:
            continue
        whole = without([deed.span], shown)
        if not whole or settled.is_over(deed.span):
            day = legal_day(moment_of(deed.span.since))
            name = {"SAMPLING": "采样", "FIELD_TEST": "现场检测"}[deed.what]
            action = event(
                "sampling_action",
                deed.ref,
                f"{way.label} {name}",
                on=day,
                facts={**recorded_of(deed.span, shown, ended=deed.ended), **_on_site(way, deed)},
                span=span,
                city=way.city,
                unit=way.unit,
            )  # fmt: skip
            yield from showing(action, way.torn(Stage.SAMPLING, whole))


def recorded_of(
    span: Interval, shown: tuple[Interval, ...], *, ended: bool = True
) -> dict[str, int | tuple[str, ...] | None]:
    """How far a stretch of time is recorded: all of it, and its first and last second."""
    first = Interval(span.since, span.since + SECOND_MS)
    last = Interval(span.until - SECOND_MS, span.until)
    nodes = (("START", first), ("END", last))
    return {
        "action_ms": span.milliseconds if ended else None,
        "covered_ms": total(common([span], shown)),
        "missing_spans": told_spans(without([span], shown)),
        "nodes_recorded": tuple(name for name, node in nodes if not without([node], shown)),
    }


def _on_site(way: Way, deed: Deed) -> Facts:
    """What else must be seen: where it was, and the contents of the recordings that show it."""
    began = deed.span.since
    showing = [row for row, clip in zip(way.recordings, way.clips, strict=True) if common([deed.span], clip.shown)]
    landmarks = [
        clip.span.since - clip.drift
        for row, clip in zip(way.recordings, way.clips, strict=True)
        if row["purpose"] == "LANDMARK"
    ]
    positions = [
        *(way.when(row) for row in way.events if row["kind"] in ("ARRIVED", deed.what) and _has_position(row)),
        *(
            clip.span.since - clip.drift
            for row, clip in zip(way.recordings, way.clips, strict=True)
            if row["stage"] == Stage.SAMPLING and _has_position(row)
        ),
    ]
    return {
        "field_test": deed.what == "FIELD_TEST",
        "landmark_recorded": any(at <= began for at in landmarks),
        "position_recorded": any(at <= began for at in positions),
        "clips_shown": len(showing),
        "contents_shown": tuple(sorted({tag for row in showing for tag in row["tags"]})),
    }


def _has_position(row: Row) -> bool:
    return row["longitude"] is not None and row["latitude"] is not None


def purposes(way: Way, sample: str, stage: Stage) -> set[str]:
    """What recordings of a stage say that they show of a sample, or of the task as a whole."""
    labels = {row["label_id"] for row in way.labels.get(sample, ())}
    return {
        row["purpose"]
        for row, clip in zip(way.recordings, way.clips, strict=True)
        if clip.stage is stage
        and clip.shown
        and row["purpose"]
        and (not row["label_ids"] or labels & set(row["label_ids"]))
    }
