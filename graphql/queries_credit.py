"""Credit events of an organization as the API shows them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import CheckRow, CreditEvents, PenaltyRow, VetoRow, read_credit_events
from hengjian.tenants.api import visible_organization

Code = Annotated[str, strawberry.argument(description="Its unified social credit code.")]


@strawberry.type(name="CreditEvent", description="A penalty, a veto or a check; an organization sees what was settled.")
class CreditEventType:
    """`status` is waiting, standing, declined or annulled; `kind` penalty, veto or check."""

    id: UUID
    region: str
    kind: str
    what: str = strawberry.field(description="The penalty's measure, the veto's item, the kind of check.")
    document_no: str
    day: date | None = strawberry.field(description="Day of the decision or the check.")
    status: str
    proposal: str | None = strawberry.field(description="The step that waits for a second person.")
    fine: Decimal | None
    fit: bool | None
    due_on: date | None
    duty_done_on: date | None
    repaired_on: date | None
    rectified_on: date | None
    annulled_on: date | None
    rests_on: list[str]


@strawberry.type
class CreditQueries:
    """What credit rests on."""

    @strawberry.field(description="Penalties, vetoes and checks of an organization, the newest first in each kind.")
    async def credit_events(self, info: Info, credit_code: Code) -> list[CreditEventType]:
        """All that the caller may see."""
        today = legal_day(datetime.now(UTC))
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = await visible_organization(session, credit_code, on=today)
            found = await read_credit_events(session, entry.id, on=today) if entry else None
        return [] if found is None else [_event(row, session.caller.kind == "bureau") for row in _rows(found)]


def _rows(found: CreditEvents) -> list[PenaltyRow | VetoRow | CheckRow]:
    return [*found.penalties, *found.vetoes, *found.checks]


def _event(row: PenaltyRow | VetoRow | CheckRow, of_bureau: bool) -> CreditEventType:  # who asks
    stands = row.standing
    proposal = stands.proposal.act.value if stands.proposal and of_bureau else None
    match row:
        case PenaltyRow():
            what, number, day = row.measure, row.document_no, row.decided_on
        case CheckRow():
            what, number, day = row.kind, row.document_no, row.checked_on
        case VetoRow():
            what, number, day = row.item, stands.document_no, stands.on_day or legal_day(row.proposed_at)
    return CreditEventType(
        id=row.id,
        region=row.region,
        kind=stands.kind.value,
        what=what,
        document_no=number,
        day=day,
        status=stands.status.value,
        proposal=proposal,
        fine=row.fine if isinstance(row, PenaltyRow) else None,
        fit=row.fit if isinstance(row, CheckRow) else None,
        due_on=row.due_on if isinstance(row, CheckRow) else None,
        duty_done_on=stands.duty_done_on,
        repaired_on=stands.repaired_on,
        rectified_on=stands.rectified_on,
        annulled_on=stands.annulled_on,
        rests_on=list(row.rests_on) if isinstance(row, VetoRow) else [],
    )
