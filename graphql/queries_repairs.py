"""Credit repair (信用修复) as the API shows it: what may be applied for from which day, and applications with their steps."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_moment, encode_cursor
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    ListedRepair,
    RepairAct,
    RepairKind,
    RepairState,
    TakenStep,
    find_repair,
    list_repairs,
    read_matters,
)
from hengjian.tenants.api import visible_organization

RepairKindType = strawberry.enum(RepairKind, name="RepairKind", description="What is to be repaired.")
RepairStateType = strawberry.enum(
    RepairState, name="RepairState", description="To an organization a proposed decision is still waiting."
)
RepairActType = strawberry.enum(RepairAct, name="RepairAct", description="A bureau's step with an application.")
Code = Annotated[str, strawberry.argument(description="A unified social credit code.")]


@strawberry.type(name="RepairableMatter", description="What an organization may have repaired.")
class RepairableMatterType:
    """`kind` and `ref` go into `applyForRepair`."""

    kind: RepairKindType  # type: ignore[valid-type]  # strawberry gives the enum back
    ref: str
    number: str = strawberry.field(description="What people call it: a finding's or a document's number.")
    what: str = strawberry.field(description="The rule, the measure of a penalty, or the veto item.")
    region: str
    possible_from: date | None = strawberry.field(
        description="The first day to apply; null while the day on which a penalty's duty was done is not recorded."
    )


@strawberry.type(name="RepairFile", description="A file that was handed in with an application.")
class RepairFileType:
    """Taken from the organization's page."""

    name: str
    sha256: str
    size: int


@strawberry.type(name="RepairStep", description="A step of the bureau; an organization sees decisions, no proposals.")
class RepairStepType:
    """`on_day` is the day from which a repair works."""

    act: RepairActType  # type: ignore[valid-type]  # strawberry gives the enum back
    at: datetime
    by: str
    on_day: date | None
    document_no: str
    reason: str


@strawberry.type(name="CreditRepair", description="An application for credit repair with where it stands.")
class CreditRepairType:
    """One application; the same matter may be applied for again (`turn`) after a refusal."""

    id: UUID
    credit_code: str | None
    name: str | None
    region: str
    kind: RepairKindType  # type: ignore[valid-type]  # strawberry gives the enum back
    ref: str
    number: str
    turn: int
    applied_at: datetime
    by: str
    text: str
    files: list[RepairFileType]
    state: RepairStateType  # type: ignore[valid-type]  # strawberry gives the enum back
    steps: list[RepairStepType]


@strawberry.type(description="One page of applications.")
class CreditRepairPage:
    """The newest first."""

    nodes: list[CreditRepairType]
    page_info: PageInfo


@strawberry.type
class RepairQueries:
    """Questions about credit repair."""

    @strawberry.field(description="What an organization may have repaired, and from which day.")
    async def repairable_matters(self, info: Info, credit_code: Code) -> list[RepairableMatterType]:
        """All that the caller may see."""
        today = legal_day(datetime.now(UTC))
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = await visible_organization(session, credit_code, on=today)
            lawbook = info.context.lawbook
            found = await read_matters(session, entry.id, lawbook=lawbook, on=today) if entry else ()
        return [
            RepairableMatterType(
                kind=one.kind,
                ref=one.ref,
                number=one.number,
                what=one.what,
                region=one.region,
                possible_from=one.possible_from,
            )
            for one in found
        ]

    @strawberry.field(
        description="Applications for credit repair: a bureau's of its region, an organization's own. `waits` keeps "
        "those that are not decided yet, or those that are."
    )
    async def credit_repairs(
        self,
        info: Info,
        *,
        first: First,
        after: After = None,
        credit_code: Code | None = None,
        waits: bool | None = None,
    ) -> CreditRepairPage:
        """One page."""
        check_first(first)
        filters, today = [credit_code, waits], legal_day(datetime.now(UTC))
        before = decode_moment(after, filters)
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = await visible_organization(session, credit_code, on=today) if credit_code else None
            if credit_code and entry is None:
                return CreditRepairPage(nodes=[], page_info=PageInfo(has_next_page=False, end_cursor=None))
            of = entry.id if entry else None
            found = await list_repairs(session, tenant_id=of, waits=waits, before=before, limit=first + 1)
        page, last = found[:first], found[:first][-1:]
        end = [encode_cursor([one.repair.at.isoformat(), str(one.repair.id)], filters) for one in last]
        bureau = session.caller.kind == "bureau"
        return CreditRepairPage(
            nodes=[_repair(one, bureau=bureau) for one in page],
            page_info=PageInfo(has_next_page=len(found) > first, end_cursor=next(iter(end), None)),
        )


async def read_repair(session: ReadSession, repair_id: UUID) -> CreditRepairType | None:
    """One application as the API shows it."""
    found = await find_repair(session, repair_id)
    return None if found is None else _repair(found, bureau=session.caller.kind == "bureau")


def _repair(one: ListedRepair, *, bureau: bool) -> CreditRepairType:
    found, state = one.repair, one.repair.standing.state
    return CreditRepairType(
        id=found.id,
        credit_code=one.credit_code,
        name=one.name,
        region=found.region,
        kind=found.kind,
        ref=found.ref,
        number=found.number,
        turn=found.turn,
        applied_at=found.at,
        by=found.by,
        text=found.text,
        files=[RepairFileType(name=file.name, sha256=file.sha256, size=file.size) for file in found.files],
        state=RepairState.WAITING if state is RepairState.PROPOSED and not bureau else state,
        steps=[_step(taken) for taken in found.steps],
    )


def _step(taken: TakenStep) -> RepairStepType:
    return RepairStepType(
        act=taken.step.act,
        at=taken.at,
        by=taken.by,
        on_day=taken.step.on_day,
        document_no=taken.step.document_no,
        reason=taken.step.reason,
    )
