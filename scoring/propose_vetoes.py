"""The engine lays veto items before people; it decides none of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hengjian.platform.db import Session
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.scoring.bulk_rows import insert_rows
from hengjian.scoring.credit_tables import veto
from hengjian.scoring.domain.credit_events import ENGINE
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.credit_vetoes import veto_proposals


def proposed_vetoes(
    tenant_id: UUID, record: CreditRecord, model: CreditModel, *, now: datetime
) -> list[dict[str, Any]]:
    """A row for each proposal that the record gives rise to."""
    return [
        {
            "tenant_id": tenant_id,
            "region": proposal.region,
            "id": uuid7(),
            "item": proposal.item.id,
            "ground": "",
            "rests_on": list(proposal.rests_on),
            "proposed_at": now,
            "proposed_by": ENGINE,
            "dedupe": ":".join((proposal.item.id, *proposal.rests_on)),
        }
        for proposal in veto_proposals(record, model)
    ]


async def write_proposals(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep each proposal once and tell of it."""
    await insert_rows(session, veto, rows, on_conflict="on conflict do nothing")
    for row in rows:
        told = {"tenant_id": str(row["tenant_id"]), "event": "veto", "id": str(row["id"])}
        await emit(session, "credit.proposed", told)
