"""Credit events by key: a bureau's system enters penalties and checks and takes steps; everybody reads what they may.

The key is the person here: what one key entered or proposed, another key of the bureau confirms.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    CreditAct,
    CreditDesk,
    NewCheck,
    NewPenalty,
    NewVeto,
    Person,
    Severity,
)
from hengjian.scoring.errors import (
    CreditEventRefusedError,
    NoCreditModelError,
    RepairRefusedError,
    ScoringError,
    StatementRefusedError,
    UnknownCreditEventError,
    UnknownPenaltyError,
    UnknownRepairError,
)
from hengjian.tenants.api import get_supervised, visible_organization

CreditActType = strawberry.enum(CreditAct, name="CreditAct", description="A step with a credit event.")
SeverityType = strawberry.enum(Severity, name="CheckSeverity", description="How grave an unfit check is.")


@strawberry.input(name="EnterPenaltyInput", description="A penalty decided on an organization.")
class EnterPenaltyInput:
    """What the decision says."""

    credit_code: str
    by: str = strawberry.field(description="The name of the person who enters it, 1 to 60 characters.")
    document_no: str
    measure: str = strawberry.field(description="`fine`, or a measure of the credit model's ladder.")
    decided_on: date
    organ: str
    summary: str
    fine: Decimal | None = strawberry.field(default=None, description="Yuan, for measure `fine`.")
    duty_done_on: date | None = None
    conduct: str | None = strawberry.field(default=None, description="The veto item that the decision found proven.")


@strawberry.input(name="EnterVetoInput", description="A veto item with the document that decides it.")
class EnterVetoInput:
    """Laid before a second person."""

    credit_code: str
    by: str
    item: str
    document_no: str
    decided_on: date
    ground: str


@strawberry.input(
    name="EnterCheckInput", description="The result of a spot check, comparison, blind sample or complaint."
)
class EnterCheckInput:
    """What was found."""

    credit_code: str
    by: str
    kind: str = strawberry.field(description="spot_check, comparison, blind_sample or complaint.")
    document_no: str
    checked_on: date
    organ: str
    summary: str
    fit: bool
    severity: SeverityType | None = None  # type: ignore[valid-type]  # strawberry gives the enum back
    due_on: date | None = None


@strawberry.input(name="TakeCreditStepInput", description="One step with a credit event.")
class TakeCreditStepInput:
    """Days and documents where the step names them."""

    credit_code: str
    by: str
    event_id: UUID
    act: CreditActType  # type: ignore[valid-type]  # strawberry gives the enum back
    on_day: date | None = None
    document_no: str = ""
    reason: str = ""


@strawberry.type(name="CreditEventError", description="Why nothing was kept.")
class CreditEventErrorType:
    """A stable code with words in both languages; `reason` tells one refusal of a code from another."""

    code: str
    reason: str
    message_zh: str
    message_en: str


@strawberry.type(name="CreditEventPayload", description="The event's id, or why nothing was kept.")
class CreditEventPayload:
    """One of both."""

    event_id: UUID | None
    user_errors: list[CreditEventErrorType]


_REFUSED = (
    CreditEventRefusedError,
    RepairRefusedError,
    StatementRefusedError,
    UnknownCreditEventError,
    UnknownRepairError,
    UnknownPenaltyError,
    NoCreditModelError,
)
_BOTH = frozenset({"inspector", "reviewer"})


async def at_desk(
    info: Info, credit_code: str, by: str, work: Callable[[CreditDesk], Awaitable[UUID]]
) -> UUID | CreditEventErrorType:
    """What came of a bureau's work at the desk of an organization, or why nothing was kept."""
    caller, now = caller_with(info, "push"), datetime.now(UTC)
    today = legal_day(now)
    roles = _BOTH if caller.kind == "bureau" else frozenset[str]()
    try:
        async with info.context.database.write(caller) as session:
            entry = await visible_organization(session, credit_code, on=today)
            organization = await get_supervised(session, entry.id, on=today) if entry else None
            if entry is None or organization is None:
                return error_told(
                    "ORGANIZATION_UNKNOWN", "没有这家机构，或不在您的管辖范围内", "no such organization for you"
                )
            region = next(iter(entry.regions), organization.region)
            person = person_named(by, roles)
            if not person.name or "\0" in person.name:
                return error_told("CREDIT_EVENT_REFUSED", "请写明经办人姓名", "say who enters it")
            book = info.context.lawbook
            desk = CreditDesk(
                session=session, organization=organization, region=region, by=person, now=now, lawbook=book
            )
            return await work(desk)
    except _REFUSED as refused:
        return error_of(refused)


async def _at_desk(
    info: Info, credit_code: str, by: str, work: Callable[[CreditDesk], Awaitable[UUID]]
) -> CreditEventPayload:
    done = await at_desk(info, credit_code, by, work)
    if isinstance(done, UUID):
        return CreditEventPayload(event_id=done, user_errors=[])
    return CreditEventPayload(event_id=None, user_errors=[done])


async def _enter_penalty(info: Info, input: EnterPenaltyInput) -> CreditEventPayload:  # noqa: A002  # the argument's name in the API
    new = NewPenalty(
        document_no=input.document_no,
        measure=input.measure,
        decided_on=input.decided_on,
        organ=input.organ,
        summary=input.summary,
        fine=input.fine,
        duty_done_on=input.duty_done_on,
        conduct=input.conduct,
    )
    return await _at_desk(info, input.credit_code, input.by, lambda desk: desk.enter_penalty(new))


async def _enter_veto(info: Info, input: EnterVetoInput) -> CreditEventPayload:  # noqa: A002  # the argument's name in the API
    new = NewVeto(item=input.item, document_no=input.document_no, decided_on=input.decided_on, ground=input.ground)
    return await _at_desk(info, input.credit_code, input.by, lambda desk: desk.enter_veto(new))


async def _enter_check(info: Info, input: EnterCheckInput) -> CreditEventPayload:  # noqa: A002  # the argument's name in the API
    new = NewCheck(
        kind=input.kind,
        document_no=input.document_no,
        checked_on=input.checked_on,
        organ=input.organ,
        summary=input.summary,
        fit=input.fit,
        severity=input.severity,
        due_on=input.due_on,
    )
    return await _at_desk(info, input.credit_code, input.by, lambda desk: desk.enter_check(new))


async def _take_step(info: Info, input: TakeCreditStepInput) -> CreditEventPayload:  # noqa: A002  # the argument's name in the API
    async def work(desk: CreditDesk) -> UUID:
        more: dict[str, Any] = {"on_day": input.on_day, "document_no": input.document_no, "reason": input.reason}
        await desk.take(input.event_id, input.act, **more)
        return input.event_id

    return await _at_desk(info, input.credit_code, input.by, work)


def person_named(name: str, roles: frozenset[str]) -> Person:
    """Who stands for what a key does."""
    return Person(name.strip()[:60], roles)


def error_told(code: str, zh: str, en: str) -> CreditEventErrorType:
    """An error that is no error of scoring."""
    return CreditEventErrorType(code=code, reason="", message_zh=zh, message_en=en)


def error_of(refused: ScoringError) -> CreditEventErrorType:
    """A refusal as the API tells it."""
    reason = ""
    if isinstance(refused, CreditEventRefusedError | RepairRefusedError) and refused.reason is not None:
        reason = refused.reason.value
    return CreditEventErrorType(code=refused.code, reason=reason, message_zh=refused.zh, message_en=str(refused))


def credit_fields() -> list[Any]:
    """The mutations on credit events."""
    return [
        strawberry.mutation(
            _enter_penalty,
            name="enterPenalty",
            description="Enter a penalty; it counts once another key or person has confirmed it. A bureau's key, scope push.",
        ),
        strawberry.mutation(
            _enter_check, name="enterCheck", description="Enter the result of a check, for another to confirm."
        ),
        strawberry.mutation(
            _enter_veto, name="enterVeto", description="Lay a veto item before a second person, with its document."
        ),
        strawberry.mutation(
            _take_step, name="takeCreditStep", description="Confirm, decide, decline, repair, annul: one step."
        ),
    ]
