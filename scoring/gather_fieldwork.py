"""The subjects that contractors' work makes, from their registers as they are known now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.contractor_papers import client_months, contractor_lots, repairs
from hengjian.scoring.domain.contractor_points import points
from hengjian.scoring.domain.contractor_visits import subjects_of_visits
from hengjian.scoring.domain.register_rows import Alike, Registers, Span, only
from hengjian.scoring.domain.subjects import Made, Subject, Wanted
from hengjian.scoring.fieldwork_statements import FIELDWORK, FIELDWORK_TABLES
from hengjian.scoring.read_facts import read_first_days, read_wanted


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


@dataclass(frozen=True, slots=True)
class _Group:
    """Kinds of subjects that are made together: of which registers, and by the first day of which more is known."""

    kinds: frozenset[str]
    reads: frozenset[str]
    known_by: frozenset[str]
    build: Callable[[Registers, Span, FieldworkTerms, Alike], Iterable[Subject]]


_GROUPS = (
    _Group(
        frozenset({"point"}),
        frozenset({"points", "pointStops", "inspections", "wasteCollections"}),
        frozenset({"visits", "wasteCollections"}),
        lambda rows, span, terms, alike: points(rows, span, terms=terms.gaps, alike=alike),
    ),
    _Group(
        frozenset({"visit", "visit_record", "visit_pair", "supervisor_month", "technician_day"}),
        frozenset({"points", "people", "visits"}),
        frozenset(),
        lambda rows, span, terms, _: subjects_of_visits(rows, span, terms=terms.reviews),
    ),
    _Group(
        frozenset({"client_month"}),
        frozenset({"points", "clientReports"}),
        frozenset({"clientReports"}),
        lambda rows, span, terms, alike: client_months(rows, span, due_days=terms.due_days, alike=alike),
    ),
    _Group(
        frozenset({"contractor_lot"}),
        frozenset({"referenceMaterials"}),
        frozenset(),
        lambda rows, span, _, __: contractor_lots(rows["referenceMaterials"], span),
    ),
    _Group(
        frozenset({"repair"}),
        frozenset({"points", "repairs"}),
        frozenset(),
        lambda rows, span, _, __: repairs(rows, span),
    ),
)
_OF_KIND = {kind: group for group in _GROUPS for kind in group.kinds}
READS: Mapping[str, frozenset[str]] = {kind: group.reads | group.known_by for kind, group in _OF_KIND.items()}
"""By kind of subject the registers that its facts are made of."""
EVERYTHING: Wanted = dict.fromkeys(_OF_KIND, frozenset[str]())


async def gather_fieldwork(
    session: ReadSession,
    ids: Sequence[UUID],
    fixed: Sequence[date],
    *,
    terms: FieldworkTerms,
    wanted: Mapping[UUID, Wanted] | None = None,
) -> dict[UUID, Made]:
    """The wanted subjects of each contractor's work, each with the days on which its facts or the law change.

    Args:
        session: of a caller who may see them all.
        ids: the organizations.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        terms: of the rules.
        wanted: by organization what is wanted; None is everything of all.
    """
    asked = dict.fromkeys(ids, EVERYTHING) if wanted is None else wanted
    groups = {_OF_KIND[kind].kinds: _OF_KIND[kind] for kinds in asked.values() for kind in kinds}
    known_by = frozenset().union(*(group.known_by for group in groups.values()))
    tables = {kind: table for kind, table in FIELDWORK_TABLES.items() if kind in known_by}
    first_days = await read_first_days(session, list(asked), tables)
    reads = {one: frozenset().union(*(_OF_KIND[kind].reads for kind in kinds)) for one, kinds in asked.items()}
    registers = await read_wanted(session, reads, FIELDWORK, since=fixed[0])
    alike: Alike = {}
    return {
        one: fieldwork(registers[one], Span(tuple(fixed), first_days[one]), terms=terms, alike=alike, wanted=kinds)
        for one, kinds in asked.items()
    }


def fieldwork(
    registers: Registers,
    span: Span,
    *,
    terms: FieldworkTerms,
    alike: Alike | None = None,
    wanted: Wanted = EVERYTHING,
) -> Made:
    """The wanted subjects that these registers make; those like others made before, for the same days, share their facts."""
    made = Made()
    shared = {} if alike is None else alike
    for group in _GROUPS:
        if not group.kinds.isdisjoint(wanted):
            own = span.of(group.known_by)
            found = group.build(only(registers, group.reads), own, terms, shared)
            made.subjects += [subject for subject in found if subject.kind in wanted]
            made.turns |= dict.fromkeys(group.kinds & wanted.keys(), own.next_turn)
    return made
