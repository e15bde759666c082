"""The scores of whom a change moves: judged whole as each night, and once more with the changed rule.

What a score is made of is read as a judgement reads it, decisions of other regions with it; nothing of it is told but
the score, which the bureau sees anyway.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import Caller, Database
from hengjian.scoring.changes.walk import Gathered, Walk, gather_sides
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.rule_impact import MonthMove
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import JudgedBefore, Stretch, stretches, stretches_of_all
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_subjects import subject_kinds
from hengjian.scoring.judged import Judged
from hengjian.scoring.score_months import Models, MonthScore, plain_history, score_months
from hengjian.scoring.store_findings import known_findings, lives_of
from hengjian.scoring.store_judgements import total_of
from hengjian.tenants.api import get_all_supervised

Place = tuple[UUID, str]


async def month_moves(
    database: Database, walk: Walk, ids: Iterable[UUID], *, now: datetime
) -> dict[Place, tuple[MonthMove, ...]]:
    """Each month's score without and with the change, by organization and judged region of the walk.

    It is what a judgement at the moment would store by either law-book: provisional, as if all open findings were
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
    scorer = _Scorer(walk, now)
    for one in gathered:
        identity = one.organization.id
        for region in walk.places_of(one.organization):
            about = _About(one, region, records[identity], findings[identity])
            found[identity, region] = tuple(scorer.moves(about))
            await asyncio.sleep(0)  # others in this process have their turn
    return found


@dataclass(frozen=True, slots=True)
class _About:
    """All that is known of one organization in one region."""

    gathered: Gathered
    region: str
    record: CreditRecord
    findings: Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class _Scorer:
    """Scores by the law-book without and with the change; what is alike is judged once."""

    walk: Walk
    now: datetime
    judged: JudgedBefore = field(default_factory=dict)

    def moves(self, about: _About) -> Iterator[MonthMove]:
        """Month after month without and with the change."""
        now, then = about.gathered.now, about.gathered.then
        before = self._whole(about, now)
        after = before if then is now else self._whole(about, then)
        old = self._scores(about, now, before, known={})
        made_of = {one.month: one.digest for one in old}
        new = {one.month: one for one in self._scores(about, then, self._changed(about, after), known=made_of)}
        for one in old:
            with_it = new.get(one.month, one)
            yield MonthMove(
                month=one.month,
                total_before=total_of(one.score),
                total_after=total_of(with_it.score),
                grade_before=one.score.grade,
                grade_after=with_it.score.grade,
            )

    def _whole(self, about: _About, subjects: Sequence[Subject]) -> tuple[Stretch, ...]:
        law = self.walk.before.law_of(about.region)
        return stretches_of_all(_here(about, subjects), law, self.judged)

    def _changed(self, about: _About, whole: Sequence[Stretch]) -> tuple[Stretch, ...]:
        """The stretches with those of the rule exchanged for those of the changed one, in the order of a judgement."""
        _, rules_after = self.walk.rules_on(about.region)
        subjects = list(_here(about, about.gathered.then))
        place = {id(subject): number for number, subject in enumerate(subjects)}
        found = [one for one in whole if one.rule.id != self.walk.rule_id]
        for subject in subjects:
            if subject.kind in self.walk.subject_kinds:
                own = stretches(subject, subject.days, rules_after)
                found += [one for one in own if one.rule.id == self.walk.rule_id]
        return tuple(sorted(found, key=lambda one: (place[id(one.subject)], one.rule.id, one.first_day)))

    def _scores(
        self, about: _About, subjects: Sequence[Subject], found: tuple[Stretch, ...], *, known: Mapping[Any, int]
    ) -> list[MonthScore]:
        organization, region = about.gathered.organization, about.region
        judged = Judged(
            organization=organization,
            region=region,
            today=self.walk.until,
            now=self.now,
            since=self.walk.since,
            subject_kinds=subject_kinds(organization),
            stretches=found,
            pack_version="",
        )
        models = Models(
            on=partial(self.walk.before.credit_model, region=region),
            history=partial(plain_history, judged, about.record, subjects),
        )
        return score_months(judged, lives_of(judged, about.findings), models, stored=known.get)


def _here(about: _About, subjects: Sequence[Subject]) -> Iterator[Subject]:
    belongs_to = about.gathered.organization.belongs_to
    return (one for one in subjects if belongs_to(one.city, about.region))
