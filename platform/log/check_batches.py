"""The check of rows that are logged batch by batch: every batch to its leaf and back, each changed row by its place."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.platform.log.groups import BATCH_ROWS, digest_of_batch, named_changes, rows_of_batch, tables_of_batches
from hengjian.platform.log.troubles import CheckReport, TroubleKind


async def check_batch(session: ReadSession, report: CheckReport, leaf: Row[Any]) -> bool:
    """Compare the rows of one leaf's batch; whether there still are any."""
    said = json.loads(leaf.body)
    table = tables_of_batches()[said["facts"]["table"]]
    salt = bytes(leaf.salt)
    rows = await rows_of_batch(session, table, tenant_id=leaf.tenant_id, batch_id=UUID(leaf.record_id))
    report.rows += len(rows)
    if not rows or digest_of_batch(salt, table, rows) == said["digest"]:
        return bool(rows)
    where = f"{table.name} of batch {leaf.record_id}"
    changed, missing = named_changes(salt, said["facts"]["marks"], rows)
    for index in changed:
        report.found(TroubleKind.ROW_CHANGED, f"{where}, row {index} (leaf {leaf.number})")
    if missing or not changed:
        of = said["facts"]["rows"]
        report.found(TroubleKind.ROW_MISSING, f"{where}, {missing} of {of} rows (leaf {leaf.number})")
    return True


async def batches_without_leaf(session: ReadSession, report: CheckReport, *, is_older: Callable[[UUID], bool]) -> None:
    """Batches that nobody logged; those of the last hour may still be waiting for their job."""
    for name in sorted(tables_of_batches()):
        rows = await session.all(
            sql(f"""
                select distinct t.tenant_id, t.batch_id from {name} t where t.recorded_at < now() - interval '1 hour'
                   and not exists (select from log_leaf l where l.record_id = t.batch_id::text and l.kind = :kind
                                      and l.tenant_id = t.tenant_id)
                   and not exists (select from log_queue q where q.record_id = t.batch_id::text and q.kind = :kind
                                      and q.tenant_id = t.tenant_id)
            """),
            {"kind": BATCH_ROWS},
        )
        for row in rows:
            if is_older(row.batch_id):
                report.before_the_log += 1
            else:
                report.found(TroubleKind.ROW_WITHOUT_LEAF, f"{name} of batch {row.batch_id}")
