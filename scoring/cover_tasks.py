"""After a recording or an event of a task arrived: how much of the task is not recorded now."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hengjian.ingestion.api import keep_missing, recorded_tasks_of_batch, tasks_of_recording, total
from hengjian.platform.db import Caller, Database
from hengjian.scoring.evidence.read_coverage import read_coverage

COVER_TASKS = "scoring.cover_tasks"
"""Job: work out anew what is missing of the tasks that a recording or a push touches."""


async def cover_tasks(database: Database, payload: Mapping[str, Any]) -> None:
    """For `recording_id` or `batch_id` of `tenant_id`; twice, also at once, is harmless."""
    tenant_id = UUID(payload["tenant_id"])
    async with database.write(Caller(kind="job", tenant_id=tenant_id, actor=COVER_TASKS)) as session:
        if "recording_id" in payload:
            refs = await tasks_of_recording(session, tenant_id, UUID(payload["recording_id"]))
        else:
            refs = await recorded_tasks_of_batch(session, tenant_id, UUID(payload["batch_id"]))
        found = {ref: await read_coverage(session, tenant_id, ref) for ref in refs}
        missing = {ref: total(one.missing) for ref, one in found.items() if one is not None and one.plan is not None}
        if missing:
            await keep_missing(session, tenant_id, missing)
