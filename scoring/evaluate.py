"""Judge organizations: facts over a year, stretches of breach, findings, scores, standing."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.finding_life import State
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import JudgedBefore, courses_of, law_days
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_subjects import gather_subjects, subject_kinds
from hengjian.scoring.judged import Judged
from hengjian.scoring.propose_vetoes import proposed_vetoes, write_proposals
from hengjian.scoring.score_months import ModelDigests, Models, plain_history, score_months
from hengjian.scoring.store_findings import (
    FindingWrites,
    bring_in_line,
    end_elsewhere,
    known_findings,
    write_findings,
)
from hengjian.scoring.store_judgements import (
    JudgementWrites,
    StandingRow,
    keep_scores,
    keep_standing,
    known_judgements,
    write_judgements,
)
from hengjian.scoring.store_verdicts import keep_verdicts
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization, get_all_supervised

# In the order of ids, so that two who want some of the same wait in line.
_LOCK = """
select pg_advisory_xact_lock(hashtextextended('evaluate' || id, 0))
  from (select id::text from unnest($1::uuid[]) as wanted (id) order by id) sorted
"""
_LAST_PUSH = "select tenant_id, max(received_at) from push_batch where tenant_id = any($1::uuid[]) group by tenant_id"


SLICE = 250
"""Organizations judged in one transaction: enough that a statement costs little each, about a second's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one evaluation found, for logs and the command line."""

    organization: str
    regions: tuple[str, ...]
    judged: int
    opened: int
    closed: int
    open_findings: int


def slices(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """The organizations in the order of their ids, as many at a time as one transaction judges."""
    rising = sorted(ids)
    for start in range(0, len(rising), SLICE):
        yield rising[start : start + SLICE]


async def evaluate_organization(
    session: Session, tenant_id: UUID, *, lawbook: LawBook, now: datetime | None = None
) -> Evaluation | None:
    """Judge one organization as `evaluate_slice` does; None for a bureau."""
    found = await evaluate_slice(session, [tenant_id], lawbook=lawbook, now=now)
    return found[0] if found else None


async def evaluate_slice(
    session: Session, ids: Sequence[UUID], *, lawbook: LawBook, now: datetime | None = None
) -> list[Evaluation]:
    """Judge organizations by the law-book and bring findings, scores and standings in line; bureaus are left out.

    Past days are judged as their facts are known now, from the first day of the month a year ago. Running it twice
    changes nothing, and whoever judges one of them at the same time is waited for.

    Args:
        session: of a caller who may judge them all.
        ids: some hundreds at most; all of them are in memory at once.
        lawbook: with rules and credit models.
        now: the moment of judgement.
    """
    moment = now or datetime.now(UTC)
    await session.fetch_raw(_LOCK, ids)
    today = legal_day(moment)
    since = date(today.year - 1, today.month, 1)
    span = _Span(lawbook, moment, today, since)
    organizations = [
        one for one in await get_all_supervised(session, ids, on=today) if OrganizationKind.BUREAU not in one.kinds
    ]
    found = [one.id for one in organizations]
    rules = [rule for pack in lawbook.packs for rule in pack.rules]
    fixed = sorted({since, today, *law_days(rules, since=since, until=today)})
    records = await gather_credit(session, found, since=since, now=moment)
    subjects = await gather_subjects(session, organizations, fixed, lawbook=lawbook, records=records)
    last_push = dict(await session.fetch_raw(_LAST_PUSH, found))
    known = await known_findings(session, found, since=since, for_writing=True)
    writes = _Writes(FindingWrites(), await known_judgements(session, found, since=since), [])
    results = []
    for one in organizations:
        about = _About(one, subjects[one.id], known[one.id], records[one.id], last_push.get(one.id))
        results.append(_evaluate(about, span, writes))
        await asyncio.sleep(0)  # hundreds take a second: others in this process have their turn
    await write_findings(session, writes.findings)
    await write_judgements(session, writes.judgements)
    await write_proposals(session, writes.vetoes, now=moment)
    return results


@dataclass(frozen=True, slots=True)
class _Span:
    """By which law-book and over which days is judged, and what was judged and made of models so far."""

    lawbook: LawBook
    now: datetime
    today: date
    since: date
    judged: JudgedBefore = field(default_factory=dict)
    models: ModelDigests = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _About:
    """All that is known of one organization."""

    organization: SupervisedOrganization
    subjects: Sequence[Subject]
    findings: Sequence[Row[Any]]
    record: CreditRecord
    last_push_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Writes:
    """What is to be written of all organizations together."""

    findings: FindingWrites
    judgements: JudgementWrites
    vetoes: list[dict[str, Any]]


def _evaluate(about: _About, span: _Span, writes: _Writes) -> Evaluation:
    """Judge one organization in each of its regions; what is to be written is added to the writes."""
    organization = about.organization
    kinds = subject_kinds(organization)
    closed = end_elsewhere(organization, kinds, about.findings, writes.findings, today=span.today, now=span.now)
    judged = opened = still_open = 0
    for region in organization.judged_regions:
        result = _judge(about, region, span)
        changes = bring_in_line(result, about.findings, writes.findings)
        model = span.lawbook.credit_model(region=region, on=span.today)
        models = Models(
            on=partial(span.lawbook.credit_model, region=region),
            history=partial(plain_history, organization, about.record, about.subjects, region=region, today=span.today),
            digests=span.models,
        )
        stored = partial(writes.judgements.score_digest, organization.id, region)
        scores = score_months(result, changes.lives, models, stored=stored)
        keep_scores(result, scores, writes.judgements)
        extra = StandingRow(
            points=_points(result),
            last_push_at=about.last_push_at,
            rated=model is not None,
            said=keep_verdicts(result, writes.judgements.verdicts),
            dismissed=frozenset(key for key, life in changes.lives.items() if life.state is State.DISMISSED),
        )
        keep_standing(result, extra, writes.judgements)
        if model is not None and region == organization.region:
            writes.vetoes.extend(proposed_vetoes(organization.id, about.record, model, now=span.now))
        judged += sum(len(course.last) for _, course in result.courses)
        opened, closed, still_open = opened + changes.opened, closed + changes.closed, still_open + changes.still_open
    return Evaluation(
        organization=organization.credit_code,
        regions=organization.judged_regions,
        judged=judged,
        opened=opened,
        closed=closed,
        open_findings=still_open,
    )


def _judge(about: _About, region: str, span: _Span) -> Judged:
    organization, lawbook = about.organization, span.lawbook
    cities = {subject.city for subject in about.subjects}
    here = {city for city in cities if organization.belongs_to(city, region)}
    return Judged(
        organization=organization,
        region=region,
        today=span.today,
        now=span.now,
        since=span.since,
        subject_kinds=subject_kinds(organization),
        courses=courses_of((one for one in about.subjects if one.city in here), lawbook.law_of(region), span.judged),
        pack_version=lawbook.versions_in_force(region=region, on=span.today),
    )


def _points(judged: Judged) -> int | None:
    """The points in service today, where they are known."""
    points = next(
        (
            one.facts["points"]
            for subject, course in judged.courses
            if not subject.key
            for one in course.last
            if "points" in one.facts
        ),
        None,
    )
    return points if isinstance(points, int) else None
