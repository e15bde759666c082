"""Every shortcut of a judgement says exactly what the plain way says."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from hengjian.scoring.domain.counted import counted_findings, counted_up_to
from hengjian.scoring.domain.credit_history import CreditHistory, Span, Unit
from hengjian.scoring.domain.credit_losses import by_unit, charges_of, rule_costs
from hengjian.scoring.domain.credit_steps import Cause, dimension_steps
from hengjian.scoring.domain.register_rows import Alike
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import JudgedBefore, Part, RulesOn, Stretch, courses_of, stretches
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict
from hengjian.scoring.gather_fieldwork import fieldwork
from tests.scoring.domain.histories import AS_OF, DAYS, MODEL, findings
from tests.scoring.domain.test_fieldwork import BOOK, FEW, FIXED, TERMS, registers, span_of

RULE = next(one for one in BOOK.rules_in_force(region="65", on=AS_OF) if one.id == "C-04")
SERVICE = some.builds(Span, DAYS, some.just(date(2026, 12, 31)))
HISTORIES = some.builds(
    CreditHistory,
    kind=some.just("contractor"),
    assessed=some.just(frozenset({"D2"})),
    findings=some.lists(findings(), max_size=8).map(tuple),
    units=some.lists(
        some.builds(Unit, some.sampled_from([f"s{n}" for n in range(1, 8)]), some.tuples(SERVICE)),
        max_size=7,
        unique_by=lambda unit: unit.ref,
    ).map(tuple),
)


def one_by_one(history: CreditHistory) -> dict[tuple[Cause, str], tuple[Fraction, tuple[str, ...]]]:
    """What each rule takes from the mean of the units and what the floor gives back, unit after unit."""
    dimension, start = MODEL.dimension("D2"), AS_OF.replace(month=1, day=1)
    days = {unit.ref: sum(span.days_within(start, AS_OF) for span in unit.service) for unit in history.units}
    points: dict[tuple[Cause, str], Fraction] = defaultdict(Fraction)
    names: dict[tuple[Cause, str], set[str]] = defaultdict(set)
    mine = [finding for finding in history.findings if finding.dimension == "D2"]
    for unit, held in by_unit(mine, (ref for ref, served in days.items() if served)).items():
        share = Fraction(dimension.caps["contractor"] * days[unit], sum(days.values()) * 100)
        costs = rule_costs(charges_of(held, AS_OF), MODEL)
        for cost in costs:
            points[Cause.RULE, cost.rule] -= share * MODEL.unit_factor * Fraction(cost.points)
            names[Cause.RULE, cost.rule].update(cost.findings)
        below = MODEL.unit_factor * sum(Fraction(cost.points) for cost in costs) - 100
        if below > 0:
            points[Cause.UNIT_FLOOR, ""] += share * below
    return {key: (taken, tuple(sorted(names[key]))) for key, taken in points.items()}


@given(HISTORIES)
def test_units_weighed_together_come_to_what_each_comes_to(history: CreditHistory) -> None:
    """Units without findings of their own share those of the organization: their points are the same, exactly."""
    steps = dimension_steps(MODEL.dimension("D2"), history, MODEL, AS_OF)
    if not any(span.days_within(date(2026, 1, 1), AS_OF) for unit in history.units for span in unit.service):
        assert steps is None
        return
    found = {(one.cause, one.ref): (one.points, one.findings) for one in steps or ()}
    found.pop((Cause.DIMENSION_CAP, ""), None)
    assert found == one_by_one(history)


@some.composite
def breaches(draw: some.DrawFn) -> Stretch:
    """A breach in parts of random gravity, ended or not."""
    turns = sorted(draw(some.lists(DAYS, min_size=1, max_size=4, unique=True)))
    parts = tuple(Part(day, draw(some.sampled_from(Severity)), draw(some.booleans())) for day in turns)
    longer = draw(some.none() | some.integers(1, 90))
    return Stretch(
        rule=RULE,
        subject=Subject(kind="contractor", key="", label=""),
        outcome=Outcome.BREACH,
        first_day=turns[0],
        until=None if longer is None else turns[-1] + timedelta(days=longer),
        severity=Severity.MAJOR,
        verdict=Verdict(Outcome.BREACH, Severity.MAJOR),
        given={},
        parts=parts,
        repaired_on=draw(some.none() | DAYS),
    )


@given(breach=breaches(), as_of=DAYS, later=some.integers(0, 200))
def test_what_counts_up_to_a_day_is_cut_from_what_counts_later(breach: Stretch, as_of: date, later: int) -> None:
    """The findings of every month can be cut from those of the last one."""
    whole = counted_findings(breach, as_of + timedelta(days=later))
    assert counted_up_to(whole, as_of) == tuple(counted_findings(breach, as_of))


def rules_in(region: str) -> RulesOn:
    return lambda day: BOOK.rules_in_force(region=region, on=day)


@FEW
@given(some.lists(registers(), min_size=1, max_size=2))
def test_what_is_alike_is_judged_once_and_says_the_same(each: list[dict[str, list[dict[str, Any]]]]) -> None:
    """Points and months of clients share facts and stretches over organizations and regions, as if each stood alone."""
    alike: Alike = {}
    judged: JudgedBefore = {}
    for found, region in product((*each, *each), ("650102", "650204", "330302")):
        span = span_of(found, FIXED)
        courses = courses_of(fieldwork(found, span, terms=TERMS, alike=alike).subjects, BOOK.law_of(region), judged)
        alone = [
            one
            for subject in fieldwork(found, span, terms=TERMS).subjects
            for one in stretches(subject, subject.days, rules_in(region))
        ]
        assert [one.of(subject) for subject, course in courses for one in course.stretches] == alone
