"""The clock of inspections against brute force, one day after the other, with stops and gaps in service."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.clocks import Clock, merged, on_any

BEGIN = date(2025, 12, 1)
LAST = BEGIN + timedelta(days=60)
DAYS = tuple(BEGIN + timedelta(days=n) for n in range(61))
NEAR = st.dates(BEGIN - timedelta(days=20), LAST + timedelta(days=5))
SPAN = st.tuples(NEAR, st.integers(0, 25) | st.none()).map(
    lambda one: (one[0], date.max if one[1] is None else one[0] + timedelta(days=one[1]))
)
SPANS = st.lists(SPAN, max_size=3).map(merged)
CLOCKS = st.builds(
    Clock,
    service=SPANS,
    pauses=SPANS,
    done=st.lists(NEAR, max_size=8, unique=True).map(lambda days: tuple(sorted(days))),
    known_from=st.none() | NEAR,
)


def told_day_by_day(clock: Clock) -> dict[date, int | None]:
    """Walk from long before: a count that begins with service, stands still on pauses, and starts again after a day done."""
    told: dict[date, int | None] = {}
    count: int | None = None
    day = BEGIN - timedelta(days=60)
    while day <= LAST:
        known = clock.known_from is not None and clock.known_from <= day
        if not known or not any(begins <= day < until for begins, until in clock.service):
            count = None
        elif count is None:
            count = 0
        elif not any(begins <= day < until for begins, until in clock.pauses):
            count += 1
        told[day] = count
        if count is not None and day in clock.done:
            count = 0
        day += timedelta(days=1)
    return told


@given(CLOCKS)
def test_a_reading_is_what_counting_day_by_day_gives(clock: Clock) -> None:
    """On every day, in and out of service, known and unknown."""
    told = told_day_by_day(clock)
    assert {day: clock.reading(day) for day in DAYS} == {day: told[day] for day in DAYS}


def over(readings: Sequence[int | None], term: int) -> list[bool | None]:
    return [None if reading is None else reading > term for reading in readings]


@settings(max_examples=300)
@given(CLOCKS, st.sampled_from([0, 3, 7]))
def test_between_its_days_of_change_a_clock_stays_on_its_side_of_the_term(clock: Clock, term: int) -> None:
    """Asking on those days alone tells for each day whether the term is over."""
    turns = {BEGIN, *clock.bounds(), *clock.turns(term, last=LAST)}
    asked: bool | None = None
    told: list[bool | None] = []
    for day in DAYS:
        if day in turns:
            reading = clock.reading(day)
            asked = None if reading is None else reading > term
        told.append(asked)
    assert told == over([clock.reading(day) for day in DAYS], term)


@given(st.lists(SPAN, max_size=5))
def test_merged_spans_hold_the_same_days(spans: list[tuple[date, date]]) -> None:
    """No day more, no day less."""
    found = merged(spans)
    for day in DAYS:
        assert on_any(found, day) == any(begins <= day < until for begins, until in spans)


def test_a_gap_of_seven_days_is_a_week_and_one_of_eight_is_not() -> None:
    """Inspected on the 1st and on the 9th: the 9th itself still ends a gap of eight days."""
    clock = Clock(((BEGIN, date.max),), (), (date(2025, 12, 1), date(2025, 12, 9)), BEGIN)
    assert [clock.reading(date(2025, 12, day)) for day in (1, 2, 8, 9, 10)] == [0, 1, 7, 8, 1]
    assert list(clock.turns(7, last=date(2025, 12, 16))) == [date(2025, 12, 9), date(2025, 12, 10)]


def test_a_stop_holds_the_clock() -> None:
    """Five days before a stop of a month, and the sixth on the day on which it runs again."""
    stop = (date(2025, 12, 7), date(2026, 1, 7))
    clock = Clock(((BEGIN, date.max),), (stop,), (BEGIN,), BEGIN)
    assert [clock.reading(day) for day in (date(2025, 12, 6), date(2026, 1, 6), date(2026, 1, 7))] == [5, 5, 6]
