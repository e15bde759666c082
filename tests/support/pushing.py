"""Rows pushed by an organization, without the API around."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec

from hengjian.ingestion.api import Push, PushRules, push_rows
from hengjian.platform.db import Caller, Database
from hengjian.tenants.api import BY_KIND, Sealer, load_regions

RULES = PushRules(sealer=Sealer(b"k" * 32), regions=load_regions().codes())


async def push_straight(database: Database, tenant_id: UUID, kind: str, rows: Sequence[Mapping[str, Any]]) -> UUID:
    """Push sound rows of one kind for a contractor at home in 650102; all of them are accepted; the receipt's id."""
    register = BY_KIND[kind]
    batch = {"idempotencyKey": str(uuid4()), "rows": list(rows)}
    shape: Any = Push[register.row]  # type: ignore[name-defined]  # the row's type is a value here
    push = msgspec.convert(batch, shape, strict=False)
    caller = Caller(kind="member", tenant_id=tenant_id, region="650102", actor="test")
    answer = await push_rows(database, caller, register, push, rules=RULES, bounds_known=False)
    assert answer.receipt is not None, answer
    assert answer.receipt.accepted == len(rows), answer
    return answer.receipt.id
