"""Slots come from the expression and the last slot alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.calendar import LEGAL_ZONE
from hengjian.platform.jobs.schedule import Schedule, due_slots

NIGHTLY = Schedule(job="scoring.evaluate_all", cron="0 2 * * *", catch_up=3)
MONTHLY = Schedule(job="filing.monthly_reports", cron="0 6 1 * *")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_ZONE)


def test_a_slot_is_due_from_its_very_minute() -> None:
    """Not a moment earlier, and once it has fired not again."""
    assert due_slots(NIGHTLY, at("2026-11-19T12:00"), at("2026-11-20T01:59:59")) == []
    assert due_slots(NIGHTLY, at("2026-11-19T12:00"), at("2026-11-20T02:00")) == [at("2026-11-20T02:00")]
    assert due_slots(NIGHTLY, at("2026-11-20T02:00"), at("2026-11-20T02:00:30")) == []


def test_after_a_downtime_only_the_newest_slots_fire() -> None:
    """Ten missed nights bring three evaluations, not ten."""
    due = due_slots(NIGHTLY, at("2026-11-10T02:00"), at("2026-11-20T12:00"))
    assert due == [at("2026-11-18T02:00"), at("2026-11-19T02:00"), at("2026-11-20T02:00")]


def test_slots_keep_beijing_time_wherever_the_server_stands() -> None:
    """Six in the morning of the first in China, asked in UTC."""
    due = due_slots(MONTHLY, datetime(2026, 10, 15, tzinfo=UTC), datetime(2026, 10, 31, 22, tzinfo=UTC))
    assert due == [datetime(2026, 10, 31, 22, tzinfo=UTC)]


@given(st.integers(min_value=0, max_value=20_000), st.integers(min_value=0, max_value=20_000))
def test_two_lookers_see_the_same_slots(first_minutes: int, second_minutes: int) -> None:
    """Looking once or twice in between fires the same slots: none lost, none doubled."""
    every = Schedule(job="x", cron="*/20 * * * *", catch_up=100_000)
    start = at("2026-01-31T23:59")
    middle = start + timedelta(minutes=first_minutes)
    end = middle + timedelta(minutes=second_minutes)
    early = due_slots(every, start, middle)
    late = due_slots(every, early[-1] if early else start, end)
    assert early + late == due_slots(every, start, end)


def test_years_of_downtime_cost_little() -> None:
    """A schedule of every minute does not compute a decade of minutes."""
    every_minute = Schedule(job="x", cron="* * * * *")
    assert due_slots(every_minute, at("2016-01-01T00:00"), at("2026-01-01T00:00")) == [at("2026-01-01T00:00")]


@pytest.mark.parametrize("cron", ["0 2 * *", "0 2 * * 1", "0 2 * * 1-5", "61 2 * * *", "0 2 * * x"])
def test_an_unclear_expression_is_refused_at_the_start(cron: str) -> None:
    """Missing fields, weekday numbers and nonsense never reach the night."""
    with pytest.raises(ValueError, match=r".+"):
        Schedule(job="x", cron=cron)
