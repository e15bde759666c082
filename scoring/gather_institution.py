"""The subjects of one monitoring institution, from its registers as they are known now."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.institution_subjects import institution, key_people
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.subjects_in_use import subjects_in_use
from hengjian.scoring.domain.subjects_of_events import subjects_of_events
from hengjian.scoring.institution_statements import EVENTS, FIRST_DAYS_OF_INSTITUTION, STATEMENTS


async def gather_institution(
    session: ReadSession, tenant_id: UUID, fixed: Sequence[date], *, terms: Sequence[int]
) -> list[Subject]:
    """Every subject of an institution, each with the days on which its facts or the law change.

    Args:
        session: in the organization's context.
        tenant_id: the organization.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        terms: months of experience that a rule asks for.
    """
    found = await session.fetch_raw(FIRST_DAYS_OF_INSTITUTION, tenant_id)
    span = Span(tuple(fixed), {row["kind"]: row["first_day"] for row in found if row["first_day"] is not None})
    year = fixed[0].replace(month=1, day=1)
    registers: dict[str, Sequence[Any]] = {}
    for kind, statement in STATEMENTS.items():
        registers[kind] = await session.fetch_raw(statement, tenant_id, *([fixed[0]] if "$2" in statement else []))
    for kind, statement in EVENTS.items():
        registers[kind] = await session.fetch_raw(statement, tenant_id, year)
    return [
        institution(registers, span),
        *key_people(registers, span, terms=terms),
        *subjects_in_use(registers, span),
        *subjects_of_events(registers, span),
    ]
