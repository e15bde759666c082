"""The engine lays veto items before people; it decides none of them."""

from datetime import datetime
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


async def propose_vetoes(
    session: Session, tenant_id: UUID, record: CreditRecord, model: CreditModel, *, now: datetime
) -> int:
    """Keep each proposal that the record gives rise to, once; how many there are."""
    proposals = veto_proposals(record, model)
    for proposal in proposals:
        identity = uuid7()
        row = {
            "tenant_id": tenant_id,
            "region": proposal.region,
            "id": identity,
            "item": proposal.item.id,
            "ground": "",
            "rests_on": list(proposal.rests_on),
            "proposed_at": now,
            "proposed_by": ENGINE,
            "dedupe": ":".join((proposal.item.id, *proposal.rests_on)),
        }
        if await session.run(insert(veto).values(row).on_conflict_do_nothing()):
            await append_row(session, veto, row)
            told = Told(tenant_id, proposal.region, str(identity))
            await give_notice(session, told, "veto_proposed", side="bureau", due_on=None, now=now, once=str(identity))
        await emit(session, "credit.proposed", {"tenant_id": str(tenant_id), "event": "veto", "id": str(identity)})
    return len(proposals)
