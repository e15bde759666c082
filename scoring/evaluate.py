"""Judge organizations: facts over a year, stretches of breach, findings, scores, standing."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session
from hengjian.scoring.carried_over import CarriedBusiness
from hengjian.scoring.carry_over import Memory, recall
from hengjian.scoring.credit_rows import Rows
from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.finding_life import State
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.subjects import Made
from hengjian.scoring.domain.timeline import JudgedBefore, courses_of, law_days
from hengjian.scoring.gather_credit import DECIDED, PUSHED, gather_rows, record_of
from hengjian.scoring.gather_subjects import gather_made, subject_kinds
from hengjian.scoring.judged import Judged
from hengjian.scoring.keep_results import found_wrong, keep, write_memory
from hengjian.scoring.made_of import ScoreParts, made_of
from hengjian.scoring.propose_vetoes import proposed_vetoes, write_proposals
from hengjian.scoring.score_months import (
    ModelDigests,
    Models,
    business_of,
    digest_of_model,
    kind_of,
    month_ends,
    plain_history,
    score_months,
)
from hengjian.scoring.store_findings import (
    FindingChanges,
    FindingWrites,
    StoredFinding,
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
from hengjian.scoring.store_verdicts import Said, keep_verdicts
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization, get_all_supervised

_log = structlog.get_logger()
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
    session: Session, tenant_id: UUID, *, lawbook: LawBook, now: datetime | None = None, anew: bool = False
) -> Evaluation | None:
    """Judge one organization as `evaluate_slice` does, carrying over nothing when it is to be `anew`; None for a bureau."""
    found = await evaluate_slice(session, [tenant_id], lawbook=lawbook, now=now, anew={tenant_id} if anew else ())
    return found[0] if found else None


async def evaluate_slice(
    session: Session,
    ids: Sequence[UUID],
    *,
    lawbook: LawBook,
    now: datetime | None = None,
    anew: Collection[UUID] = (),
) -> list[Evaluation]:
    """Judge organizations by the law-book and bring findings, scores and standings in line; bureaus are left out.

    Past days are judged as their facts are known now, from the first day of the month a year ago. What the judgement
    before said of a rule is carried over while all that it rests on is the same. Running it twice changes nothing, and
    whoever judges one of them at the same time is waited for.

    Args:
        session: of a caller who may judge them all.
        ids: some hundreds at most; all of them are in memory at once.
        lawbook: with rules and credit models.
        now: the moment of judgement.
        anew: those of whom nothing is carried over; what would have been is compared with what is found.
    """
    moment = now or datetime.now(UTC)
    await session.fetch_raw(_LOCK, ids)
    today = legal_day(moment)
    since = date(today.year - 1, today.month, 1)
    organizations = [
        one for one in await get_all_supervised(session, ids, on=today) if OrganizationKind.BUREAU not in one.kinds
    ]
    found = [one.id for one in organizations]
    rules = [rule for pack in lawbook.packs for rule in pack.rules]
    fixed = sorted({since, today, *law_days(rules, since=since, until=today)})
    decided = await gather_rows(session, found, since=since, kinds=DECIDED)
    records = {one: record_of(rows, now=moment) for one, rows in decided.items()}
    judgements = await known_judgements(session, found, since=since)
    said = judgements.verdicts.stored
    memory = await recall(session, organizations, lawbook=lawbook, since=since, today=today, said=said, anew=anew)
    wanted = memory.wanted
    made = await gather_made(session, organizations, fixed, lawbook=lawbook, records=records, wanted=wanted)
    last_push = dict(await session.fetch_raw(_LAST_PUSH, found))
    known = await known_findings(session, found, since=since, for_writing=True)
    span = _Span(lawbook, moment, today, since, memory)
    writes = _Writes(FindingWrites(), judgements, [])
    results = []
    for one in organizations:
        about = _About(one, made[one.id], known[one.id], decided[one.id], records[one.id], last_push.get(one.id))
        results.append(_evaluate(about, span, writes))
        await asyncio.sleep(0)  # hundreds take a second: others in this process have their turn
    await _score(session, results, span, writes)
    await write_findings(session, writes.findings)
    await write_judgements(session, writes.judgements)
    await write_memory(session, memory)
    for wrong in await found_wrong(session, memory):
        await _log.aerror("evaluate.carried_over_wrong", **wrong)
    await write_proposals(session, writes.vetoes, now=moment)
    return [_told(one) for one in results]


@dataclass(frozen=True, slots=True)
class _Span:
    """By which law-book and over which days is judged, and what was judged and made of models so far."""

    lawbook: LawBook
    now: datetime
    today: date
    since: date
    memory: Memory
    judged: JudgedBefore = field(default_factory=dict)
    models: ModelDigests = field(default_factory=dict)
    months: dict[str, Mapping[date, int]] = field(default_factory=dict)

    def models_of(self, region: str, history: Callable[[CreditModel], CreditHistory]) -> Models:
        """The credit models of a region, with what a history without findings is by them."""
        return Models(on=partial(self.lawbook.credit_model, region=region), history=history, digests=self.models)

    def digests(self, region: str) -> Mapping[date, int]:
        """By month, a digest of the credit model that scores it; months without one have none."""
        if region not in self.months:
            found = {
                day: self.lawbook.credit_model(region=region, on=day) for day in month_ends(self.since, self.today)
            }
            self.months[region] = {
                day.replace(day=1): digest_of_model(model, self.models) for day, model in found.items() if model
            }
        return self.months[region]


@dataclass(frozen=True, slots=True)
class _About:
    """All that is known of one organization; `record` is its credit record as far as people decided it (`decided`)."""

    organization: SupervisedOrganization
    made: Made
    findings: Sequence[StoredFinding]
    decided: Rows
    record: CreditRecord
    last_push_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Writes:
    """What is to be written of all organizations together."""

    findings: FindingWrites
    judgements: JudgementWrites
    vetoes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _InRegion:
    """One organization judged in one region; `same` when its scores are made of what the stored ones were made of."""

    judged: Judged
    changes: FindingChanges
    business: CarriedBusiness
    said: Said
    same: bool


@dataclass(frozen=True, slots=True)
class _Result:
    """One organization judged in each of its regions."""

    about: _About
    closed: int
    regions: Sequence[_InRegion]


def _evaluate(about: _About, span: _Span, writes: _Writes) -> _Result:
    """Judge one organization in each of its regions; what is to be written is added to the writes."""
    organization, memory = about.organization, span.memory
    kinds = subject_kinds(organization)
    closed = end_elsewhere(organization, kinds, about.findings, writes.findings, today=span.today, now=span.now)
    regions = []
    for region in organization.judged_regions:
        result = _judge(about, region, span)
        changes = bring_in_line(result, about.findings, writes.findings)
        business = _business(about, region, span)
        said = keep_verdicts(result, writes.judgements.verdicts)
        models = span.digests(region)
        scored = made_of(memory, result, changes.lives, ScoreParts(list(models.items()), about.decided, business))
        keep(memory, result, said, about.made, business=business, scored=scored)
        same = scored == memory.scored(organization.id, region)
        same = same and writes.judgements.all_scored(organization.id, region, models)
        regions.append(_InRegion(result, changes, business, said, same))
    return _Result(about, closed, regions)


async def _score(session: Session, results: Sequence[_Result], span: _Span, writes: _Writes) -> None:
    """Score the months of those of whom the scores are made of something else, and show each in its standing."""
    others = [one.about.organization.id for one in results if not all(place.same for place in one.regions)]
    pushed = await gather_rows(session, others, since=span.since, kinds=PUSHED) if others else {}
    for one in results:
        organization = one.about.organization
        record = one.about.record
        if organization.id in pushed:
            record = record_of({**one.about.decided, **pushed[organization.id]}, now=span.now)
        for place in one.regions:
            region = place.judged.region
            if not place.same:
                about = organization, record, place.business.days()
                history = partial(plain_history, *about, region=region, today=span.today)
                stored = partial(writes.judgements.score_digest, organization.id, region)
                models = span.models_of(region, history)
                scores = score_months(place.judged, place.changes.lives, models, stored=stored)
                keep_scores(place.judged, scores, writes.judgements)
            model = span.lawbook.credit_model(region=region, on=span.today)
            if model is not None and region == organization.region:
                writes.vetoes.extend(proposed_vetoes(organization.id, record, model, now=span.now))
            lives = place.changes.lives
            extra = StandingRow(
                points=place.business.points,
                last_push_at=one.about.last_push_at,
                rated=model is not None,
                said=place.said,
                dismissed=frozenset(key for key, life in lives.items() if life.state is State.DISMISSED),
            )
            keep_standing(place.judged, extra, writes.judgements)
        await asyncio.sleep(0)


def _told(result: _Result) -> Evaluation:
    organization, regions = result.about.organization, result.regions
    return Evaluation(
        organization=organization.credit_code,
        regions=organization.judged_regions,
        judged=sum(one.judged.judged for one in regions),
        opened=sum(one.changes.opened for one in regions),
        closed=result.closed + sum(one.changes.closed for one in regions),
        open_findings=sum(one.changes.still_open for one in regions),
    )


def _judge(about: _About, region: str, span: _Span) -> Judged:
    organization, lawbook = about.organization, span.lawbook
    cities = {subject.city for subject in about.made.subjects}
    here = {city for city in cities if organization.belongs_to(city, region)}
    carried = span.memory.kept(organization.id, region)
    law = span.memory.law_left(region, carried)
    return Judged(
        organization=organization,
        region=region,
        today=span.today,
        now=span.now,
        since=span.since,
        subject_kinds=subject_kinds(organization),
        courses=courses_of((one for one in about.made.subjects if one.city in here), law, span.judged),
        pack_version=lawbook.versions_in_force(region=region, on=span.today),
        carried=carried,
    )


def _business(about: _About, region: str, span: _Span) -> CarriedBusiness:
    """The days with business and the points of today, from the facts made now, or else as carried over."""
    held = span.memory.business(about.organization.id, region)
    if held is not None:
        return held
    kind = kind_of(about.organization.kinds)
    days = business_of(kind, about.made.subjects)
    whole = next((one for one in about.made.subjects if one.kind == "contractor"), None)
    points = whole.by_day.get(span.today, {}).get("points") if whole else None
    return CarriedBusiness(
        turns_on=about.made.turns.get("contractor", date.min),
        spans=None if days is None else tuple((one.first_day, one.last_day) for one in days),
        points=points if isinstance(points, int) else None,
    )
