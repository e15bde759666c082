"""The subjects of monitoring institutions, from their registers as they are known now."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.institution_subjects import institution, key_people
from hengjian.scoring.domain.register_rows import Registers, Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.subjects_in_use import subjects_in_use
from hengjian.scoring.domain.subjects_of_events import subjects_of_events
from hengjian.scoring.institution_statements import EVENTS, KNOWN_TABLES, STATEMENTS
from hengjian.scoring.read_facts import read_facts, read_first_days


async def gather_institutions(
    session: ReadSession, ids: Sequence[UUID], fixed: Sequence[date], *, terms: Sequence[int]
) -> dict[UUID, list[Subject]]:
    """Every subject of each institution, each with the days on which its facts or the law change.

    Args:
        session: of a caller who may see them all.
        ids: the organizations.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        terms: months of experience that a rule asks for.
    """
    first_days = await read_first_days(session, ids, KNOWN_TABLES)
    registers = await read_facts(session, ids, STATEMENTS, since=fixed[0])
    events = await read_facts(session, ids, EVENTS, since=fixed[0].replace(month=1, day=1))
    return {
        one: _subjects({**registers[one], **events[one]}, Span(tuple(fixed), first_days[one]), terms) for one in ids
    }


def _subjects(registers: Registers, span: Span, terms: Sequence[int]) -> list[Subject]:
    return [
        institution(registers, span),
        *key_people(registers, span, terms=terms),
        *subjects_in_use(registers, span),
        *subjects_of_events(registers, span),
    ]
