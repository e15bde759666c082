"""A score explained for people: steps to numbered findings, what changed since a day, what would raise it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.domain.credit_changes import ScoreChange, what_changed
from hengjian.scoring.domain.credit_corrections import CorrectionPlan, cheapest_corrections
from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.dossier_result import history_with, judge_all, rules_of
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.errors import NoCreditModelError
from hengjian.scoring.prepare_dossier import gather_judgeable, read_history
from hengjian.tenants.api import SupervisedOrganization

_NUMBERS = sql("""
    select no, rule_id, subject_kind, subject, opened_on, closed_on from finding
    where tenant_id = :tenant and region = :region and closed_on is distinct from opened_on order by opened_on, no
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplained:
    """One organization's score in one region.

    `changes` lead from the score `before` and sum to the difference. `plan` is None when the organization is not
    rated or holds the best grade. `numbers` gives the finding's number for each name in steps, changes and plan.
    """

    model: CreditModel
    score: CreditScore
    before: CreditScore
    changes: tuple[ScoreChange, ...]
    plan: CorrectionPlan | None
    numbers: Mapping[str, str]


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
    now, before = (_score(plain, found, model, day) for day in (as_of, since))
    return ScoreExplained(
        model=model,
        score=now,
        before=before,
        changes=what_changed(before, now),
        plan=_plan(plain, found, model, as_of),
        numbers=await _numbers(session, organization.id, region, found),
    )


def _score(history: CreditHistory, found: Sequence[Stretch], model: CreditModel, day: date) -> CreditScore:
    return credit_score(history_with(history, found, day), model, day)


def _plan(history: CreditHistory, found: Sequence[Stretch], model: CreditModel, as_of: date) -> CorrectionPlan | None:
    """By the end of this natural year; where months that counted forbid it, by the first month's end of the next.

    Breaches that last on the day last on until they are corrected.
    """
    plan = None
    for by in (date(as_of.year, 12, 31), date(as_of.year + 1, 1, 31)):
        plan = cheapest_corrections(history_with(history, found, by), model, as_of=as_of, by=by)
        if plan is None or plan.reachable:
            break
    return plan


async def _numbers(session: ReadSession, tenant_id: UUID, region: str, found: Sequence[Stretch]) -> dict[str, str]:
    """A finding keeps its number over its whole breach; a stretch that was cut short belongs to the one that holds it."""
    rows = await session.all(_NUMBERS, {"tenant": tenant_id, "region": region})
    numbers: dict[str, str] = {}
    for stretch in found:
        if not stretch.is_breach:
            continue
        subject = f"{stretch.subject.kind}:{stretch.subject.key}"
        for row in rows:
            same = (row.rule_id, row.subject_kind, row.subject) == (
                stretch.rule.id, stretch.subject.kind, stretch.subject.key,
            )  # fmt: skip
            if same and row.opened_on <= stretch.first_day and (row.closed_on or date.max) > stretch.first_day:
                numbers[f"{stretch.rule.id}/{subject}/{stretch.first_day}"] = row.no
    return numbers
