"""Judge one organization: facts over a year, stretches of breach, findings, scores, standing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session
from hengjian.scoring.domain.counting import counted_stretches
from hengjian.scoring.domain.finding_life import State
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import law_days, stretches
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_subjects import gather_subjects, subject_kinds
from hengjian.scoring.judged import Judged
from hengjian.scoring.propose_vetoes import propose_vetoes
from hengjian.scoring.score_months import plain_history, score_months
from hengjian.scoring.store_findings import FindingChanges, end_elsewhere, store_findings
from hengjian.scoring.store_judgements import Scores, StandingRow, store_judgements, store_scores, store_standing
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization, get_supervised

_LOCK = "select pg_advisory_xact_lock(hashtextextended('evaluate' || $1::uuid::text, 0))"
_LAST_PUSH = "select max(received_at) from push_batch where tenant_id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one evaluation found, for logs and the command line."""

    organization: str
    regions: tuple[str, ...]
    judged: int
    opened: int
    closed: int
    open_findings: int


async def evaluate_organization(
    session: Session, tenant_id: UUID, *, lawbook: LawBook, now: datetime | None = None
) -> Evaluation | None:
    """Judge an organization by the law-book and bring findings, scores and standing in line; None for a bureau.

    Past days are judged as their facts are known now, from the first day of the month a year ago. Running it twice
    changes nothing.
    """
    moment = now or datetime.now(UTC)
    await session.fetch_raw(_LOCK, tenant_id)
    organization = await get_supervised(session, tenant_id, on=legal_day(moment))
    if organization is None or OrganizationKind.BUREAU in organization.kinds:
        return None
    today = legal_day(moment)
    since = date(today.year - 1, today.month, 1)
    rules = [rule for pack in lawbook.packs for rule in pack.rules]
    fixed = sorted({since, today, *law_days(rules, since=since, until=today)})
    record = (await gather_credit(session, [tenant_id], since=since, now=moment))[tenant_id]
    subjects = await gather_subjects(session, organization, fixed, lawbook=lawbook, record=record)
    last_push = (await session.fetch_raw(_LAST_PUSH, tenant_id))[0]["max"]
    judged = opened = still_open = 0
    kinds = subject_kinds(organization)
    closed = await end_elsewhere(session, organization, kinds, today=today, now=moment)
    for region in organization.judged_regions:
        result = _judge(organization, region, subjects, lawbook=lawbook, now=moment, since=since)
        changes = await store_findings(session, result)
        model = lawbook.credit_model(region=region, on=today)
        history = plain_history(result, record, model, subjects) if model else None
        scores = [
            score_months(
                result, counted_stretches(result.stretches, changes.lives, official=official), model, history=history
            )
            for official in (False, True)
        ]
        await _store(session, result, Scores(*scores), changes=changes, last_push_at=last_push)
        judged += sum(stretch.until is None for stretch in result.stretches)
        if model is not None and region == organization.region:
            await propose_vetoes(session, tenant_id, record, model, now=moment)
        opened, closed, still_open = opened + changes.opened, closed + changes.closed, still_open + changes.still_open
    return Evaluation(
        organization=organization.credit_code,
        regions=organization.judged_regions,
        judged=judged,
        opened=opened,
        closed=closed,
        open_findings=still_open,
    )


def _judge(
    organization: SupervisedOrganization,
    region: str,
    subjects: Sequence[Subject],
    *,
    lawbook: LawBook,
    now: datetime,
    since: date,
) -> Judged:

    def rules_on(day: date) -> tuple[RuleInForce, ...]:
        return lawbook.rules_in_force(region=region, on=day)

    today = legal_day(now)
    here = [subject for subject in subjects if organization.belongs_to(subject.city, region)]
    found = tuple(stretch for subject in here for stretch in stretches(subject, subject.days, rules_on))
    packs = sorted({lawbook.pack_of(rule.rule).version for rule in rules_on(today)})
    return Judged(
        organization=organization,
        region=region,
        today=today,
        now=now,
        since=since,
        subject_kinds=subject_kinds(organization),
        stretches=found,
        pack_version=" ".join(packs),
    )


async def _store(
    session: Session, judged: Judged, scores: Scores, *, changes: FindingChanges, last_push_at: datetime | None
) -> None:
    await store_judgements(session, judged)
    await store_scores(session, judged, scores)
    points = next(
        (
            s.facts.get("points")
            for s in judged.stretches
            if s.until is None and "points" in s.facts and not s.subject.key
        ),
        None,
    )
    row = StandingRow(
        points=points if isinstance(points, int) else None,
        last_push_at=last_push_at,
        dismissed=frozenset(key for key, life in changes.lives.items() if life.state is State.DISMISSED),
    )
    await store_standing(session, judged, scores, row)
