"""What is done with labels: a bureau issues them, an institution prints them."""

import base64
from datetime import UTC, datetime
from typing import Any

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.push_types import PushPayloadType, payload
from hengjian.ingestion.api import (
    LabelsRefusedError,
    PrintForm,
    Printing,
    PrintOrder,
    issue_labels,
    label_recipient,
    print_labels,
)
from hengjian.platform.calendar import legal_day
from hengjian.tenants.api import known_organization

strawberry.enum(PrintForm, name="LabelPrintForm", description="Sheets of paper (PDF), or a label printer (ZPL).")


@strawberry.type(name="LabelError", description="Why nothing was issued or printed.")
class LabelErrorType:
    """A stable code with words in both languages."""

    code: str
    message_zh: str
    message_en: str


@strawberry.type(name="IssueLabelsPayload", description="The numbers issued, or why none were.")
class IssueLabelsPayload:
    """One of both."""

    issue_id: strawberry.ID | None
    issued_at: datetime | None
    label_ids: list[str]
    user_errors: list[LabelErrorType]


@strawberry.input(name="PrintLabelsInput", description="Which labels to print, who prints them, and on what.")
class PrintLabelsInput:
    """One print of 1 to 200 labels."""

    label_ids: list[str]
    form: PrintForm
    person_ref: str = strawberry.field(description="Who prints, by the register of people.")
    printer_ref: str | None = None
    task_ref: str | None = strawberry.field(
        default=None, description="Its samples without a label take the new labels one after the other."
    )
    reason: str | None = strawberry.field(default=None, description="Needed for labels printed before.")


@strawberry.type(
    name="PrintLabelsPayload", description="The file in Base64 with the receipt of its events, or why none."
)
class PrintLabelsPayload:
    """One of both."""

    name: str
    media_type: str
    content_base64: str
    events: PushPayloadType | None
    user_errors: list[LabelErrorType]


def _error(refused: LabelsRefusedError) -> LabelErrorType:
    return LabelErrorType(code=refused.code, message_zh=refused.zh, message_en=refused.en)


async def _issue_labels(info: Info, credit_code: str, count: int) -> IssueLabelsPayload:
    caller, now = caller_with(info, "organizations"), datetime.now(UTC)
    on = legal_day(now)
    try:
        async with info.context.database.read(caller) as reader:
            holder = await label_recipient(reader, credit_code, on=on)
            bureau = await known_organization(reader, caller.tenant_id) if caller.tenant_id else None
        async with info.context.database.write(caller, focus=holder.id) as session:
            made = await issue_labels(session, holder, count=count, issuer=bureau.name if bureau else "", now=now)
    except LabelsRefusedError as refused:
        return IssueLabelsPayload(issue_id=None, issued_at=None, label_ids=[], user_errors=[_error(refused)])
    return IssueLabelsPayload(
        issue_id=strawberry.ID(str(made.id)), issued_at=made.issued_at, label_ids=list(made.numbers), user_errors=[]
    )


async def _print(info: Info, input: PrintLabelsInput) -> PrintLabelsPayload:  # noqa: A002  # the argument's name in the API
    caller, means = caller_with(info, "push"), info.context.means
    printing = Printing(database=means.database, rules=means.rules, pdf=means.pdf, public_url=means.public_url)
    order = PrintOrder(
        label_ids=tuple(input.label_ids),
        form=input.form,
        person_ref=input.person_ref,
        printer_ref=input.printer_ref,
        task_ref=input.task_ref,
        reason=input.reason,
    )
    try:
        made = await print_labels(printing, caller, order, now=datetime.now(UTC))
    except LabelsRefusedError as refused:
        return PrintLabelsPayload(name="", media_type="", content_base64="", events=None, user_errors=[_error(refused)])
    return PrintLabelsPayload(
        name=made.name,
        media_type=made.media_type,
        content_base64=base64.b64encode(made.content).decode(),
        events=payload(made.answer),
        user_errors=[],
    )


def label_fields() -> list[Any]:
    """The mutations on labels."""
    return [
        strawberry.mutation(
            _issue_labels,
            name="issueLabels",
            description="Issue 1 to 5,000 labels to an institution of the bureau's region; scope organizations.",
        ),
        strawberry.mutation(
            _print,
            name="printLabels",
            description="Print own labels; each print is recorded as an event of its label. Scope push.",
        ),
    ]
