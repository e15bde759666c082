"""The scores of whom a change moves: judged whole as each night, and once more with the changed rule.

What a score is made of is read as a judgement reads it, decisions of other regions with it; nothing of it is told but
the score, which the bureau sees anyway.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from uuid import UUID

from hengjian.platform.db import Caller, Database
from hengjian.scoring.changes.walk import Gathered, Walk, gather_sides
from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.credit_score import credit_score
from hengjian.scoring.domain.rule_impact import MonthMove
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import JudgedBefore, Stretch, courses_of, stretches
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_subjects import subject_kinds
from hengjian.scoring.score_months import Models, business_of, kind_of, plain_history, provisional_histories
from hengjian.scoring.store_findings import StoredFinding, known_findings, lives_of
from hengjian.scoring.store_judgements import total_of
from hengjian.tenants.api import get_all_supervised

Place = tuple[UUID, str]


async def month_moves(
    database: Database, walk: Walk, ids: Iterable[UUID], *, now: datetime
) -> dict[Place, tuple[MonthMove, ...]]:
    """The scores without and with the change of the months that may differ, and of the last, by organization and region.

    They are what a judgement at the moment would store by either law-book: provisional, as if all open findings were
    confirmed. Without a credit model a region has no months.

    Args:
        database: read in one transaction, as a judgement of all of them reads it.
        walk: the change.
        ids: some hundreds at most; all of them are in memory at once.
        now: the moment of judgement, on the last day of the walk.
    """
    rising = sorted(ids)
    if not rising:
        return {}
    caller = Caller(kind="slice", tenants=(rising[0], rising[-1]), actor="scoring.impact")
    async with database.read(caller) as session:
        organizations = await get_all_supervised(session, rising, on=walk.until)
        records = await gather_credit(session, rising, since=walk.since, now=now)
        gathered = await gather_sides(session, walk, organizations, records=records)
        findings = await known_findings(session, rising, since=walk.since)
    found: dict[Place, tuple[MonthMove, ...]] = {}
    scorer = _Scorer(walk)
    for one in gathered:
        identity, kinds = one.organization.id, subject_kinds(one.organization)
        for region in walk.places_of(one.organization):
            known = [row for row in findings[identity] if row.region == region and row.subject_kind in kinds]
            found[identity, region] = tuple(scorer.moves(_About(one, region, records[identity], known)))
            await asyncio.sleep(0)  # others in this process have their turn
    return found


@dataclass(frozen=True, slots=True)
class _About:
    """All that is known of one organization in one region."""

    gathered: Gathered
    region: str
    record: CreditRecord
    findings: Sequence[StoredFinding]


@dataclass(frozen=True, slots=True)
class _Scorer:
    """Scores by the law-book without and with the change; what is alike is judged once."""

    walk: Walk
    judged: JudgedBefore = field(default_factory=dict)

    def moves(self, about: _About) -> Iterator[MonthMove]:
        """The months of which the history is another with the change, and the last one."""
        now, then = about.gathered.now, about.gathered.then
        whole = self._whole(about, now)
        models = self._models(about, now)
        before = self._histories(about, whole, models)
        if then is not now:
            whole, models = self._whole(about, then), self._models(about, then)
        after = self._histories(about, self._changed(about, whole), models)
        for (as_of, model, old), (_, _, new) in zip(before, after, strict=True):
            if new == old and as_of != self.walk.until:
                continue
            score = credit_score(old, model, as_of)
            with_it = score if new == old else credit_score(new, model, as_of)
            yield MonthMove(
                month=as_of.replace(day=1),
                total_before=total_of(score),
                total_after=total_of(with_it),
                grade_before=score.grade,
                grade_after=with_it.grade,
            )

    def _whole(self, about: _About, subjects: Sequence[Subject]) -> tuple[Stretch, ...]:
        """The stretches of every rule, those of the walk's own last."""
        law = self.walk.before.law_of(about.region)
        courses = courses_of(_here(about, subjects), law, self.judged)
        found = (one.of(subject) for subject, course in courses for one in course.stretches)
        return tuple(sorted(found, key=lambda one: one.rule.id == self.walk.rule_id))

    def _changed(self, about: _About, whole: Sequence[Stretch]) -> tuple[Stretch, ...]:
        """The stretches with those of the rule exchanged for those of the changed one."""
        changed = self.walk.laws_of(about.region).changed
        others = (one for one in whole if one.rule.id != self.walk.rule_id)
        subjects = (one for one in _here(about, about.gathered.then) if one.kind in self.walk.subject_kinds)
        return (*others, *(found for one in subjects for found in stretches(one, one.days, changed)))

    def _models(self, about: _About, subjects: Sequence[Subject]) -> Models:
        organization, region, today = about.gathered.organization, about.region, self.walk.until
        business = business_of(kind_of(organization.kinds), subjects)
        plain = partial(plain_history, organization, about.record, business, region=region, today=today)
        return Models(on=partial(self.walk.before.credit_model, region=region), history=plain)

    def _histories(
        self, about: _About, found: Sequence[Stretch], models: Models
    ) -> Iterator[tuple[date, CreditModel, CreditHistory]]:
        lives = lives_of([one for one in found if one.is_breach], about.findings)
        return provisional_histories(found, lives, models, since=self.walk.since, today=self.walk.until)


def _here(about: _About, subjects: Sequence[Subject]) -> Iterator[Subject]:
    belongs_to = about.gathered.organization.belongs_to
    return (one for one in subjects if belongs_to(one.city, about.region))
