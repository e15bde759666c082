"""What an organization's own system does with findings: hand in a statement or an objection."""

from datetime import UTC, date, datetime
from typing import Any

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.queries_findings import FindingType, as_finding
from hengjian.scoring.api import FACTS, Appeal, ContestedFact, Person, read_finding, read_value, state_finding
from hengjian.scoring.errors import (
    FactError,
    ScoringError,
    StatementRefusedError,
    StepRefusedError,
    UnknownFindingError,
)


@strawberry.input(
    name="StateFindingInput", description="A statement on a finding, or an objection to its confirmation."
)
class StateFindingInput:
    """What the organization says; files are handed in on the finding's page."""

    no: str
    text: str = strawberry.field(description="1 to 4,000 characters.")
    by: str = strawberry.field(description="The name of the person who states, 1 to 60 characters.")
    objection: bool = strawberry.field(
        default=False, description="true: against a confirmed finding; false: before the decision."
    )


@strawberry.input(name="ContestedFactInput", description="A fact as it should be, for which days.")
class ContestedFactInput:
    """`value` as the fact's type writes it; without one the fact is unknown."""

    fact: str
    value: str | None = None
    first_day: date
    until: date | None = strawberry.field(default=None, description="The first day on which it no longer holds.")


@strawberry.input(name="AppealFindingInput", description="An appeal against a decided objection, to the bureau one up.")
class AppealFindingInput:
    """Without `contested` it is contested that the rule applies at all."""

    no: str
    text: str = strawberry.field(description="1 to 4,000 characters.")
    by: str = strawberry.field(description="The name of the person who appeals, 1 to 60 characters.")
    contested: ContestedFactInput | None = None


@strawberry.type(name="FindingError", description="Why a step was not taken; nothing was kept.")
class FindingErrorType:
    """A stable code with words in both languages; `reason` tells one refusal of a code from another."""

    code: str
    reason: str
    message_zh: str
    message_en: str


@strawberry.type(name="StateFindingPayload", description="The finding after the statement, or why it was refused.")
class StateFindingPayload:
    """One of both."""

    finding: FindingType | None
    user_errors: list[FindingErrorType]


async def _state(info: Info, input: StateFindingInput) -> StateFindingPayload:  # noqa: A002  # the argument's name in the API
    return await _hand_in(info, input.no, by=input.by, text=input.text, objection=input.objection)


async def _appeal(info: Info, input: AppealFindingInput) -> StateFindingPayload:  # noqa: A002  # the argument's name in the API
    try:
        appeal = Appeal(_contested(input.contested) if input.contested else None)
    except (FactError, StatementRefusedError) as refused:
        return StateFindingPayload(finding=None, user_errors=[_error(refused)])
    return await _hand_in(info, input.no, by=input.by, text=input.text, objection=appeal)


def _contested(given: ContestedFactInput) -> ContestedFact:
    if given.fact not in FACTS or (given.until is not None and given.until <= given.first_day):
        raise StatementRefusedError(
            zh="请选择有争议的事实，写明从哪一天起；截止日须晚于起始日",
            en="choose the contested fact and its first day; the end must be later",
        )
    value = None if given.value is None else read_value(given.fact, FACTS[given.fact].type, given.value)
    return ContestedFact(given.fact, value, given.first_day, given.until)


async def _hand_in(info: Info, no: str, *, by: str, text: str, objection: bool | Appeal) -> StateFindingPayload:
    caller = caller_with(info, "push")
    person = Person(by.strip()[:60], frozenset({"clerk"} if caller.kind == "member" else ()))
    try:
        async with info.context.database.write(caller) as session:
            await state_finding(
                session,
                no,
                by=person,
                text=text,
                objection=objection,
                files=(),
                room=None,
                now=datetime.now(UTC),
            )
            found = await read_finding(session, no)
    except (UnknownFindingError, StepRefusedError, StatementRefusedError) as refused:
        return StateFindingPayload(finding=None, user_errors=[_error(refused)])
    return StateFindingPayload(finding=as_finding(found.head) if found else None, user_errors=[])


def _error(refused: ScoringError) -> FindingErrorType:
    reason = refused.reason.value if isinstance(refused, StepRefusedError) else ""
    return FindingErrorType(code=refused.code, reason=reason, message_zh=refused.zh, message_en=refused.en)


def finding_fields() -> list[Any]:
    """The mutations on findings."""
    return [
        strawberry.mutation(
            _state,
            name="stateFinding",
            description="Hand in a statement or an objection; the key needs the scope push and belongs to the organization.",
        ),
        strawberry.mutation(
            _appeal,
            name="appealFinding",
            description="Appeal against a decided objection to the bureau one level up, with the contested fact; "
            "the key needs the scope push and belongs to the organization.",
        ),
    ]
