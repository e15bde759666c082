"""The credit score of capability findings alone: points, caps, months, grades, and when there is no grade."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.domain.credit_grades import Unrated, grade_of, printed_score, unrated_reason
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory, Span
from hengjian.scoring.domain.credit_losses import RuleCost, charges_of, rule_costs
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.lawbook_files import load_lawbook

TODAY = date(2026, 11, 20)


def loaded_model() -> CreditModel:
    """The shipped model."""
    model = load_lawbook().credit_model(region="650102", on=TODAY)
    assert model is not None
    return model


MODEL = loaded_model()


def finding(rule: str, severity: Severity, **changes: object) -> CountedFinding:
    """A finding of today."""
    values = {"subject": "self", "dimension": "D1", "first_day": TODAY, "last_day": TODAY} | changes
    return CountedFinding(rule=rule, severity=severity, **values)  # type: ignore[arg-type] # made of the changes


def score(*findings: CountedFinding, kind: str = "contractor", business: bool = True) -> CreditScore:
    """The score of a contractor today, of whom only D1 is assessed."""
    history = CreditHistory(
        kind=kind,
        assessed=frozenset({"D1"}),
        business=(Span(date(2026, 1, 1)),) if business else (),
        findings=findings,
    )
    return credit_score(history, MODEL, TODAY)


def losses(*findings: CountedFinding) -> tuple[RuleCost, ...]:
    """What the findings cost, rule by rule."""
    return rule_costs(charges_of(findings, TODAY), MODEL)


def test_worked_example() -> None:
    """A major and a minor breach: D1 has 17.5 of 20, the total is 97.5, A, and five dimensions are not assessed."""
    found = score(finding("C-04", Severity.MAJOR), finding("C-02", Severity.MINOR))
    first, *others = found.dimensions
    assert (first.id, first.cap, first.score, found.total, found.grade) == (
        "D1",
        20,
        Fraction("17.5"),
        Fraction("97.5"),
        "A",
    )
    assert all(item.score is None and item.lost is None for item in others)
    assert found.assessed == ("D1",)
    assert found.not_assessed == ("D2", "D3", "D4", "D5", "D6")


def test_device_health_is_the_contractors_only() -> None:
    """An institution has no dimension D4."""
    found = score(kind="institution")
    assert found.not_assessed == ("D2", "D3", "D5", "D6")


def test_one_breach_costs_once_a_month() -> None:
    """Days of one month count once, at the gravest; months of an earlier year do not count."""
    twice = losses(finding("C-04", Severity.MINOR), finding("C-04", Severity.MAJOR))
    assert [(len(loss.charges), loss.points) for loss in twice] == [(1, Decimal(2))]
    long = losses(finding("C-04", Severity.MAJOR, first_day=date(2025, 11, 5)))
    assert [(len(loss.charges), loss.uncapped, loss.points) for loss in long] == [(11, Decimal(22), Decimal(10))]
    assert losses(finding("C-04", Severity.MAJOR, first_day=date(2025, 1, 5), last_day=date(2025, 12, 31))) == ()


def test_subjects_count_apart_up_to_the_rules_cap() -> None:
    """Three persons without a pledge cost three times; a hundred cost the cap of the rule."""
    people = [finding("C-13", Severity.MAJOR, subject=f"p{number}") for number in range(100)]
    assert score(*people[:3]).total == Decimal(94)
    assert score(*people).total == Decimal(90)


def test_dimension_loses_no_more_than_its_cap() -> None:
    """Whatever is breached in D1, the total loses 20 at most."""
    everything = [finding(f"C-{number:02}", Severity.CRITICAL) for number in range(1, 16)]
    found = score(*everything)
    assert (found.dimensions[0].lost, found.dimensions[0].score, found.total) == (
        Fraction(20),
        Fraction(0),
        Fraction(80),
    )


def test_notes_and_limits_from_memory_cost_nothing() -> None:
    """Info findings cost 0, and a limit known from memory costs 0 whatever the severity."""
    found = score(finding("C-10", Severity.INFO), finding("C-04", Severity.CRITICAL, costs_points=False))
    assert (found.total, found.grade) == (Fraction(100), "A")


def test_a_critical_finding_bars_the_best_grade() -> None:
    """95 points with a critical finding is B."""
    found = score(finding("C-05", Severity.CRITICAL))
    assert (found.total, found.grade) == (Fraction(95), "B")


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        ("90", "A"),
        ("89.99", "B"),
        ("89.995", "B"),
        ("75", "B"),
        ("74.99", "C"),
        ("60", "C"),
        ("59.99", "D"),
        ("0", "D"),
    ],
)
def test_grades_of_the_unrounded_score(points: str, grade: str) -> None:
    """The limits belong to the better grade, and nothing is rounded up into one."""
    assert grade_of(Decimal(points), MODEL) == grade


@pytest.mark.parametrize(
    ("points", "text"), [("89.995", "89.995"), ("89.99996", "89.99996"), ("94.35", "94.35"), ("94.345", "94.34")]
)
def test_printed_score(points: str, text: str) -> None:
    """Two decimals, half to even, and more where two would show a better grade than it is."""
    assert printed_score(Decimal(points), MODEL) == text


def test_not_rated() -> None:
    """Without business, with unknown business, and in the year of the first registration there is no grade."""
    assert unrated_reason(points=0, filed_on=None, as_of=TODAY) is Unrated.NO_BUSINESS
    assert unrated_reason(points=None, filed_on=None, as_of=TODAY) is Unrated.BUSINESS_UNKNOWN
    assert unrated_reason(points=5, filed_on=date(2026, 1, 1), as_of=TODAY) is Unrated.FIRST_YEAR
    assert unrated_reason(points=5, filed_on=date(2025, 12, 31), as_of=TODAY) is None
    found = score(business=False)
    assert (found.total, found.grade, found.unrated) == (None, None, Unrated.NO_BUSINESS)


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(["C-01", "C-02", "C-05"]),
        st.sampled_from(Severity),
        subject=st.sampled_from(["a", "b"]),
        first_day=st.dates(date(2025, 6, 1), TODAY),
    ),
    max_size=8,
)


@given(FINDINGS, FINDINGS)
def test_more_findings_never_raise_the_score(some: list[CountedFinding], more: list[CountedFinding]) -> None:
    """The order does not matter, and another finding never helps."""
    both = score(*some, *more)
    assert both == score(*reversed([*some, *more]))
    assert both.total is not None
    assert both.total <= (score(*some).total or 0)
