"""A score explained: what changed between two days, and the cheapest corrections for the next grade."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.credit_changes import what_changed
from hengjian.scoring.domain.credit_corrections import cheapest_corrections, with_corrections
from hengjian.scoring.domain.credit_gains import Correction
from hengjian.scoring.domain.credit_history import CreditHistory, Penalty
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.credit_steps import Cause
from hengjian.scoring.domain.verdicts import Severity
from tests.scoring.domain.histories import AS_OF, CYCLE, DAYS, HISTORIES, MODEL, WORKED, finding, findings, fined

YEAR_END = date(2026, 12, 31)


def scored(history: CreditHistory, as_of: date = AS_OF) -> CreditScore:
    """The score by the shipped model."""
    return credit_score(history, MODEL, as_of)


def test_waterfall_names_its_findings() -> None:
    """Each step from 100 to 94.35 says what it took and which findings, devices or documents are behind it."""
    steps = {step.key: step for step in scored(WORKED).steps}
    assert steps["D1", "rule", "C-04"].points == -2
    assert steps["D1", "rule", "C-04"].findings == ("C-04/self/2026-06-30",)
    assert steps["D2", "rule", "W-01"].points == Fraction("-1.2")
    assert steps["D2", "rule", "W-01"].findings == ("W-01/s2/2026-06-30", "W-01/s3/2026-06-30")
    assert steps["D4", "device_age", ""].findings == ("old",)
    assert steps["D4", "device_failures", ""].findings == ("new",)


def test_what_changed_names_what_came_and_went() -> None:
    """A fine came and the small office went: two items that sum to the difference, the fine first."""
    after = replace(fined("20000"), findings=WORKED.findings[:1] + WORKED.findings[2:])
    changes = what_changed(scored(WORKED), scored(after))
    assert [(item.cause, item.ref, item.points, item.came, item.went) for item in changes] == [
        (Cause.PENALTY, "罚〔2026〕1号", Fraction(-15), ("罚〔2026〕1号",), ()),
        (Cause.RULE, "C-02", Fraction("0.5"), (), ("C-02/self/2026-06-30",)),
    ]


@given(HISTORIES, HISTORIES, DAYS, DAYS)
def test_changes_sum_to_the_difference(one: CreditHistory, other: CreditHistory, first: date, second: date) -> None:
    """Whatever lies between two scores: other findings, kinds, months, years, dimensions."""
    before, after = scored(one, first), scored(other, second)
    assert sum(item.points for item in what_changed(before, after)) == after.points - before.points


@given(HISTORIES, DAYS)
def test_nothing_changed(history: CreditHistory, day: date) -> None:
    """The same history on the same day, in any order, has nothing to say."""
    turned = replace(history, findings=history.findings[::-1], penalties=history.penalties[::-1])
    assert what_changed(scored(history, day), scored(turned, day)) == ()


def test_cheapest_corrections() -> None:
    """74.5 by the end of the year; of three breaches and a fine it takes two for A: C-04 ended, the fine repaired."""
    history = replace(
        WORKED,
        findings=(
            finding("C-04", Severity.MAJOR, last_day=None, ref="supervisor"),
            finding("C-02", Severity.MINOR, last_day=None, ref="office"),
            finding("C-13", Severity.MAJOR, last_day=date(2026, 6, 30), ref="over"),
        ),
        penalties=(Penalty(document_no="罚1", measure="warning", decided_on=date(2026, 6, 1)),),
        devices=(),
    )
    plan = cheapest_corrections(history, MODEL, as_of=AS_OF, by=YEAR_END)
    assert plan is None, "A on the day: nothing is above it"
    plan = cheapest_corrections(replace(history, penalties=(fine("1"),)), MODEL, as_of=AS_OF, by=YEAR_END)
    assert plan is not None
    assert (plan.grade, plan.score.total) == ("A", Fraction("92.5"))
    assert (plan.reachable, plan.exact, plan.cost) == (True, True, 2)
    assert plan.corrections == (Correction("rectify", "supervisor"), Correction("repair", "罚1"))
    dear = cheapest_corrections(
        replace(history, penalties=(fine("1"),)), MODEL, as_of=AS_OF, by=date(2026, 9, 29), cost=lambda _: 5
    )
    assert dear is not None
    assert not dear.reachable, "the fine can be repaired from 30 September only"


def fine(amount: str) -> Penalty:
    """A fine of the day."""
    return Penalty(document_no="罚1", measure="fine", fine=Decimal(amount), decided_on=date(2026, 6, 1))


def test_a_hundred_alike_are_decided_exactly() -> None:
    """A hundred persons without a pledge and a fine: interchangeable, so the search ends, and is exact."""
    people = tuple(
        finding("C-13", Severity.MAJOR, subject=f"p{number}", ref=f"F{number:03}", last_day=None)
        for number in range(100)
    )
    history = replace(WORKED, findings=people, penalties=(fine("1"),), devices=())
    plan = cheapest_corrections(history, MODEL, as_of=AS_OF, by=YEAR_END)
    assert plan is not None
    assert (plan.exact, plan.reachable, plan.corrections) == (True, True, (Correction("repair", "罚1"),))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(findings(), min_size=1, max_size=4, unique_by=lambda item: item.ref),
    st.sampled_from(["1", "15000", "30000"]),
    st.sampled_from([date(2026, 9, 30), YEAR_END, date(2027, 2, 28)]),
    st.lists(st.integers(1, 4), min_size=6, max_size=6),
)
def test_the_plan_is_the_cheapest(some: list, amount: str, by: date, costs: list[int]) -> None:  # type: ignore[type-arg]
    """No other set of corrections reaches the grade for less: against all sets, with costs of any size."""
    history = replace(
        WORKED, business=(CYCLE,), devices=(),
        findings=tuple(replace(item, first_day=min(item.first_day, AS_OF), last_day=None) for item in some),
        penalties=(fine(amount),),
    )  # fmt: skip
    refs = sorted([*(item.ref for item in some), "罚1"])
    cost = {ref: costs[place] for place, ref in enumerate(refs)}
    plan = cheapest_corrections(history, MODEL, as_of=AS_OF, by=by, cost=lambda item: cost[item.ref])
    assume(plan is not None)
    assert plan is not None
    choices = [Correction("rectify", item.ref, cost[item.ref]) for item in some]
    choices.append(Correction("repair", "罚1", cost["罚1"]))
    best = None
    for size in range(len(choices) + 1):
        for chosen in combinations(choices, size):
            then = scored(with_corrections(history, chosen, as_of=AS_OF, model=MODEL), by)
            if then.grade is not None and then.grade <= plan.grade:
                spent = sum(item.cost for item in chosen)
                best = spent if best is None else min(best, spent)
    assert (plan.reachable, plan.exact) == (best is not None, True)
    if best is not None:
        assert plan.cost == best
        assert scored(with_corrections(history, plan.corrections, as_of=AS_OF, model=MODEL), by) == plan.score
