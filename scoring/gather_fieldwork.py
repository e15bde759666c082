"""The subjects that contractors' work makes, from their registers as they are known now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.contractor_papers import client_months, contractor_lots, repairs
from hengjian.scoring.domain.contractor_points import points
from hengjian.scoring.domain.contractor_visits import subjects_of_visits
from hengjian.scoring.domain.register_rows import Alike, Registers, Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.fieldwork_statements import FIELDWORK, FIELDWORK_TABLES
from hengjian.scoring.read_facts import read_facts, read_first_days


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldworkTerms:
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
    session: ReadSession, ids: Sequence[UUID], fixed: Sequence[date], *, terms: FieldworkTerms
) -> dict[UUID, list[Subject]]:
    """Every subject of each contractor's work, each with the days on which its facts or the law change.

    Args:
        session: of a caller who may see them all.
        ids: the organizations.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        terms: of the rules.
    """
    first_days = await read_first_days(session, ids, FIELDWORK_TABLES)
    registers = await read_facts(session, ids, FIELDWORK, since=fixed[0])
    alike: Alike = {}
    return {
        one: fieldwork(registers[one], Span(tuple(fixed), first_days[one]), terms=terms, alike=alike) for one in ids
    }


def fieldwork(registers: Registers, span: Span, *, terms: FieldworkTerms, alike: Alike | None = None) -> list[Subject]:
    """The subjects that these registers make; those like others made before, for the same days, share their facts."""
    return [
        *points(registers, span, terms=terms.gaps, alike=alike),
        *subjects_of_visits(registers, span, terms=terms.reviews),
        *client_months(registers, span, due_days=terms.due_days, alike=alike),
        *contractor_lots(registers["referenceMaterials"], span),
        *repairs(registers, span),
    ]
