"""Events are only added: one that is recorded already is taken once, and never with other content."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from hengjian.ingestion.check_rows import CheckedRows, add_issues
from hengjian.ingestion.custody.label_numbers import unissued_labels
from hengjian.platform.db import Session
from hengjian.tenants.api import Issue, Register, RegisterRow, recorded_content

LABEL_EVENTS = "labelEvents"


async def check_events(
    session: Session, register: Register, rows: Sequence[RegisterRow], checked: CheckedRows, *, tenant_id: UUID
) -> CheckedRows:
    """Accepted rows against what is recorded: the same again is known, other content is refused.

    A phone that lost the answer sends its events again; what is known keeps the time at which it first came. Events
    of labels are also warned of when their label was never issued to the organization.
    """
    sound = [rows[index] for index in checked.accepted]
    recorded = await recorded_content(session, register, sound, tenant_id)
    known: set[int] = set()
    accepted: list[int] = []
    for index in checked.accepted:
        content = recorded.get(rows[index].source_ref)
        if content is None:
            accepted.append(index)
        elif same_content(rows[index], content):
            known.add(index)
            accepted.append(index)
            add_issues(checked, index, rows[index], [Issue(("sourceRef",), "EVENT_KNOWN", warning=True)])
        else:
            add_issues(checked, index, rows[index], [Issue(("sourceRef",), "EVENT_RECORDED")])
    settled = CheckedRows(accepted, checked.results, frozenset(known))
    if register.kind == LABEL_EVENTS:
        await _warn_of_labels(session, rows, settled, tenant_id)
    return settled


def same_content(row: RegisterRow, recorded: Mapping[str, object]) -> bool:
    """Whether a row says what is recorded, field by field; times are the same moment, numbers the same value."""
    return all(getattr(row, name) == value for name, value in recorded.items())


async def _warn_of_labels(session: Session, rows: Sequence[RegisterRow], checked: CheckedRows, tenant_id: UUID) -> None:
    numbers = {index: str(getattr(rows[index], "label_id")) for index in checked.accepted}  # noqa: B009  # a field of this register only
    unissued = await unissued_labels(session, tenant_id, set(numbers.values()))
    for index, number in numbers.items():
        if number in unissued:
            issue = Issue(("labelId",), "LABEL_NOT_ISSUED", "", number, warning=True)
            add_issues(checked, index, rows[index], [issue])
