"""How much of each task its recordings do not show, kept where that changes, so that a list need not work it out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from hengjian.platform.db import ReadSession, Session

COVERING_REGISTERS = frozenset({"monitoringTasks", "samples", "fieldEvents", "labelEvents"})
"""The registers whose rows tell what must be seen of a task."""
_OF_RECORDING = """
    select r.task_ref as ref from recording r where r.tenant_id = $1 and r.id = $2 and r.task_ref is not null
    union select s.task_ref from recording r
      join label_event e on e.tenant_id = r.tenant_id and e.label_id = any(r.label_ids)
      join sample s on s.tenant_id = e.tenant_id and s.source_ref = e.sample_ref
     where r.tenant_id = $1 and r.id = $2 order by 1
"""
_OF_BATCH = """
    select ref from (
      select source_ref as ref from monitoring_task where tenant_id = $1 and batch_id = $2
      union select task_ref from sample where tenant_id = $1 and batch_id = $2
      union select task_ref from field_event where tenant_id = $1 and batch_id = $2
      union select s.task_ref from label_event e
              join sample s on s.tenant_id = e.tenant_id and s.source_ref = e.sample_ref
             where e.tenant_id = $1 and e.batch_id = $2) touched
     where exists (select from recording r where r.tenant_id = $1 and r.task_ref = touched.ref) order by 1
"""
_KEEP = """
    insert into task_missing (tenant_id, region, task_ref, missing_ms, at)
    select $1, t.region, t.source_ref, told.ms, $4 from unnest($2::text[], $3::bigint[]) as told (ref, ms)
      join (select distinct on (source_ref) source_ref, region from monitoring_task
             where tenant_id = $1 and source_ref = any($2) order by source_ref, valid_from desc) t on t.source_ref = told.ref
    on conflict (tenant_id, task_ref) do update set missing_ms = excluded.missing_ms, at = excluded.at
     where task_missing.missing_ms <> excluded.missing_ms
"""


async def tasks_of_recording(session: ReadSession, tenant_id: UUID, recording_id: UUID) -> tuple[str, ...]:
    """The tasks that a recording shows: the one it names, and those of its labels."""
    return tuple(row["ref"] for row in await session.fetch_raw(_OF_RECORDING, tenant_id, recording_id))


async def recorded_tasks_of_batch(session: ReadSession, tenant_id: UUID, batch_id: UUID) -> tuple[str, ...]:
    """The tasks with recordings of which a push told something."""
    return tuple(row["ref"] for row in await session.fetch_raw(_OF_BATCH, tenant_id, batch_id))


async def keep_missing(session: Session, tenant_id: UUID, missing: Mapping[str, int]) -> None:
    """Write down by task how many milliseconds that must be seen are not; only what changed is written."""
    refs = sorted(missing)
    await session.fetch_raw(_KEEP, tenant_id, refs, [missing[ref] for ref in refs], datetime.now(UTC))
