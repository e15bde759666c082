"""Who did what, for which organization, from where, with what outcome: written once, never changed.

Every application role may insert here and do nothing else, so the application can neither rewrite nor read its own
trail. The table is local: one order of events for the whole deployment.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.db.tables import INSTANT, REGION, local_table, required
from hengjian.platform.ids import uuid7

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


_COLUMNS = "id, actor, actor_kind, tenant_id, region, source, request_id, action, target, outcome, detail"
_INSERT = f"insert into audit ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)"


async def record(
    session: Session,
    action: str,
    *,
    target: str = "",
    outcome: Outcome = "ok",
    tenant_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one row inside the caller's transaction: the deed and its trace stand or fall together.

    Args:
        session: whose caller is the actor.
        action: what was done, `push.people`, `login`, `report.download`, `export.csv`, `key.issue`.
        target: the id of what it was done to; never a name or a secret.
        outcome: how it ended.
        tenant_id: the organization concerned, when it isn't the caller's own.
        detail: counts, codes and ids; neither secrets nor personal data.
    """
    row = _row(session.caller, action, target=target, outcome=outcome, tenant_id=tenant_id, detail=detail)
    await session.fetch_raw(_INSERT, *row)


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
) -> tuple[object, ...]:
    """The values of `_INSERT`, in its order."""
    return (
        uuid7(),
        caller.actor,
        caller.kind,
        tenant_id or caller.tenant_id,
        caller.region,
        caller.source,
        caller.request_id,
        action,
        target,
        outcome,
        json.dumps(dict(detail or {})),
    )
