"""What an organization's own system does with findings: hand in a statement or an objection."""

from datetime import UTC, datetime
from typing import Any

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.queries_findings import FindingType, as_finding
from hengjian.scoring.api import Person, read_finding, state_finding
from hengjian.scoring.errors import ScoringError, StatementRefusedError, StepRefusedError, UnknownFindingError


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
    caller = caller_with(info, "push")
    by = Person(input.by.strip()[:60], frozenset({"clerk"} if caller.kind == "member" else ()))
    try:
        async with info.context.database.write(caller) as session:
            await state_finding(
                session,
                input.no,
                by=by,
                text=input.text,
                objection=input.objection,
                files=(),
                objects=None,
                now=datetime.now(UTC),
            )
            found = await read_finding(session, input.no)
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
        )
    ]
