"""The subjects that a contractor's work makes, from its registers as they are known now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.contractor_papers import client_months, contractor_lots, repairs
from hengjian.scoring.domain.contractor_points import points
from hengjian.scoring.domain.contractor_visits import subjects_of_visits
from hengjian.scoring.domain.register_rows import Registers, Span
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.fieldwork_statements import FIELDWORK, FIRST_DAYS_OF_FIELDWORK, FIRST_VISITS, VISITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Every value that a term of these rules ever has: when one is over, time alone changes a verdict.

    Attributes:
        gaps: days between inspections or collections of waste (C-22, C-23).
        reviews: days within which a record is reviewed (C-16).
        due_days: days of the next month on which a report is due (C-19).
    """

    gaps: tuple[int, ...]
    reviews: tuple[int, ...]
    due_days: tuple[int, ...]


async def gather_fieldwork(
    session: ReadSession, tenant_id: UUID, fixed: Sequence[date], *, terms: Terms
) -> list[Subject]:
    """Every subject of a contractor's work, each with the days on which its facts or the law change.

    Args:
        session: in the organization's context.
        tenant_id: the organization.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        terms: of the rules.
    """
    found = await session.fetch_raw(FIRST_DAYS_OF_FIELDWORK, tenant_id)
    span = Span(tuple(fixed), {row["kind"]: row["first_day"] for row in found if row["first_day"] is not None})
    registers: dict[str, Sequence[Any]] = {
        kind: await session.fetch_raw(statement, tenant_id) for kind, statement in FIELDWORK.items()
    }
    registers["visits"] = await session.fetch_raw(VISITS, tenant_id, fixed[0])
    return fieldwork(registers, span, terms=terms)


def fieldwork(registers: Registers, span: Span, *, terms: Terms) -> list[Subject]:
    """The subjects that these registers make."""
    return [
        *points(registers, span, terms=terms.gaps),
        *subjects_of_visits(registers, span, terms=terms.reviews),
        *client_months(registers, span, due_days=terms.due_days),
        *contractor_lots(registers["referenceMaterials"], span),
        *repairs(registers, span),
    ]


async def first_visits(session: ReadSession, tenant_id: UUID) -> Mapping[str, date]:
    """The day of each person's first visit, by reference."""
    return {row["person_ref"]: row["day"] for row in await session.fetch_raw(FIRST_VISITS, tenant_id)}


def with_first_visit(subject: Subject, visits: Mapping[str, date]) -> Subject:
    """A technician's facts with the first visit, from its day on."""
    first = visits.get(subject.key) if subject.kind == "person" else None
    if first is None:
        return subject
    facts: dict[date, Facts] = {
        day: {**known, "first_visit_on": first if first <= day else None} for day, known in subject.by_day.items()
    }
    return replace(subject, by_day=facts)
