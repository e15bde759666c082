"""The stored rows of a push, put into the evidence log by a job after its commit, so that the push need not wait."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hengjian.platform.db import Caller, Database
from hengjian.platform.log.groups import append_batch, tables_of_batches
from hengjian.tenants.api import BY_KIND

LOG_ROWS = "ingestion.log_rows"


async def log_rows(database: Database, payload: Mapping[str, Any]) -> None:
    """Log the rows of the batch `batch_id` of `kind` that belong to `tenant_id`. Twice logs nothing twice."""
    tenant_id = UUID(payload["tenant_id"])
    table = tables_of_batches()[f"{BY_KIND[payload['kind']].table}_assertion"]
    async with database.write(Caller(kind="job", tenant_id=tenant_id, actor=LOG_ROWS)) as session:
        await append_batch(session, table, tenant_id=tenant_id, batch_id=UUID(payload["batch_id"]))
