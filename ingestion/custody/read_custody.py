"""Reading labels, samples and tasks: what was told, by the organization that told it; set by set, never row by row."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row

from hengjian.ingestion.custody.label_life import LabelEvent, told
from hengjian.ingestion.custody.label_numbers import label_holder
from hengjian.ingestion.custody.records import (
    FieldEventRecord,
    LabelEventRecord,
    LabelRecord,
    SampleRecord,
    TaskHead,
    TaskLine,
    TaskRecord,
)
from hengjian.platform.db import ReadSession, sql
from hengjian.tenants.api import FieldEventKind, LabelEventKind, SealState, TaskOrigin

_EVENTS = sql("""
    select * from label_event where tenant_id = :tenant and label_id = any(:labels)
    order by label_id, happened_at, recorded_at, row_index
""")
_ISSUED = sql("select * from seal_label where tenant_id = :tenant and label_id = any(:labels)")
_PAGE = sql("""
    select label_id, count(*) over () as total from seal_label
    where tenant_id = :tenant and (cast(:issue as uuid) is null or issue_id = :issue)
      and (:text = '' or starts_with(label_id, :text))
    order by issued_at desc, label_id limit :limit offset :offset
""")
_TASKS = sql("""
    select t.*, count(*) over () as total,
           (select count(*) from sample s where s.tenant_id = t.tenant_id and s.task_ref = t.source_ref) as samples,
           (select count(*) from field_event e where e.tenant_id = t.tenant_id and e.task_ref = t.source_ref) as events
      from monitoring_task t
     where t.tenant_id = :tenant and not exists (
           select from monitoring_task n
            where n.tenant_id = t.tenant_id and n.source_ref = t.source_ref and n.valid_from > t.valid_from)
       and (:text = '' or position(:text in t.client) > 0 or position(:text in t.point_name) > 0
            or starts_with(t.source_ref, :text))
     order by t.planned_on desc, t.source_ref limit :limit offset :offset
""")
_TASK = sql("""
    select * from monitoring_task where tenant_id = :tenant and source_ref = :task order by valid_from desc limit 1
""")
_SAMPLES = sql("""
    select distinct on (source_ref) * from sample where tenant_id = :tenant and task_ref = :task
    order by source_ref, valid_from desc
""")
_SAMPLES_BY_REF = sql("""
    select distinct on (source_ref) * from sample where tenant_id = :tenant and source_ref = any(:refs)
    order by source_ref, valid_from desc
""")
_LABELS_OF_SAMPLES = sql("""
    select distinct label_id, sample_ref from label_event where tenant_id = :tenant and sample_ref = any(:samples)
""")
_TASK_OF = sql("""
    select task_ref from sample where tenant_id = :tenant and source_ref = :sample order by valid_from desc limit 1
""")
_FIELD_EVENTS = sql("""
    select * from field_event where tenant_id = :tenant and task_ref = :task order by happened_at, recorded_at, row_index
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFilter:
    """Which labels of an organization: those of one issue, those whose number begins with a text."""

    issue_id: UUID | None = None
    text: str = ""


async def label_life_of(session: ReadSession, label_id: str, *, tenant_id: UUID | None = None) -> LabelRecord | None:
    """A label with its life, None when the caller sees none.

    Without `tenant_id` it is looked for at the organization to which it was issued.
    """
    holder = tenant_id or await label_holder(session, label_id)
    if holder is None:
        return None
    found = await labels_by_number(session, holder, [label_id])
    return next(iter(found), None)


async def labels_by_number(session: ReadSession, tenant_id: UUID, numbers: Collection[str]) -> tuple[LabelRecord, ...]:
    """Labels of an organization by their numbers, those of which nothing is known left out; two statements."""
    wanted = {"tenant": tenant_id, "labels": list(numbers)}
    issued = {row.label_id: row for row in await session.all(_ISSUED, wanted)}
    events: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in await session.all(_EVENTS, wanted):
        events[row.label_id].append(row)
    known = issued.keys() | events.keys()
    return tuple(
        _label(tenant_id, number, issued.get(number), events[number])
        for number in dict.fromkeys(numbers)
        if number in known
    )


async def labels_of(
    session: ReadSession, tenant_id: UUID, wanted: LabelFilter, *, limit: int, offset: int = 0
) -> tuple[tuple[LabelRecord, ...], int]:
    """Labels issued to an organization, the newest first, and how many there are in all."""
    values = {"tenant": tenant_id, "issue": wanted.issue_id, "text": wanted.text, "limit": limit, "offset": offset}
    rows = await session.all(_PAGE, values)
    found = await labels_by_number(session, tenant_id, [row.label_id for row in rows])
    return found, rows[0].total if rows else 0


async def tasks_of(
    session: ReadSession, tenant_id: UUID, *, text: str = "", limit: int, offset: int = 0
) -> tuple[tuple[TaskLine, ...], int]:
    """Tasks of an organization, those planned last first, and how many there are; `text` in client, point or number."""
    rows = await session.all(_TASKS, {"tenant": tenant_id, "text": text, "limit": limit, "offset": offset})
    lines = tuple(TaskLine(head=task_head(row), samples=row.samples, field_events=row.events) for row in rows)
    return lines, rows[0].total if rows else 0


async def task_of_sample(session: ReadSession, tenant_id: UUID, sample_ref: str) -> str | None:
    """The reference of the task that a sample belongs to; None while the sample is unknown."""
    found: str | None = await session.scalar(_TASK_OF, {"tenant": tenant_id, "sample": sample_ref})
    return found


async def task_with_samples(session: ReadSession, tenant_id: UUID, task_ref: str) -> TaskRecord | None:
    """A task with its samples, their labels with every event, and its field events; None when there is none."""
    wanted = {"tenant": tenant_id, "task": task_ref}
    task = await session.first(_TASK, wanted)
    if task is None:
        return None
    rows = await session.all(_SAMPLES, wanted)
    links = await session.all(_LABELS_OF_SAMPLES, {"tenant": tenant_id, "samples": [row.source_ref for row in rows]})
    labels = await labels_by_number(session, tenant_id, sorted({link.label_id for link in links}))
    by_sample: defaultdict[str, list[LabelRecord]] = defaultdict(list)
    for label in labels:
        for ref in {link.sample_ref for link in links if link.label_id == label.label_id}:
            by_sample[ref].append(label)
    samples = tuple(replace(_sample(row), labels=tuple(by_sample[row.source_ref])) for row in rows)
    events = await session.all(_FIELD_EVENTS, wanted)
    return TaskRecord(head=task_head(task), samples=samples, field_events=tuple(_field_event(row) for row in events))


async def samples_by_ref(session: ReadSession, tenant_id: UUID, refs: Collection[str]) -> tuple[SampleRecord, ...]:
    """Samples as planned, by their references; without their labels."""
    rows = await session.all(_SAMPLES_BY_REF, {"tenant": tenant_id, "refs": list(refs)}) if refs else ()
    return tuple(_sample(row) for row in rows)


Record = TypeVar("Record")


def _filled(record: type[Record], row: Row[Any], **more: Any) -> Record:
    """A record from the columns of its names; lists become tuples."""
    names = [field.name for field in fields(record) if field.name in row._mapping]  # type: ignore[arg-type]  # noqa: SLF001  # a dataclass; SQLAlchemy's own public name
    values = {name: _plain(row._mapping[name]) for name in names}  # noqa: SLF001  # as above
    return record(**values | more)


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _label(tenant_id: UUID, number: str, issued: Row[Any] | None, rows: Sequence[Row[Any]]) -> LabelRecord:
    events = [_label_event(row) for row in rows]
    life = told(LabelEvent(kind=one.kind, happened_at=one.happened_at, seal=one.seal_state) for one in events)
    misfits = {place: tuple(misfit for at, misfit in life.misfits if at == place) for place, _ in life.misfits}
    return LabelRecord(
        tenant_id=tenant_id,
        label_id=number,
        issue_id=issued.issue_id if issued else None,
        issued_at=issued.issued_at if issued else None,
        issuer=issued.issuer if issued else "",
        life=life,
        events=tuple(replace(one, misfits=misfits.get(place, ())) for place, one in enumerate(events)),
    )


def _label_event(row: Row[Any]) -> LabelEventRecord:
    seal = SealState(row.seal_state) if row.seal_state else None
    return _filled(LabelEventRecord, row, kind=LabelEventKind(row.kind), seal_state=seal)


def _field_event(row: Row[Any]) -> FieldEventRecord:
    return _filled(FieldEventRecord, row, kind=FieldEventKind(row.kind))


def _sample(row: Row[Any]) -> SampleRecord:
    return _filled(SampleRecord, row)


def task_head(row: Row[Any]) -> TaskHead:
    """A task as planned, from its row of the register."""
    return _filled(TaskHead, row, origin=TaskOrigin(row.origin))
