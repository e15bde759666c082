"""The engine lays veto items before people; it decides none of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import Session
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.credit_tables import veto
from hengjian.scoring.domain.credit_events import ENGINE
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.credit_vetoes import veto_proposals
from hengjian.scoring.notices import Told, give_notice


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


async def write_proposals(session: Session, rows: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Keep each proposal once, as a leaf of the evidence log too, and tell of it."""
    for row in rows:
        if await session.run(insert(veto).values(row).on_conflict_do_nothing()):
            await append_row(session, veto, row)
            told = Told(row["tenant_id"], row["region"], str(row["id"]))
            await give_notice(session, told, "veto_proposed", side="bureau", due_on=None, now=now, once=str(row["id"]))
            told_of = {"tenant_id": str(row["tenant_id"]), "event": "veto", "id": str(row["id"])}
            await emit(session, "credit.proposed", told_of)
