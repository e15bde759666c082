"""Who did what, for which organization, from where, with what outcome: written once, never changed.

Every application role may insert here and do nothing else, so the application can neither rewrite nor read its own
trail. The table is local: one order of events for the whole deployment. Every row is a leaf of the evidence log too.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.db.tables import INSTANT, REGION, local_table, required
from hengjian.platform.ids import uuid7
from hengjian.platform.log.append import COLUMNS, FROM_ARRAYS, Leaf, as_arrays, leaf_of_row
from hengjian.platform.log.tables import evidence

Outcome = Literal["ok", "refused", "failed"]

audit = local_table(
    "audit",
    Column("id", Uuid, primary_key=True),
    required("at", INSTANT, server_default=text("now()")),
    required("actor", Text),
    required("actor_kind", Text),
    Column("tenant_id", Uuid),
    Column("region", REGION),
    required("source", Text),
    required("request_id", Text),
    required("action", Text),
    required("target", Text),
    required("outcome", Text),
    required("detail", JSONB),
    CheckConstraint("outcome in ('ok', 'refused', 'failed')", name="outcome"),
    Index("ix_audit_tenant_id_at", "tenant_id", "at"),
)


evidence("audit", audit)

# Trail and leaves in one statement: a push pays one round trip for both.
_ARRAYS = FROM_ARRAYS.format(*(f"${number}" for number in range(13, 20)))
INSERT = f"""
with leaves as (insert into log_queue ({COLUMNS}) {_ARRAYS})
insert into audit (id, at, actor, actor_kind, tenant_id, region, source, request_id, action, target, outcome, detail)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb)"""


async def record(
    session: Session,
    action: str,
    *,
    target: str = "",
    outcome: Outcome = "ok",
    tenant_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    leaves: Sequence[Leaf] = (),
) -> None:
    """Write one row inside the caller's transaction: the deed and its trace stand or fall together.

    Args:
        session: whose caller is the actor.
        action: what was done, `push.people`, `login`, `report.download`, `export.csv`, `key.issue`.
        target: the id of what it was done to; never a name or a secret.
        outcome: how it ended.
        tenant_id: the organization concerned, when it isn't the caller's own.
        detail: counts, codes and ids; neither secrets, personal data nor binary floats.
        leaves: leaves of the deed itself, queued with the row's own.
    """
    row = _row(session.caller, action, target=target, outcome=outcome, tenant_id=tenant_id, detail=detail)
    await session.fetch_raw(INSERT, *values_of(row, leaves))


async def record_refusal(
    database: Database,
    caller: Caller,
    action: str,
    *,
    target: str = "",
    tenant_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a refusal in a transaction of its own, so it stays when the refused work is rolled back."""
    async with database.write(caller) as session:
        await record(session, action, target=target, outcome="refused", tenant_id=tenant_id, detail=detail)


def _row(
    caller: Caller,
    action: str,
    *,
    target: str,
    outcome: Outcome,
    tenant_id: UUID | None,
    detail: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """A row of the trail, column by column in the order of `INSERT`."""
    return {
        "id": uuid7(),
        "at": datetime.now(UTC),
        "actor": caller.actor,
        "actor_kind": caller.kind,
        "tenant_id": tenant_id or caller.tenant_id,
        "region": caller.region,
        "source": caller.source,
        "request_id": caller.request_id,
        "action": action,
        "target": target,
        "outcome": outcome,
        "detail": dict(detail or {}),
    }


def values_of(row: Mapping[str, Any], leaves: Sequence[Leaf]) -> tuple[object, ...]:
    """The values of `INSERT`: the row, then its leaf and those of the deed."""
    own = leaf_of_row(audit, row)
    return (*(json.dumps(row[name]) if name == "detail" else row[name] for name in row), *as_arrays([own, *leaves]))
