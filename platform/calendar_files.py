"""The seed of the working-day table, as shipped."""

import csv
from datetime import date
from pathlib import Path

from hengjian.platform.calendar import Calendar, CalendarDay, DayKind, calendar_of

CALENDAR_FILE = Path(__file__).parent / "calendar_days.csv"


def load_calendar(path: Path = CALENDAR_FILE) -> Calendar:
    """The working-day table of a CSV file with the columns day, kind, name, source, provisional.

    Raises:
        ValueError: a day, a kind or a flag cannot be read, or a day is listed twice.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return calendar_of(_day(row) for row in csv.DictReader(lines))


def _day(row: dict[str, str]) -> CalendarDay:
    if row["provisional"] not in {"true", "false"}:
        raise ValueError(f"provisional is true or false, not {row['provisional']!r}")
    return CalendarDay(
        day=date.fromisoformat(row["day"]),
        kind=DayKind(row["kind"]),
        name=row["name"],
        source=row["source"],
        provisional=row["provisional"] == "true",
    )
