"""What people in the field and at the laboratory's counter work through: tasks of some days, labels on their way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.ingestion.custody.label_life import LabelState
from hengjian.ingestion.custody.read_custody import labels_by_number, samples_by_ref, task_head
from hengjian.ingestion.custody.records import LabelRecord, SampleRecord, TaskLine
from hengjian.platform.db import ReadSession, sql

_TASKS = sql("""
    select t.*,
           (select count(distinct s.source_ref) from sample s
             where s.tenant_id = t.tenant_id and s.task_ref = t.source_ref) as samples,
           (select count(*) from field_event e where e.tenant_id = t.tenant_id and e.task_ref = t.source_ref) as events
      from monitoring_task t
     where t.tenant_id = :tenant and t.planned_on between :since and :until and not exists (
           select from monitoring_task n
            where n.tenant_id = t.tenant_id and n.source_ref = t.source_ref and n.valid_from > t.valid_from)
     order by t.planned_on desc, t.source_ref limit :limit
""")
_ON_THE_WAY = sql("""
    select label_id, max(happened_at) as last from label_event
     where tenant_id = :tenant and happened_at > :since
     group by label_id order by last desc limit :limit
""")
_KEY_STEPS = sql("""
    select sample_ref, key_step, happened_at from field_event
     where tenant_id = :tenant and sample_ref = any(:samples) and kind = 'KEY_STEP' and key_step is not null
""")
AT_THE_COUNTER = frozenset({LabelState.LABELLED, LabelState.HANDED_OVER, LabelState.RECEIVED, LabelState.OPENED})
MOST = 100


@dataclass(frozen=True, slots=True)
class AtTheCounter:
    """A labelled sample, what was planned of it, and when its key steps were done, by the devices' time."""

    label: LabelRecord
    sample: SampleRecord | None
    key_steps: Mapping[str, datetime]


async def tasks_between(session: ReadSession, tenant_id: UUID, *, since: date, until: date) -> tuple[TaskLine, ...]:
    """The tasks planned on these days, both included, the latest first; at most a hundred."""
    rows = await session.all(_TASKS, {"tenant": tenant_id, "since": since, "until": until, "limit": MOST})
    return tuple(TaskLine(head=task_head(row), samples=row.samples, field_events=row.events) for row in rows)


async def labels_at_the_counter(session: ReadSession, tenant_id: UUID, *, since: datetime) -> tuple[AtTheCounter, ...]:
    """Labelled samples that are to be received, opened or analysed, the latest first; four statements."""
    rows: Sequence[Row[Any]] = await session.all(_ON_THE_WAY, {"tenant": tenant_id, "since": since, "limit": MOST})
    labels = await labels_by_number(session, tenant_id, [row.label_id for row in rows])
    waiting = [label for label in labels if label.state in AT_THE_COUNTER]
    refs = [label.sample_ref for label in waiting if label.sample_ref]
    samples = {sample.source_ref: sample for sample in await samples_by_ref(session, tenant_id, refs)}
    steps: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for row in await session.all(_KEY_STEPS, {"tenant": tenant_id, "samples": refs}) if refs else ():
        steps[row.sample_ref][row.key_step] = row.happened_at
    return tuple(
        AtTheCounter(label, samples.get(label.sample_ref or ""), steps[label.sample_ref or ""]) for label in waiting
    )
