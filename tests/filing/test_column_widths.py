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
    assert 98 <= sum(widths) <= 102
    assert min(widths) >= 7


def test_one_long_cell_does_not_take_the_line() -> None:
    """An outlier breaks; the others stay readable."""
    rows = [("x" * 10, "y" * 10)] * 19 + [("x" * 10, "y" * 5000)]
    first, second = column_widths(("a", "b"), rows)
    assert first == second == 50


def test_the_examples_in_the_text_hold() -> None:
    """What the documentation shows is what happens."""
    for described in (module, exact_figures, compliance_report):
        assert doctest.testmod(described).failed == 0
