"""A score explained for people: steps to numbered findings, what changed since a day, what would raise it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.credit_changes import ScoreChange, what_changed
from hengjian.scoring.domain.credit_corrections import CorrectionPlan, cheapest_corrections
from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.dossier_decisions import lives_of, name_of
from hengjian.scoring.domain.dossier_result import Lives, history_with, judge_all, rules_of
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.errors import NoCreditModelError
from hengjian.scoring.prepare_dossier import gather_judgeable, read_history
from hengjian.scoring.read_cases import read_cases
from hengjian.tenants.api import SupervisedOrganization


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreMoved:
    """A score against that of an earlier day; `changes` sum to the difference of their points, always."""

    score: CreditScore
    before: CreditScore
    changes: tuple[ScoreChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplained:
    """One organization's score in one region: `provisional` of all that is not dismissed, `official` of the confirmed.

    `plan` is None when the organization is not rated or holds the best grade. `numbers` gives the finding's number
    for each name in steps, changes and plan.
    """

    model: CreditModel
    provisional: ScoreMoved
    official: ScoreMoved
    plan: CorrectionPlan | None
    numbers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What every score of one explanation is made from."""

    history: CreditHistory
    found: Sequence[Stretch]
    lives: Lives
    model: CreditModel

    def history_to(self, day: date, *, official: bool = False) -> CreditHistory:
        return history_with(self.history, self.found, day, lives=self.lives, official=official)

    def moved(self, since: date, as_of: date, *, official: bool) -> ScoreMoved:
        before, now = (credit_score(self.history_to(day, official=official), self.model, day) for day in (since, as_of))
        return ScoreMoved(score=now, before=before, changes=what_changed(before, now))


async def explain_score(
    session: ReadSession,
    organization: SupervisedOrganization,
    *,
    region: str,
    as_of: date,
    since: date,
    lawbook: LawBook,
) -> ScoreExplained:
    """Explain the score of a day, against that of an earlier one, and what would raise the grade.

    Raises:
        NoCreditModelError: no model is in force in the region on the day.
    """
    model = lawbook.credit_model(region=region, on=as_of)
    if model is None:
        raise NoCreditModelError(region, as_of)
    first = min(since, date(as_of.year - 1, as_of.month, 1))
    subjects = await gather_judgeable(session, organization, lawbook=lawbook, region=region, since=first, until=as_of)
    plain = await read_history(session, organization, subjects, region=region, model=model)
    found = judge_all(subjects, rules_of(lawbook, region))
    cases = await read_cases(session, organization.id, region, found)
    basis = _Basis(plain, found, lives_of(cases), model)
    return ScoreExplained(
        model=model,
        provisional=basis.moved(since, as_of, official=False),
        official=basis.moved(since, as_of, official=True),
        # The search may take a while; others are served meanwhile.
        plan=await asyncio.to_thread(_plan, basis, as_of),
        numbers={name_of(key): case.no for key, case in cases.items()},
    )


def _plan(basis: _Basis, as_of: date) -> CorrectionPlan | None:
    """By the end of this natural year; where months that counted forbid it, all through the next one.

    Breaches that last on the day last on until they are corrected, so that a new year's losses grow to its end.
    """
    plan = None
    for by in (date(as_of.year, 12, 31), date(as_of.year + 1, 12, 31)):
        plan = cheapest_corrections(basis.history_to(by), basis.model, as_of=as_of, by=by)
        if plan is None or plan.reachable:
            break
    return plan
