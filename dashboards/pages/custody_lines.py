"""Events of labels and tasks as lines of a timeline, and labels as lines of a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from hengjian.dashboards.custody_words import (
    FAULTS,
    FIELD_EVENTS,
    KEY_STEPS,
    LABEL_EVENTS,
    LABEL_STATES,
    MISFITS,
    PRESERVATIONS,
    SEALS,
)
from hengjian.dashboards.formats import moment
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.custody_record import LabelLine, TimelineLine
from hengjian.dashboards.pages.profile import Look
from hengjian.ingestion.api import (
    EntryFault,
    FieldEventRecord,
    LabelEventRecord,
    LabelRecord,
    LabelState,
    allowed_events,
)
from hengjian.platform.distance import Position, metres_between
from hengjian.tenants.api import LabelEventKind

_LOOKS = {LabelState.REFUSED: "wait", LabelState.VOID: "wait", LabelState.ANALYSED: "done", LabelState.RECEIVED: "done"}
Faults = Mapping[str, Sequence[EntryFault]]


def label_href(look: Look, label_id: str) -> str:
    """The page of a label."""
    return f"{look.base}/labels/{label_id}"


def task_href(look: Look, task_ref: str) -> str:
    """The page of a task; its reference may hold anything."""
    return f"{look.base}/task?ref={quote(task_ref, safe='')}"


def label_line(look: Look, label: LabelRecord) -> LabelLine:
    """A label in a list."""
    return LabelLine(
        label_id=label.label_id,
        href=label_href(look, label.label_id),
        state=LABEL_STATES[label.state],
        look=_LOOKS.get(label.state, "run"),
        prints=label.life.prints,
        sample=label.sample_ref or "",
        changed_at=label.changed_at,
        troubles=len(label.life.misfits),
        printable=bool({LabelEventKind.PRINTED, LabelEventKind.REPRINTED} & set(allowed_events(label.state))),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the events of a task: what speaks against them, where the point is, and people by name."""

    faults: Faults
    site: Position | None
    names: Mapping[str, str]

    def people(self, refs: Iterable[str | None], between: str) -> str:
        """People by name, else by their reference."""
        return between.join(self.names.get(ref, ref) for ref in refs if ref)


def label_event_line(look: Look, words: Words, event: LabelEventRecord, beside: Beside) -> TimelineLine:
    """One event of a label."""
    return TimelineLine(
        what=LABEL_EVENTS[event.kind],
        more="",
        label_id=event.label_id,
        label_href=label_href(look, event.label_id),
        sample=event.sample_ref or "",
        person=beside.people((event.person_ref, event.counterpart_ref), " → "),
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        place=_place(event.position, beside.site),
        said=tuple(_said(words, event)),
        troubles=(
            *(FAULTS[fault] for fault in beside.faults.get(event.source_ref, ())),
            *(MISFITS[misfit] for misfit in event.misfits),
        ),
        receipt_href=look.receipt_href(event.batch_id),
    )


def _place(position: Position | None, site: Position | None) -> str:
    return f"{metres_between(position, site):,} m" if position and site else ""


def _said(words: Words, event: LabelEventRecord) -> list[tuple[str, str]]:
    pairs = [
        (mark("采样时间"), moment(event.sampled_at) if event.sampled_at else ""),
        (mark("样品性状"), event.character),
        (mark("固定剂"), event.fixative),
        (mark("封口材料"), event.seal_material),
        (mark("封口和标识码"), words(SEALS[event.seal_state]) if event.seal_state else ""),
        (mark("时效符合"), _yes(words, value=event.timely)),
        (mark("保存条件符合"), _yes(words, value=event.preserved)),
        (mark("打印设备"), event.printer_ref),
        (mark("照片 SHA-256"), event.photo_sha256[:12] + "…" if event.photo_sha256 else ""),
        (mark("原因"), event.reason),
    ]
    return [(name, text) for name, text in pairs if text]


def _yes(words: Words, *, value: bool | None) -> str:
    return "" if value is None else words(mark("是")) if value else words(mark("否"))


def field_event_line(look: Look, words: Words, event: FieldEventRecord, beside: Beside) -> TimelineLine:
    """One event of a task."""
    more = PRESERVATIONS.get(event.preservation or "") or KEY_STEPS.get(event.key_step or "") or ""
    ended = ((mark("结束时间"), moment(event.ended_at)),) if event.ended_at else ()
    note = ((mark("备注"), event.note),) if event.note else ()
    return TimelineLine(
        what=FIELD_EVENTS[event.kind],
        more=more,
        label_id="",
        label_href="",
        sample=event.sample_ref or "",
        person=beside.people(event.person_refs, words("、")),
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        place=_place(event.position, beside.site),
        said=ended + note,
        troubles=(),
        receipt_href=look.receipt_href(event.batch_id),
    )
