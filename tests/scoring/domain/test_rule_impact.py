"""The score that a changed rule would have given, from the stored one: as scoring everything anew gives it."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from hengjian.scoring.changes.impact import stored_month
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory
from hengjian.scoring.domain.credit_losses import RuleCost, charges_of, rule_costs
from hengjian.scoring.domain.rule_impact import moved_score
from hengjian.scoring.score_months import MonthScore, _month_score
from hengjian.scoring.store_judgements import _step, losses_of, points_of, total_of
from tests.scoring.domain.histories import DAYS, HISTORIES, MODEL, WORKED, findings

RULE = "C-01D1"
OF_RULE = st.lists(
    findings().map(lambda one: replace(one, rule=RULE, dimension="D1", subject="self", unit=None)), max_size=3
)
ON_SITES = st.lists(findings().filter(lambda one: one.unit is not None), min_size=1, max_size=2)


def row_of(month: MonthScore) -> Any:
    """What is stored of a score, as far as a preview reads it."""
    result = month.score
    dimensions = [
        {"id": item.id, "cap": item.cap, "lost": None if item.lost is None else str(points_of(item.lost))}
        for item in result.dimensions
    ]
    return SimpleNamespace(
        month=month.month,
        as_of=result.as_of,
        total=total_of(result),
        grade=result.grade,
        unrated=result.unrated,
        dimensions=dimensions,
        losses=losses_of(month),
        steps=[_step(step) for step in result.steps if step.cause != "rule"],
    )


def costs(found: list[CountedFinding], on: date) -> tuple[RuleCost, ...]:
    return rule_costs(charges_of(found, on), MODEL)


def scored(history: CreditHistory, on: date) -> MonthScore:
    return _month_score((history, history), MODEL, on, digest=0, open_findings=0)


@given(HISTORIES, OF_RULE, OF_RULE, DAYS)
def test_the_moved_score_is_that_of_scoring_anew(
    history: CreditHistory, before: list[CountedFinding], after: list[CountedFinding], on: date
) -> None:
    """Whatever else counts: penalties, silent months, devices, means over sites, a bonus, and both ends of the scale."""
    others = tuple(one for one in history.findings if one.rule != RULE)
    judged = history.assessed | {"D1"} | {one.dimension for one in others}
    old, new = (
        scored(replace(history, vetoes=(), assessed=judged, findings=(*others, *some)), on) for some in (before, after)
    )
    assume(
        [step for step in old.score.steps if step.cause == "bonus"]
        == [step for step in new.score.steps if step.cause == "bonus"]
    )
    told = moved_score(stored_month(row_of(old)), costs(before, on), costs(after, on), [RULE], MODEL)
    if old.score.total is None:
        assert told == (None, old.score.grade)
    else:
        assert told == (total_of(new.score), new.score.grade)


@given(HISTORIES, ON_SITES, DAYS)
def test_a_mean_over_sites_is_unknown(history: CreditHistory, sites: list[CountedFinding], on: date) -> None:
    """Rather no score than a wrong one; without another cost it stays the stored one."""
    whole = replace(history, vetoes=(), silent_months=(), filed_on=None, assessed=history.assessed | {"D2"})
    month = stored_month(row_of(scored(replace(whole, units=WORKED.units, business=WORKED.business), on)))
    assume(month.total is not None)
    later = costs(sites, on)
    told = moved_score(month, (), later, [one.rule for one in sites], MODEL)
    assert (told == (None, None)) == any(cost.points for cost in later)
