from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.calendar import (
    CalendarDay,
    DayKind,
    Deadline,
    add_working_days,
    calendar_of,
    legal_day,
    start_of_legal_day,
    working_days_between,
)
from hengjian.platform.calendar_files import load_calendar

CALENDAR = load_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-11-20", 15, "2026-12-11"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_a_period_skips_days_off_and_counts_days_worked_in_exchange(start: str, count: int, end: str) -> None:
    """Deadlines follow the State Council's notice, not the plain week."""
    expected = Deadline(day=date.fromisoformat(end), provisional=False)
    assert add_working_days(date.fromisoformat(start), count, CALENDAR) == expected


def test_a_deadline_that_reaches_an_unsettled_year_is_provisional() -> None:
    """2027 has no notice yet: the day is given, and marked as liable to change."""
    assert add_working_days(date(2026, 12, 30), 5, CALENDAR) == Deadline(day=date(2027, 1, 7), provisional=True)


def test_a_year_without_any_entry_is_provisional() -> None:
    """Beyond the table the week alone is assumed, never silently taken for the law."""
    assert add_working_days(date(2031, 3, 3), 1, CALENDAR) == Deadline(day=date(2031, 3, 4), provisional=True)


def test_every_day_of_the_settled_years_agrees_with_an_independent_calendar() -> None:
    """The shipped table and chinesecalendar give the same working days from 2024 to 2026."""
    day = date(2024, 1, 1)
    while day.year < 2027:
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
    assert CALENDAR.settled_years == {2024, 2025, 2026}


@given(start=DAYS, count=st.integers(1, 60))
def test_adding_and_counting_working_days_are_inverse(start: date, count: int) -> None:
    """A period of n working days contains n working days and ends on one."""
    end = add_working_days(start, count, CALENDAR).day
    assert working_days_between(start, end, CALENDAR) == count
    assert CALENDAR.is_working_day(end)


def test_a_negative_period_is_refused() -> None:
    """Nothing falls due before it begins."""
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1, CALENDAR)


def test_a_day_listed_twice_is_refused() -> None:
    """A table that contradicts itself is not loaded."""
    entry = CalendarDay(date(2026, 1, 1), DayKind.HOLIDAY, "元旦", "x", provisional=False)
    with pytest.raises(ValueError, match="twice"):
        calendar_of([entry, entry])


def test_the_legal_day_is_read_from_the_clock_of_beijing() -> None:
    """16:00 UTC is the next legal day; a time without offset has none."""
    assert legal_day(datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert legal_day(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    with pytest.raises(ValueError, match="offset"):
        legal_day(datetime(2026, 11, 20, 16, 0))  # noqa: DTZ001 - the missing offset is what is tested


@given(day=DAYS)
def test_a_legal_day_begins_on_itself(day: date) -> None:
    """The first moment of a day lies in it, the moment before does not."""
    start = start_of_legal_day(day)
    assert legal_day(start) == day
    assert legal_day(start - timedelta(microseconds=1)) == day - timedelta(days=1)
