"""The subjects of an institution's tasks, samples and recordings, as they are known now (温环发〔2023〕5号)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.register_rows import Registers, Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.evidence.institution_cities import institution_cities
from hengjian.scoring.evidence.labels import labels
from hengjian.scoring.evidence.recordings import recordings, uploads
from hengjian.scoring.evidence.samples import samples
from hengjian.scoring.evidence.statements import EVIDENCE, EVIDENCE_TABLES, TASKS
from hengjian.scoring.evidence.tasks import Settled, actions, tasks
from hengjian.scoring.evidence.way import Way, ways
from hengjian.scoring.read_facts import read_facts, read_first_days


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTerms:
    """Every value that a term of these rules ever has: when one is over, time alone changes a verdict.

    Attributes:
        archive_hours: within which a recording is archived (V-05).
        check_days: within which recorders are checked again (V-11).
        hours_in: those to archive that are in force in a city on the last day to judge.
    """

    archive_hours: tuple[int, ...]
    check_days: tuple[int, ...]
    hours_in: Callable[[str], int]


async def gather_evidence(
    session: ReadSession, cities: Mapping[UUID, frozenset[str]], fixed: Sequence[date], *, terms: EvidenceTerms
) -> dict[UUID, list[Subject]]:
    """Every subject of the tasks of institutions, each with the days on which its facts or the law change.

    Args:
        session: of a caller who may see them all.
        cities: by organization the first four digits of the cities whose bureaus judge it; tasks elsewhere are no
            subjects.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        terms: of the rules.
    """
    tasks_of = await read_facts(session, list(cities), {TASKS: EVIDENCE[TASKS]}, since=fixed[0])
    ids = [one for one, registers in tasks_of.items() if registers[TASKS]]
    if not ids:
        return {}
    registers = await read_facts(session, ids, EVIDENCE, since=fixed[0])
    first_days = await read_first_days(session, ids, EVIDENCE_TABLES)
    return {
        one: list(
            evidence(registers[one], Span(tuple(fixed), first_days.get(one, {})), cities=cities[one], terms=terms)
        )
        for one in ids
    }


def evidence(registers: Registers, span: Span, *, cities: frozenset[str], terms: EvidenceTerms) -> Iterator[Subject]:
    """The subjects that these registers make."""
    found = ways(registers, cities)
    settled = {city: Settled.on(span, terms.hours_in(city)) for city in {way.city for way in found}}
    for way in found:
        yield from tasks(way, span, settled[way.city])
        yield from actions(way, span, settled[way.city])
        yield from samples(way, span, settled[way.city])
    yield from labels(found, span, settled)
    yield from _once(found, span, terms)
    yield from uploads(registers, found, span, archive_hours=terms.archive_hours)
    yield from institution_cities(registers, found, span, check_days=terms.check_days)


def _once(found: Sequence[Way], span: Span, terms: EvidenceTerms) -> Iterator[Subject]:
    """Recordings, each with the first of the tasks that it shows."""
    seen: set[tuple[str, str]] = set()
    for way in found:
        for subject in recordings(way, span, archive_hours=terms.archive_hours):
            if (subject.kind, subject.key) not in seen:
                seen.add((subject.kind, subject.key))
                yield subject
