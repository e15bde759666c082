"""Credit repair by key: an organization's system applies, two keys of a bureau decide, by the same steps as the pages."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.credit_fields import CreditEventErrorType, at_desk, error_of, error_told, person_named
from hengjian.graphql.queries_repairs import CreditRepairType, RepairActType, RepairKindType, read_repair
from hengjian.scoring.api import (
    CreditDesk,
    NewRepair,
    RepairDecision,
    apply_for_repair,
    decide_repair,
)
from hengjian.scoring.errors import RepairRefusedError, StatementRefusedError


@strawberry.input(name="ApplyForRepairInput", description="An application of the key's own organization.")
class ApplyForRepairInput:
    """`kind` and `ref` as `repairableMatters` gives them; files are handed in on the organization's page."""

    kind: RepairKindType  # type: ignore[valid-type]  # strawberry gives the enum back
    ref: str
    text: str = strawberry.field(description="What was put right, 1 to 4,000 characters.")
    by: str = strawberry.field(description="The name of the person who applies, 1 to 60 characters.")


@strawberry.input(
    name="DecideRepairInput", description="A step with an application: one key proposes, another decides."
)
class DecideRepairInput:
    """A proposal to grant names the day from which it works and the document; reasons where something is proposed."""

    credit_code: str
    by: str = strawberry.field(description="The name of the person who takes the step, 1 to 60 characters.")
    repair_id: UUID
    act: RepairActType  # type: ignore[valid-type]  # strawberry gives the enum back
    on_day: date | None = None
    document_no: str = ""
    reason: str = ""


@strawberry.type(name="CreditRepairPayload", description="The application after the step, or why nothing was kept.")
class CreditRepairPayload:
    """One of both."""

    repair: CreditRepairType | None
    user_errors: list[CreditEventErrorType]


async def _apply(info: Info, input: ApplyForRepairInput) -> CreditRepairPayload:  # noqa: A002  # the argument's name in the API
    caller = caller_with(info, "push")
    by = person_named(input.by, frozenset({"clerk"} if caller.kind == "member" else ()))
    if caller.tenant_id is None:
        return _refused(
            error_told("ORGANIZATION_UNKNOWN", "此密钥不属于任何机构", "this key belongs to no organization")
        )
    try:
        async with info.context.database.write(caller) as session:
            applied = await apply_for_repair(
                session,
                caller.tenant_id,
                NewRepair(input.kind, input.ref, input.text),
                by=by,
                room=None,
                lawbook=info.context.lawbook,
                now=datetime.now(UTC),
            )
    except (RepairRefusedError, StatementRefusedError) as refused:
        return _refused(error_of(refused))
    return await _done(info, applied)


async def _decide(info: Info, input: DecideRepairInput) -> CreditRepairPayload:  # noqa: A002  # the argument's name in the API
    decision = RepairDecision(act=input.act, on_day=input.on_day, document_no=input.document_no, reason=input.reason)

    async def work(desk: CreditDesk) -> UUID:
        await decide_repair(desk, input.repair_id, decision)
        return input.repair_id

    done = await at_desk(info, input.credit_code, input.by, work)
    return await _done(info, done) if isinstance(done, UUID) else _refused(done)


async def _done(info: Info, repair_id: UUID) -> CreditRepairPayload:
    async with info.context.database.read(caller_with(info, "push")) as session:
        return CreditRepairPayload(repair=await read_repair(session, repair_id), user_errors=[])


def _refused(error: CreditEventErrorType) -> CreditRepairPayload:
    return CreditRepairPayload(repair=None, user_errors=[error])


def repair_fields() -> list[Any]:
    """The mutations on credit repair."""
    return [
        strawberry.mutation(
            _apply,
            name="applyForRepair",
            description="Apply for credit repair (信用修复); the key needs the scope push and belongs to the organization.",
        ),
        strawberry.mutation(
            _decide,
            name="decideRepair",
            description="Propose, grant, refuse or return an application. Keys of a bureau, scope push: who proposed "
            "does not decide.",
        ),
    ]
