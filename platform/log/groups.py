"""Rows that come by the thousand share a leaf: all rows of one batch in one table, each with a short mark of its own.

The digest covers every row whole. The marks (four bytes a row, salted) only help to name the row that was changed.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select

from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.db.tables import metadata
from hengjian.platform.log.append import Entry, append_leaf_with_salt, new_salt, record_of
from hengjian.platform.proof.records import canonical, record_digest

BATCH_ROWS = "batch.rows"
MARK_BYTES = 4
_KNOWN = sql("""
    select 1 from log_leaf where kind = :kind and record_id = :id and tenant_id = :tenant
    union all select 1 from log_queue where kind = :kind and record_id = :id and tenant_id = :tenant limit 1
""")


def evidence_rows(table: Table) -> Table:
    """Mark an append-only table whose rows are logged batch by batch; key `tenant_id, batch_id, row_index`."""
    table.info["evidence_rows"] = True
    return table


def tables_of_batches() -> dict[str, Table]:
    """The marked tables by name; those of the contexts that are loaded."""
    return {table.name: table for table in metadata.tables.values() if table.info.get("evidence_rows")}


async def append_batch(session: Session, table: Table, *, tenant_id: UUID, batch_id: UUID) -> bool:
    """Put the stored rows of a batch into the log; whether they were not there yet. Twice is harmless."""
    asked = {"kind": BATCH_ROWS, "id": str(batch_id), "tenant": tenant_id}
    if await session.scalar(_KNOWN, asked) is not None:
        return False
    rows = await rows_of_batch(session, table, tenant_id=tenant_id, batch_id=batch_id)
    if not rows:
        return False
    salt = new_salt()
    facts = {"table": table.name, "rows": len(rows), "marks": marks_text(salt, rows)}
    record = record_of_batch(table, rows)
    entry = Entry(kind=BATCH_ROWS, id=batch_id, record=record, tenant_id=tenant_id, region=rows[0].region, facts=facts)
    await append_leaf_with_salt(session, entry, salt)
    return True


async def rows_of_batch(session: ReadSession, table: Table, *, tenant_id: UUID, batch_id: UUID) -> Sequence[Row[Any]]:
    """The rows of a batch in the order in which they were sent."""
    wanted = select(table).where(table.c.tenant_id == tenant_id, table.c.batch_id == batch_id)
    return await session.all(wanted.order_by(table.c.row_index))


def record_of_batch(table: Table, rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """What the digest covers."""
    return {"table": table.name, "rows": [_values(row) for row in rows]}


def digest_of_batch(salt: bytes, table: Table, rows: Sequence[Row[Any]]) -> str:
    """What the leaf must say."""
    return record_digest(salt, record_of_batch(table, rows))


def marks_of(salt: bytes, rows: Sequence[Row[Any]]) -> list[bytes]:
    """The mark of each row."""
    return [hashlib.sha256(salt + canonical(_values(row))).digest()[:MARK_BYTES] for row in rows]


def marks_text(salt: bytes, rows: Sequence[Row[Any]]) -> str:
    """All marks as a leaf writes them."""
    return base64.b64encode(b"".join(marks_of(salt, rows))).decode()


def named_changes(salt: bytes, marks: str, rows: Sequence[Row[Any]]) -> tuple[list[int], int]:
    """The indexes of rows that were not there as they are now, and how many of those that were are gone."""
    raw = base64.b64decode(marks)
    stored = [raw[i : i + MARK_BYTES] for i in range(0, len(raw), MARK_BYTES)]
    now = marks_of(salt, rows)
    known = set(stored)
    changed = [row.row_index for row, mark in zip(rows, now, strict=True) if mark not in known]
    return changed, max(0, len(stored) - len(rows))


def _values(row: Row[Any]) -> dict[str, Any]:
    return record_of(dict(row._mapping))  # noqa: SLF001  # SQLAlchemy's documented name
