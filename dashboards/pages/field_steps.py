"""The steps of a task and of a sample, in the order in which the day goes (温环发〔2023〕5号 附件1 第四至八条, 附件2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hengjian.dashboards.custody_words import KEY_STEPS, PRESERVATIONS
from hengjian.dashboards.formats import number
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.field_record import SampleSteps, Step
from hengjian.ingestion.api import AtTheCounter, LabelRecord, LabelState, SampleRecord, TaskRecord
from hengjian.tenants.api import FieldEventKind, LabelEventKind, TaskOrigin

_LABELS, _FIELD = "labelEvents", "fieldEvents"
_F, _L = FieldEventKind, LabelEventKind
Done = Mapping[tuple[str, str, str], datetime]


def steps_before(task: TaskRecord) -> tuple[Step, ...]:
    """What comes before the samples: equipment, arrival, sampling or test."""
    head, done = task.head, _field_done(task)
    steps = []
    if head.equipment_used:
        steps.append(_of_task(task, done, _F.EQUIPMENT_ISSUED, mark("领用设备"), form="plain"))
    if head.origin is not TaskOrigin.DELIVERED:
        steps.append(_of_task(task, done, _F.ARRIVED, mark("到达现场"), form="arrive"))
    if head.origin is TaskOrigin.SAMPLED:
        steps.append(_of_task(task, done, _F.SAMPLING, mark("采样"), form="lasting"))
    if head.origin is TaskOrigin.FIELD_TEST:
        steps.append(_of_task(task, done, _F.FIELD_TEST, mark("现场检测"), form="lasting"))
    return tuple(steps)


def steps_after(task: TaskRecord) -> tuple[Step, ...]:
    """What comes after the samples: carried to the laboratory, handed over there, and the equipment goes back."""
    done, steps = _field_done(task), []
    brought = [sample for sample in task.samples if sample.brought_back]
    if task.head.origin is TaskOrigin.SAMPLED and brought:
        carried = _of_task(task, done, _F.TRANSPORTED, mark("运输样品"), form="lasting")
        steps.append(replace(carried, on_site=False))
    for sample in brought:
        label = sample.labels[-1] if sample.labels else None
        of_sample = _of_sample(sample, label)
        steps.append(_label_step(of_sample, _label_done(label), _L.HANDED_OVER, mark("交出样品"), form="hand"))
    if task.head.equipment_used:
        steps.append(_of_task(task, done, _F.EQUIPMENT_RETURNED, mark("归还设备"), form="plain"))
    return tuple(steps)


def sample_steps(task: TaskRecord, sample: SampleRecord, words: Words) -> SampleSteps:
    """The steps of one sample until it is carried away."""
    label = sample.labels[-1] if sample.labels else None
    done, fields = _label_done(label), _field_done(task)
    common = _of_sample(sample, label)
    steps = [
        _label_step(common, done, _L.PRINTED, mark("打印标识码"), form="print"),
        _label_step(common, done, _L.SEALED, mark("样品封口"), form="seal", on_site=True),
        _label_step(common, done, _L.LABELLED, mark("张贴标识码"), form="label", on_site=True),
        *(
            replace(
                common,
                key=f"PRESERVED {sample.source_ref} {code}",
                title=mark("保存措施"),
                detail=PRESERVATIONS[code],
                form="plain",
                kind=_FIELD,
                event=_F.PRESERVED,
                code=code,
                done_at=fields.get((_F.PRESERVED, sample.source_ref, code)),
            )
            for code in sample.preservation
        ),
    ]
    return _group(sample, label, tuple(steps), words)


def counter_steps(waiting: AtTheCounter, words: Words) -> SampleSteps:
    """The steps of one sample at the laboratory: check, open, key steps, analysed."""
    label, sample = waiting.label, waiting.sample
    done, common = _label_done(label), _of_sample(sample, label)
    ref = common.sample_ref
    steps = [
        _label_step(common, done, _L.RECEIVED, mark("核查并接收"), form="check"),
        _label_step(common, done, _L.OPENED, mark("再次核查并拆封"), form="open"),
        *(
            replace(
                common,
                key=f"KEY_STEP {ref} {code}",
                title=mark("分析关键环节"),
                detail=KEY_STEPS[code],
                form="lasting",
                kind=_FIELD,
                event=_F.KEY_STEP,
                code=code,
                done_at=waiting.key_steps.get(code),
            )
            for code in (sample.key_steps if sample and sample.task_ref else ())
            if code != "OPEN"
        ),
        _label_step(common, done, _L.ANALYSED, mark("分析完成"), form="analysed"),
    ]
    return _group(sample, label, tuple(steps), words)


def _group(sample: SampleRecord | None, label: LabelRecord | None, steps: Sequence[Step], words: Words) -> SampleSteps:
    return SampleSteps(
        sample_ref=sample.source_ref if sample else (label.sample_ref or "" if label else ""),
        label_id=label.label_id if label else "",
        items=words("、").join(sample.items) if sample else "",
        container=sample.container or "" if sample else "",
        holding_hours=_hours(sample.holding_minutes) if sample else "",
        steps=tuple(steps),
        refused=label is not None and label.state is LabelState.REFUSED,
    )


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else number(Decimal(minutes) / 60)


def _of_task(task: TaskRecord, done: Done, event: FieldEventKind, title: str, *, form: str) -> Step:
    return Step(
        key=f"{event} {task.head.source_ref}",
        title=title,
        form=form,
        kind=_FIELD,
        event=event,
        task_ref=task.head.source_ref,
        done_at=done.get((event, "", "")),
        on_site=form != "plain",
    )


def _of_sample(sample: SampleRecord | None, label: LabelRecord | None) -> Step:
    """What all steps of a sample share."""
    return Step(
        key="",
        title="",
        form="",
        kind=_LABELS,
        event="",
        task_ref=sample.task_ref if sample else "",
        sample_ref=sample.source_ref if sample else (label.sample_ref or "" if label else ""),
        label_id=label.label_id if label else "",
    )


def _label_step(
    common: Step, done: Mapping[str, datetime], event: LabelEventKind, title: str, *, form: str, on_site: bool = False
) -> Step:
    key = f"{event} {common.sample_ref or common.label_id}"
    return replace(common, key=key, title=title, form=form, event=event, done_at=done.get(event), on_site=on_site)


def _label_done(label: LabelRecord | None) -> Mapping[str, datetime]:
    return {event.kind: event.happened_at for event in label.events} if label else {}


def _field_done(task: TaskRecord) -> Done:
    return {
        (event.kind, event.sample_ref or "", event.preservation or event.key_step or ""): event.happened_at
        for event in task.field_events
    }
