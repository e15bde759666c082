import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.filing.charts import (
    breach_intervals,
    deduction_waterfall,
    grade_counts,
    score_trend,
    verdict_counts,
    weekly_findings,
)
from hengjian.filing.domain.chart_records import (
    BreachInterval,
    Chart,
    Deduction,
    Grade,
    GradeCount,
    TrendPoint,
    VerdictCount,
    WeekCount,
)
from hengjian.filing.texts import speaker
from hengjian.platform.charts import render_svg

ZH = speaker("zh")
LIMITS: dict[Grade, Decimal] = {"A": Decimal(90), "B": Decimal(75), "C": Decimal(60), "D": Decimal(0)}
SINCE, UNTIL = date(2025, 11, 1), date(2026, 11, 1)


def interval(**changes: Any) -> BreachInterval:
    facts: dict[str, Any] = {"rule_id": "C-04", "title": "督查人员配备", "severity": "major", "until": None}
    return BreachInterval(**{**facts, "since": date(2026, 9, 12), **changes})


def drawn(chart: Chart) -> str:
    return render_svg(chart.spec, 660, name=chart.name)


def values(chart: Chart) -> list[dict[str, Any]]:
    return [row for layer in chart.spec["layer"] for row in layer["data"]["values"]]


def test_a_month_without_a_score_is_a_gap() -> None:
    """No data is neither zero nor the month before."""
    months = [TrendPoint(day=date(2026, m, 1), score=None if m == 2 else Decimal("91.5")) for m in (1, 2, 3)]
    chart = score_trend(months, ZH, limits=LIMITS)
    assert [row["v"] for row in values(chart) if "m" in row][:3] == [91.5, None, 91.5]
    assert chart.rows[1] == ("2026年2月", "–")
    assert "91.50" in drawn(chart)


def test_weeks_are_stacked_by_severity_with_their_total() -> None:
    """A bar says how many, its parts how grave."""
    chart = weekly_findings([WeekCount(monday=date(2026, 10, 26), counts={"critical": 1, "minor": 2})], ZH)
    assert chart.head == ("周（起始日）", "严重", "一般", "合计")
    assert chart.rows == (("10月26日", "1", "2", "3"),)
    assert chart.swatches == (("#8f1616", "严重"), ("#e9c94a", "一般"))
    assert ">3</text>" in drawn(chart)


def test_an_interval_that_lasts_says_so_with_its_days() -> None:
    """The length counts from the true beginning, even where the picture begins later."""
    chart = breach_intervals([interval(since=date(2025, 10, 1))], ZH, since=SINCE, until=UNTIL)
    assert "396 天，持续中" in drawn(chart)
    assert chart.rows == (("C-04 督查人员配备", "较重", "2025-10-01", "持续中", "396"),)


def test_a_stretch_without_data_is_grey_and_not_counted_as_a_breach() -> None:
    """No verdict is no accusation."""
    unknown = interval(severity=None, since=date(2026, 6, 20), until=date(2026, 6, 28))
    chart = breach_intervals([unknown], ZH, since=SINCE, until=UNTIL)
    assert "共 0 段违规" in chart.description
    assert {row["c"] for row in values(chart) if "c" in row} == {"#a9b4bf"}
    assert chart.rows[0][3] == "2026-06-27"


UNDER = ("C-07 WG-650100-2026-00012",)


def broken(chart: Chart) -> int:
    """Bars within a broken line."""
    return len(re.findall(r'<path [^>]*stroke-dasharray="4,2"', drawn(chart)))


def test_what_counts_under_another_is_drawn_told_and_listed_as_such() -> None:
    """By a broken line, by words at the bar, in the key, in the description and in the table: never by colour alone."""
    counts = interval(rule_id="C-07", title="持证上岗")
    chart = breach_intervals([interval(counted_in=UNDER), counts], ZH, since=SINCE, until=UNTIL)
    assert (broken(chart), drawn(chart).count("50 天，持续中，计入 C-07")) == (1, 1)
    assert chart.swatches == (("#e0701a", "较重"), ("none", "计入另一项，不另扣分"))
    assert chart.description.endswith("共 2 段违规，其中 1 段计入另一项，不另扣分")
    assert (chart.head[-1], [row[-1] for row in chart.rows]) == ("计入", [UNDER[0], ""])
    english = breach_intervals([interval(counted_in=UNDER)], speaker("en"), since=SINCE, until=UNTIL)
    assert "counted under C-07" in drawn(english)
    assert english.swatches[-1] == ("none", "Counted under another, no further points lost")


def test_where_everything_counts_itself_the_chart_says_nothing_of_it() -> None:
    """No broken line, no key, no column."""
    chart = breach_intervals([interval()], ZH, since=SINCE, until=UNTIL)
    assert (broken(chart), len(chart.head), chart.swatches) == (0, 5, (("#e0701a", "较重"),))
    assert "计入" not in drawn(chart) + chart.description


def test_what_counts_itself_is_never_hidden_by_what_does_not() -> None:
    """Of two stretches on the same days of a row, the one that counts is drawn last, over the other."""
    chart = breach_intervals([interval(), interval(counted_in=UNDER)], ZH, since=SINCE, until=UNTIL)
    assert "计入 C-07" not in drawn(chart), "the words at the row are those of what counts"
    bars = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "bar"]
    assert [[row["under"] for row in layer["data"]["values"]] for layer in bars] == [[True], [False]]


def test_a_stretch_that_counts_under_many_names_two_at_its_bar() -> None:
    """And all of them in the table."""
    many = tuple(f"C-{rule} WG-{rule}" for rule in ("07", "08", "09"))
    chart = breach_intervals([interval(counted_in=many)], ZH, since=SINCE, until=UNTIL)
    assert "计入 C-07、C-08…" in drawn(chart)
    assert chart.rows[0][-1] == "C-07 WG-07、C-08 WG-08、C-09 WG-09"


def test_stretches_outside_the_window_are_left_out() -> None:
    """The window's end is not part of it."""
    outside = [interval(since=UNTIL), interval(since=date(2025, 1, 1), until=SINCE)]
    assert breach_intervals(outside, ZH, since=SINCE, until=UNTIL).rows == ()


def test_the_waterfall_ends_at_the_score_and_keeps_every_deduction_in_its_table() -> None:
    """A long list is drawn shortly and listed whole."""
    deductions = [Deduction(label=f"C-{i:02d}", severity="minor", points=Decimal("0.5")) for i in range(20)]
    chart = deduction_waterfall(deductions, ZH, full=Decimal(100), score=Decimal(90), limits=LIMITS)
    assert "其余 8 项" in drawn(chart)
    assert "90.00" in drawn(chart)
    assert len(chart.rows) == 20


def test_counts_of_verdicts_keep_no_data_apart() -> None:
    """Four verdicts, four columns."""
    chart = verdict_counts([VerdictCount(label="C-04", passed=11, breach=3, not_applicable=2, no_data=1)], ZH)
    assert chart.rows == (("C-04", "3", "1", "2", "11", "17"),)
    assert chart.description == "C-04：不符合 3，无数据 1，不适用 2，符合 11"


def test_equal_names_keep_rows_of_their_own() -> None:
    """Two places of one name are two rows of the picture."""
    places = [GradeCount(label="城区", grades={"A": n}, not_rated=0) for n in (1, 2)]
    chart = grade_counts(places, ZH)
    assert len({row["label"] for row in values(chart)}) == 2
    assert drawn(chart).count("城区") == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_to_show_can_still_be_drawn(language: Any) -> None:
    """An empty month must not stop a report."""
    say = speaker(language)
    empty_week = WeekCount(monday=date(2026, 10, 26), counts={})
    for chart in (
        score_trend([TrendPoint(day=SINCE, score=None)], say),
        weekly_findings([empty_week], say),
        breach_intervals([], say, since=SINCE, until=UNTIL),
        deduction_waterfall([], say, full=Decimal(100), score=Decimal(100)),
        verdict_counts([], say),
        grade_counts([], say),
    ):
        assert drawn(chart).startswith("<svg")
        assert chart.description


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(1, 400), st.booleans()), max_size=12))
def test_every_bar_lies_inside_the_window(stretches: list[tuple[int, int, bool]]) -> None:
    """Whatever the intervals are, nothing is drawn beside the axis."""
    intervals = [
        interval(since=SINCE + timedelta(start), until=None if lasts else SINCE + timedelta(start + days))
        for start, days, lasts in stretches
    ]
    for row in values(breach_intervals(intervals, ZH, since=SINCE, until=UNTIL)):
        if "a" in row:
            assert SINCE.isoformat() <= row["a"] < row["b"] <= UNTIL.isoformat()


def test_steps_beyond_a_dimensions_cap_are_given_back() -> None:
    """Forty points of breaches in a dimension of twenty cost twenty, and the picture says so."""
    deductions = [Deduction(label=f"C-0{i}", severity="major", points=Decimal(10)) for i in range(1, 5)]
    chart = deduction_waterfall(deductions, ZH, full=Decimal(100), score=Decimal(80))
    assert "+20.00" in drawn(chart)
    steps = [row for row in values(chart) if "a" in row]
    assert steps[-1]["a"] == 80
    assert len(chart.rows) == 4


def test_stretches_of_many_subjects_say_their_length_once() -> None:
    """Four people without a pledge are one row of the picture, with one text."""
    chart = breach_intervals([interval(since=date(2026, 3, 1)) for _ in range(4)], ZH, since=SINCE, until=UNTIL)
    assert drawn(chart).count("天，持续中") == 1
    assert len(chart.rows) == 4
