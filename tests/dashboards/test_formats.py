"""How values are printed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.dashboards import formats
from hengjian.dashboards.parts import pager


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (1248, "1,248"),
        (Decimal("49.990"), "49.990"),
        (Fraction(113, 14), "8.07"),
        (Fraction(16, 2), "8"),
        (date(2026, 5, 3), "2026-05-03"),
        (datetime(2026, 11, 19, 16, 30, tzinfo=UTC), "2026-11-20 00:30"),
        (("a", "b"), "a、b"),
        ((), "–"),
    ],
)
def test_a_value_is_printed_in_one_way(value: object, printed: str) -> None:
    """No data is a dash and zero is zero; times are Beijing time."""
    assert formats.number(value) == printed


def test_a_late_evening_in_utc_is_the_next_day_in_beijing() -> None:
    """A day is the legal day."""
    assert formats.day(datetime(2026, 11, 19, 16, 30, tzinfo=UTC)) == "2026-11-20"


def test_days_and_months_are_written_out_in_both_languages() -> None:
    """Long forms follow each language's own order."""
    assert formats.long_day(date(2026, 11, 20), "zh") == "2026 年 11 月 20 日，星期五"
    assert formats.long_day(date(2026, 11, 20), "en") == "Friday, 20 November 2026"
    assert formats.month("2026-10", "zh") == "2026年10月"
    assert formats.month("2026-10", "en") == "October 2026"


@given(st.integers(1, 60), st.sampled_from([20, 50, 100]), st.integers(0, 1200))
def test_a_pager_never_leaves_its_list(page: int, size: int, total: int) -> None:
    """Every link leads to an existing page, and the first and the last are always there."""
    pages = max(1, -(-total // size))
    made = pager("/orgs", [], page=min(page, pages), size=size, total=total)
    numbers = [int(link.label) for link in made.links if link.href]
    assert numbers[0] == 1
    assert numbers[-1] == pages
    assert made.last <= total


def test_receipts_of_one_minute_are_told_apart() -> None:
    """Seconds, in Beijing time."""
    assert formats.exact_moment(datetime(2026, 11, 19, 16, 30, 7, tzinfo=UTC)) == "2026-11-20 00:30:07"


@pytest.mark.parametrize(
    ("said", "value", "printed"),
    [
        ("persons", "1", "person"),
        ("persons", "≥ 1", "person"),
        ("persons", "11", "persons"),
        ("persons", None, "persons"),
        ("points/person", "1", "points/person"),
        ("m²", "1", "m²"),
        ("人", "1", "人"),
    ],
)
def test_a_unit_agrees_with_its_value(said: str, value: str | None, printed: str) -> None:
    """One person, two persons; a ratio and a Chinese unit stay as they are."""
    assert formats.unit(said, value) == printed
