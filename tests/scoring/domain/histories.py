"""Histories to score: the worked example of the model, and random ones."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

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
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.lawbook_files import load_lawbook

AS_OF = date(2026, 6, 30)
ALL = frozenset(f"D{number}" for number in range(1, 7))
CYCLE = Span(date(2026, 1, 1))


def shipped_model() -> CreditModel:
    """The model in force on the day."""
    model = load_lawbook().credit_model(region="650102", on=AS_OF)
    assert model is not None
    return model


MODEL = shipped_model()


def finding(rule: str, severity: Severity, **changes: Any) -> CountedFinding:
    """A finding of the day in D1."""
    values: dict[str, Any] = {"subject": "self", "dimension": "D1", "first_day": AS_OF, "last_day": AS_OF}
    return CountedFinding(rule=rule, severity=severity, **(values | changes))


def on_site(site: str, rule: str, severity: Severity, **changes: Any) -> CountedFinding:
    """A finding of the day in D2 on a site."""
    return finding(rule, severity, **({"subject": site, "unit": site, "dimension": "D2"} | changes))


# Part E6, example 1: a contractor with 51 points and one supervisor, a small office, three sites, two devices.
WORKED = CreditHistory(
    kind="contractor",
    assessed=ALL,
    business=(CYCLE,),
    findings=(
        finding("C-04", Severity.MAJOR),
        finding("C-02", Severity.MINOR),
        on_site("s2", "W-01", Severity.MAJOR),
        on_site("s3", "W-01", Severity.MAJOR),
        on_site("s3", "W-02", Severity.MAJOR),
        on_site("s3", "W-03", Severity.MAJOR),
    ),
    units=tuple(Unit(site, (CYCLE,)) for site in ("s1", "s2", "s3")),
    devices=(
        Device("old", date(2023, 12, 31)),
        Device("new", date(2025, 12, 31), failures=(Failure(date(2026, 3, 1), 20 * 60),)),
    ),
)


def fined(amount: str) -> CreditHistory:
    """The worked example with one fine."""
    penalty = Penalty(document_no="罚〔2026〕1号", measure="fine", fine=Decimal(amount), decided_on=date(2026, 5, 5))
    return replace(WORKED, penalties=(penalty,))


DAYS = st.dates(date(2025, 11, 1), date(2026, 12, 31))
SITES = st.sampled_from(["s1", "s2", "s3"])
PLACES = st.sampled_from(
    [("D1", "self", None), ("D1", "person", None), ("D2", "s1", "s1"), ("D2", "s2", "s2"), ("D2", "self", None),
     ("D3", "self", None), ("D5", "self", None), ("D6", "self", None)]
)  # fmt: skip


@st.composite
def findings(draw: st.DrawFn) -> CountedFinding:
    """One finding anywhere, some open."""
    (dimension, subject, unit), first = draw(PLACES), draw(DAYS)
    return CountedFinding(
        rule=draw(st.sampled_from(["C-01", "C-02", "W-01"])) + dimension,
        subject=subject,
        severity=draw(st.sampled_from(Severity)),
        dimension=dimension,
        first_day=first,
        last_day=draw(st.none() | st.integers(0, 200).map(lambda days: first + timedelta(days))),
        ref=str(draw(st.integers(0, 10**9))),
        unit=unit,
    )


PENALTIES = st.builds(
    Penalty,
    document_no=st.sampled_from(["一号", "二号", "三号"]),
    measure=st.sampled_from(["warning", "correction_order", "confiscation"]),
    decided_on=DAYS,
    duty_done_on=st.none() | DAYS,
    repaired_on=st.none() | DAYS,
)
VETOES = st.builds(VetoDecision, item=st.just("falsification"), document_no=st.just("决〔2026〕1号"), decided_on=DAYS)
DEVICES = st.builds(
    Device,
    ref=st.sampled_from(["d1", "d2", "d3"]),
    since=st.dates(date(2016, 2, 28), date(2026, 3, 1)),
    failures=st.lists(st.builds(Failure, on=DAYS, minutes=st.integers(0, 6000)), max_size=3).map(tuple),
)
YEARS = st.builds(
    PastYear,
    year=st.integers(2023, 2025),
    published_on=st.dates(date(2024, 3, 1), date(2026, 12, 31)),
    rated=st.booleans(),
    confirmed=st.integers(0, 1),
    undecided=st.integers(0, 1),
)
HISTORIES = st.builds(
    CreditHistory,
    kind=st.sampled_from(["contractor", "institution"]),
    assessed=st.frozensets(st.sampled_from(sorted(ALL))),
    business=st.sampled_from([None, (), (CYCLE,)]),
    filed_on=st.none() | st.dates(date(2024, 1, 1), date(2026, 6, 1)),
    years=st.lists(YEARS, max_size=3, unique_by=lambda one: one.year).map(tuple),
    findings=st.lists(findings(), max_size=8).map(tuple),
    units=st.lists(st.builds(Unit, SITES, st.just((CYCLE,))), max_size=3, unique_by=lambda unit: unit.ref).map(tuple),
    devices=st.lists(DEVICES, max_size=3).map(tuple),
    silent_months=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 1)), max_size=1).map(tuple),
    penalties=st.lists(PENALTIES, max_size=3).map(tuple),
    vetoes=st.lists(VETOES, max_size=1).map(tuple),
)
