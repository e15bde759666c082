"""The subjects of contractors, from their registers as they are known now."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.contractor_subjects import Terms, subjects_of_contractor
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.fact_statements import FACT_TABLES, STATEMENTS
from hengjian.scoring.read_facts import read_facts, read_first_days


async def gather_contractors(
    session: ReadSession, terms: Mapping[UUID, Terms], fixed: Sequence[date]
) -> dict[UUID, list[Subject]]:
    """Every subject of each contractor, each with the days on which its facts or the law change.

    Args:
        session: of a caller who may see them all.
        terms: by organization, the terms after which time alone changes a verdict.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
    """
    ids = list(terms)
    first_days = await read_first_days(session, ids, FACT_TABLES)
    registers = await read_facts(session, ids, STATEMENTS, since=fixed[0])
    return {one: subjects_of_contractor(registers[one], Span(tuple(fixed), first_days[one]), terms[one]) for one in ids}
