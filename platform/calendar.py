"""Working days, legal days and deadlines counted in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
"""The one legal time of the country (北京时间), also where people live by another clock."""


class DayKind(StrEnum):
    """What a day of the table is: a working day, a day off, or a weekend day worked in exchange (调休)."""

    WORKDAY = "workday"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day that differs from the plain week, with the notice it rests on.

    `provisional` (暂定) holds until the State Council's notice for that year is out.
    """

    day: date
    kind: DayKind
    name: str
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period counted in working days; `provisional` when the count touched an unsettled year."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The table of days that differ from the plain week, and the years a notice has settled.

    A day absent from the table follows the week: Monday to Friday are worked. In a year outside `settled_years`
    that is an assumption, and every deadline resting on it says so.
    """

    days: Mapping[date, CalendarDay]
    settled_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        entry = self.days.get(day)
        if entry is None:
            return day.isoweekday() <= 5
        return entry.kind is not DayKind.HOLIDAY

    def is_provisional(self, day: date) -> bool:
        """Whether the kind of this day may still change by a later notice."""
        return day.year not in self.settled_years


def calendar_of(days: Iterable[CalendarDay]) -> Calendar:
    """Build the table; a year is settled when it has days and none of them is provisional.

    Raises:
        ValueError: the same day is listed twice.
    """
    table: dict[date, CalendarDay] = {}
    for entry in days:
        if entry.day in table:
            raise ValueError(f"{entry.day} is listed twice in the calendar")
        table[entry.day] = entry
    open_years = {entry.day.year for entry in table.values() if entry.provisional}
    return Calendar(days=table, settled_years=frozenset({day.year for day in table} - open_years))


def add_working_days(start: date, count: int, calendar: Calendar) -> Deadline:
    """The day a period of `count` working days ends which begins the day after `start`.

    The starting day is not counted (民法典 art. 201); zero working days end on the next working day from `start` on
    (art. 203: a period that ends on a day off ends on the first working day after it).

    Raises:
        ValueError: `count` is negative.

    Example: 5 working days from Wednesday 2026-09-30 end on 2026-10-13 (1 to 7 October are off, the 10th is worked).
    """
    if count < 0:
        raise ValueError("a period has no negative length")
    day, left, provisional = start, count, calendar.is_provisional(start)
    while left > 0 or not calendar.is_working_day(day):
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
        provisional = provisional or calendar.is_provisional(day)
    return Deadline(day=day, provisional=provisional)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and including `end`; 0 when `end` is not later."""
    span = (end - start).days
    return sum(calendar.is_working_day(start + timedelta(days=step)) for step in range(1, span + 1))


def legal_day(moment: datetime) -> date:
    """The calendar day in legal time on which a moment falls.

    Raises:
        ValueError: the moment carries no offset, so its day cannot be known.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset has no legal day")
    return moment.astimezone(LEGAL_ZONE).date()


def start_of_legal_day(day: date) -> datetime:
    """The moment at which a legal day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LEGAL_ZONE)
