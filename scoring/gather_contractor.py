"""The subjects of contractors, from their registers as they are known now."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.contractor_itself import Terms
from hengjian.scoring.domain.contractor_subjects import EVERYTHING, reads_of, subjects_of_contractor
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Made, Wanted
from hengjian.scoring.fact_statements import FACT_TABLES, STATEMENTS
from hengjian.scoring.read_facts import read_first_days, read_wanted


async def gather_contractors(
    session: ReadSession,
    terms: Mapping[UUID, Terms],
    fixed: Sequence[date],
    *,
    wanted: Mapping[UUID, Wanted] | None = None,
) -> dict[UUID, Made]:
    """The wanted subjects of each contractor, each with the days on which its facts or the law change.

    Args:
        session: of a caller who may see them all.
        terms: by organization, the terms after which time alone changes a verdict.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        wanted: by organization what is wanted; None is everything.
    """
    asked = dict.fromkeys(terms, EVERYTHING) if wanted is None else wanted
    reads = {
        one: frozenset().union(*(reads_of(kind, facts) for kind, facts in kinds.items()))
        for one, kinds in asked.items()
    }
    every = frozenset().union(*reads.values())
    tables = {kind: table for kind, table in FACT_TABLES.items() if kind in every}
    first_days = await read_first_days(session, list(asked), tables)
    registers = await read_wanted(session, reads, STATEMENTS, since=fixed[0])
    return {
        one: subjects_of_contractor(registers[one], Span(tuple(fixed), first_days[one]), terms[one], kinds)
        for one, kinds in asked.items()
    }
