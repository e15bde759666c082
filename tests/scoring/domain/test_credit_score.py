"""The whole credit model: worked totals, penalties, vetoes, device health, exposure, and what is not assessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.domain.credit_bonus import of_confirmed
from hengjian.scoring.domain.credit_grades import Unrated, grade_of, printed_score
from hengjian.scoring.domain.credit_history import (
    CountedFinding,
    CreditHistory,
    Device,
    Failure,
    PastYear,
    Penalty,
    Span,
    Unit,
    VetoDecision,
)
from hengjian.scoring.domain.credit_score import CreditScore, credit_score, proposed_vetoes
from hengjian.scoring.domain.credit_steps import Cause
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import UndocumentedVetoError, UnknownPenaltyError
from tests.scoring.domain.histories import (
    ALL,
    AS_OF,
    HISTORIES,
    MODEL,
    WORKED,
    finding,
    findings,
    fined,
    on_site,
)

VETO = VetoDecision(item="falsification", document_no="乌环决〔2026〕7号", decided_on=date(2026, 3, 31))


def scored(history: CreditHistory, as_of: date = AS_OF) -> CreditScore:
    """The score by the shipped model."""
    return credit_score(history, MODEL, as_of)


def test_worked_example_of_a_contractor() -> None:
    """17.5 + 42.6 + 10 + 9.25 + 5 + 10 = 94.35, A."""
    found = scored(WORKED)
    assert [item.score for item in found.dimensions] == [
        Fraction(points) for points in ("17.5", "42.6", "10", "9.25", "5", "10")
    ]
    assert (found.total, found.grade, found.not_assessed) == (Fraction("94.35"), "A", ())


@pytest.mark.parametrize(("fine", "total", "grade"), [("20000", "79.35", "B"), ("20001", "74.35", "C")])
def test_a_fine_reduces_the_total_beyond_its_dimension(fine: str, total: str, grade: str) -> None:
    """15 or 20 points: 10 from D6, the rest from the total."""
    found = scored(fined(fine))
    assert (found.total, found.grade) == (Fraction(total), grade)
    last = found.dimensions[-1]
    assert (last.score, last.beyond) == (Fraction(0), Fraction("94.35") - 10 - Fraction(total))


def test_a_critical_finding_on_one_site_bars_the_best_grade() -> None:
    """That site loses 10 more: 1.5 of the total; 92.85 would be A and is B."""
    found = scored(replace(WORKED, findings=(*WORKED.findings, on_site("s1", "T-07", Severity.CRITICAL, ref="F-1"))))
    assert (found.total, found.grade, found.barred_by) == (Fraction("92.85"), "B", ("F-1",))


def test_a_veto_is_d_at_once_and_for_six_months_at_least() -> None:
    """Whatever the score, from its decision until another grade is granted, after the sixth month; in the first year too."""
    history = replace(WORKED, kind="institution", vetoes=(VETO,), filed_on=date(2026, 1, 5))
    assert scored(history, date(2026, 3, 30)).unrated is Unrated.FIRST_YEAR
    decided = scored(history, date(2026, 3, 31))
    assert (decided.grade, decided.veto, decided.regradable_from) == ("D", VETO, date(2026, 9, 30))
    assert decided.total is not None
    assert scored(history, date(2026, 9, 29)).grade == "D"
    rated = replace(history, filed_on=None)
    assert scored(rated, date(2026, 9, 30)).grade == "D"
    granted = replace(rated, vetoes=(replace(VETO, regraded_on=date(2026, 9, 30)),))
    assert scored(granted, date(2026, 9, 29)).grade == "D"
    assert scored(granted, date(2026, 9, 30)).grade != "D"
    assert scored(replace(history, vetoes=(replace(VETO, annulled_on=AS_OF),))).veto is None


def test_the_engine_only_proposes_a_veto() -> None:
    """A breached rule proposes an item and changes no grade; without a document number there is no decision."""
    history = replace(WORKED, findings=(finding("K-01", Severity.CRITICAL, dimension="D6"),))
    assert [item.id for item in proposed_vetoes(["K-01", "C-04"], MODEL)] == ["falsification"]
    assert proposed_vetoes(["C-04"], MODEL) == ()
    assert scored(history).grade == "B"
    with pytest.raises(UndocumentedVetoError):
        VetoDecision(item="falsification", document_no=" ", decided_on=AS_OF)


@pytest.mark.parametrize(
    ("points", "grade"), [("90", "A"), ("89.99", "B"), ("75", "B"), ("74.99", "C"), ("60", "C"), ("59.99", "D")]
)
def test_edges_of_grades(points: str, grade: str) -> None:
    """Each limit belongs to the better grade; fractions are compared unrounded."""
    assert grade_of(Fraction(points), MODEL) == grade
    below = Fraction(90) - Fraction(1, 3000)
    assert (grade_of(below, MODEL), printed_score(below, MODEL)) == ("B", "89.9997")


def test_without_sites_there_is_no_grade() -> None:
    """No business in the whole year is not 100 points; a site of last year is no business of this one."""
    for business, reason in (((), Unrated.NO_BUSINESS), (None, Unrated.BUSINESS_UNKNOWN)):
        found = scored(replace(WORKED, business=business, units=()))
        assert (found.total, found.grade, found.unrated) == (None, None, reason)
    gone = Span(date(2025, 1, 1), date(2025, 12, 31))
    assert scored(replace(WORKED, business=(gone,))).unrated is Unrated.NO_BUSINESS


@pytest.mark.parametrize(
    ("fine", "points"),
    [("0.01", 10), ("10000", 10), ("10000.01", 15), ("30000", 20), ("50000", 25), ("50001", 30), ("100000", 30),
     ("200000", 35), ("300000", 40), ("400000", 45), ("400000.01", 50)],
)  # fmt: skip
def test_bands_of_fines(fine: str, points: int) -> None:
    """The larger end of a band belongs to it."""
    assert MODEL.penalties.points("fine", Decimal(fine)) == points


def test_penalties_without_points_are_refused() -> None:
    """An unknown measure, and a fine without an amount, would silently cost nothing."""
    assert MODEL.penalties.points("warning") == 5
    for measure, fine in (("reprimand", None), ("fine", None), ("fine", Decimal(0))):
        with pytest.raises(UnknownPenaltyError):
            MODEL.penalties.points(measure, fine)


def test_a_penalty_counts_until_it_is_repaired() -> None:
    """Repair works three months after the duty was done at the earliest, and one document counts once."""
    penalty = Penalty(document_no="一号", measure="warning", decided_on=date(2026, 1, 10))
    lighter = replace(penalty, measure="correction_order")
    for item in (penalty, replace(penalty, duty_done_on=date(2026, 4, 1), repaired_on=date(2026, 4, 2))):
        assert scored(replace(WORKED, penalties=(item, lighter))).total == Fraction("89.35")
    repaired = replace(penalty, duty_done_on=date(2026, 3, 30), repaired_on=date(2026, 4, 2))
    assert scored(replace(WORKED, penalties=(repaired,))).total == Fraction("94.35")
    assert scored(replace(WORKED, penalties=(repaired,)), date(2026, 6, 29)).total == Fraction("94.25")
    assert scored(replace(WORKED, penalties=(penalty,)), date(2026, 1, 9)).total == Fraction("99.75")


@pytest.mark.parametrize(
    ("since", "minutes", "health"),
    [
        (date(2025, 6, 30), (), 100),
        (date(2024, 7, 1), (), 100),
        (date(2024, 6, 30), (), 95),
        (date(2025, 6, 30), (24 * 60,), 90),
        (date(2025, 6, 30), (24 * 60 + 1,), 80),
        (date(2025, 6, 30), (72 * 60,), 80),
        (date(2025, 6, 30), (72 * 60 + 1,), 70),
        (date(2000, 1, 1), (60,), 0),
    ],
)
def test_device_health(since: date, minutes: tuple[int, ...], health: int) -> None:
    """Age counts in full years after the first, failures by the hours of repair, and nothing falls below 0."""
    device = Device("d", since, failures=tuple(Failure(date(2026, 2, 2), item) for item in minutes))
    found = scored(replace(WORKED, devices=(device,)))
    assert found.dimensions[3].score == Fraction(health, 10)


def test_dimensions_without_data_are_not_assessed() -> None:
    """No sites, no devices, no data: None, neither 0 nor full; nothing at all assessed is not rated."""
    found = scored(replace(WORKED, units=(), devices=(), assessed=ALL - {"D5"}))
    assert [item.id for item in found.dimensions if item.score is None] == ["D2", "D4", "D5"]
    assert found.total == Fraction("97.5")
    assert scored(replace(WORKED, assessed=frozenset())).unrated is Unrated.NOT_ASSESSED


def test_a_silent_month_costs_the_whole_dimension() -> None:
    """A month with business and without a push: D3 is 0, and last year's silence does not count."""
    found = scored(replace(WORKED, silent_months=(date(2026, 2, 1),)))
    assert (found.dimensions[2].score, found.total) == (Fraction(0), Fraction("84.35"))
    assert scored(replace(WORKED, silent_months=(date(2025, 12, 1),))).total == Fraction("94.35")


CLEAN = tuple(PastYear(year=year, published_on=date(year + 1, 3, 20), rated=True) for year in (2024, 2025))


def test_two_clean_years_give_a_bonus_up_to_100() -> None:
    """94.35 and 5 points are 99.35; never above 100, and the steps say which years it rests on."""
    found = scored(replace(WORKED, years=CLEAN))
    assert (found.total, found.grade) == (Fraction("99.35"), "A")
    assert [(one.year, one.found.value) for one in found.years] == [(2024, "clean"), (2025, "clean")]
    assert [step.points for step in found.steps if step.cause is Cause.BONUS] == [5]
    assert scored(replace(WORKED, years=CLEAN, findings=())).total == 100


def fine_of(year: int) -> Penalty:
    return Penalty(document_no="罚1", measure="fine", decided_on=date(year, 12, 31), fine=Decimal(20_000))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"years": ()}, "unknown"),
        ({"years": CLEAN[:1]}, "unknown"),
        ({"years": (CLEAN[0], replace(CLEAN[1], published_on=date(2026, 7, 1)))}, "unknown"),
        ({"years": (CLEAN[0], replace(CLEAN[1], rated=False))}, "unrated"),
        ({"years": (CLEAN[0], replace(CLEAN[1], confirmed=1))}, "findings"),
        ({"years": (CLEAN[0], replace(CLEAN[1], undecided=2))}, "findings"),
        ({"years": CLEAN, "penalties": (fine_of(2025),)}, "penalty"),
        ({"years": CLEAN, "vetoes": (replace(VETO, decided_on=date(2025, 3, 1), regraded_on=AS_OF),)}, "veto"),
    ],
)
def test_what_is_not_known_to_be_clean_gives_no_bonus(change: dict[str, Any], why: str) -> None:
    """A year without a final grade is unknown, not clean; so are not rated ones, and every finding, penalty and veto."""
    found = scored(replace(WORKED, **change))
    assert found.years[-1].found.value == why
    assert [step for step in found.steps if step.cause is Cause.BONUS] == []


def test_years_before_those_and_what_was_annulled_do_not_count_against_the_bonus() -> None:
    """A penalty of 2023, one of this year (by its own points), and an annulled veto leave the bonus."""
    annulled = replace(VETO, decided_on=date(2025, 3, 1), annulled_on=date(2025, 9, 1))
    for change in ({"penalties": (fine_of(2023),)}, {"penalties": (fine_of(2026),)}, {"vetoes": (annulled,)}):
        found = scored(replace(WORKED, years=CLEAN, **change), date(2026, 12, 31))
        assert [step.points for step in found.steps if step.cause is Cause.BONUS] == [5], change


def test_the_official_bonus_does_not_ask_for_what_nobody_confirmed() -> None:
    """A finding of the year that was never decided takes the provisional bonus, not the official one."""
    held = replace(WORKED, years=(CLEAN[0], replace(CLEAN[1], undecided=1)))
    assert scored(held).total == Fraction("94.35")
    assert scored(of_confirmed(held)).total == Fraction("99.35")


def test_one_event_hits_one_rule() -> None:
    """Of two findings of one event the graver one costs."""
    both = (finding("C-04", Severity.MAJOR, event="e"), finding("C-02", Severity.MINOR, event="e"))
    assert scored(replace(WORKED, findings=both)).total == Fraction("97.25")


def test_a_repaired_minor_finding_stops_counting_for_later_months() -> None:
    """Accepted in April: March and April count, May and June do not; a major one goes on."""
    for severity, lost in ((Severity.MINOR, "1"), (Severity.MAJOR, "8")):
        open_one = finding("C-02", severity, first_day=date(2026, 3, 9), last_day=None, repaired_on=date(2026, 4, 3))
        assert scored(replace(WORKED, findings=(open_one,))).dimensions[0].lost == Fraction(lost)


@given(st.lists(findings(), max_size=6), st.integers(2, 100))
def test_exposure_does_not_matter(some: list[CountedFinding], times: int) -> None:
    """5 sites and 500 with the same breach rate score exactly alike."""
    few = [item for item in WORKED.findings + tuple(some) if item.unit]
    many = [replace(item, unit=f"{item.unit}-{n}", subject=f"{item.subject}-{n}") for item in few for n in range(times)]
    small = replace(WORKED, findings=tuple(few))
    large = replace(
        WORKED,
        findings=tuple(many),
        units=tuple(Unit(f"{unit.ref}-{n}", unit.service) for unit in WORKED.units for n in range(times)),
    )
    assert scored(small).total == scored(large).total


@given(HISTORIES)
def test_steps_lead_from_100_to_the_score(history: CreditHistory) -> None:
    """Each dimension lies between 0 and its cap, and the steps sum to the score, which is within 0 and 100."""
    found = scored(history)
    assert found.points == 100 + sum(step.points for step in found.steps)
    assert 0 <= found.points <= 100
    for item in found.dimensions:
        assert item.score is None or 0 <= item.score <= item.cap
    if found.unrated is None and found.assessed:
        assert found.total == found.points
