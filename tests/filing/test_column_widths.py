import doctest

from hypothesis import given
from hypothesis import strategies as st

from hengjian.filing import column_widths as module
from hengjian.filing import exact_figures
from hengjian.filing.column_widths import column_widths
from hengjian.filing.domain import compliance_report


@given(st.lists(st.lists(st.text(max_size=200), min_size=3, max_size=3), max_size=20))
def test_columns_share_the_line_and_none_vanishes(rows: list[list[str]]) -> None:
    """Whatever stands in a table, every column can be read."""
    widths = column_widths(("甲", "b", ""), rows)
    assert 97 <= sum(widths) <= 100
    assert min(widths) >= 4


def test_one_long_cell_does_not_take_the_line() -> None:
    """An outlier breaks; the others stay readable."""
    rows = [("x" * 10, "y" * 10)] * 19 + [("x" * 10, "y" * 5000)]
    first, second = column_widths(("a", "b"), rows)
    assert first == second == 50


def test_the_examples_in_the_text_hold() -> None:
    """What the documentation shows is what happens."""
    for described in (module, exact_figures, compliance_report):
        assert doctest.testmod(described).failed == 0


def test_a_word_of_the_heading_is_not_broken_for_short_cells() -> None:
    """An English heading over a column of marks stays readable."""
    head = ("Reference", "water or gas", "discharger")
    rows = [("PT-6501-001", "gas", "乌鲁木齐市某某某某某某热电有限责任公司第二分公司")] * 20
    reference, medium, discharger = column_widths(head, rows)
    assert reference >= 10
    assert medium >= 7
    assert discharger > reference
