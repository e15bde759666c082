"""Rows of registers as facts are made from them: which one is true on a day, and on which days anything changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from msgspec.structs import replace

from hengjian.scoring.domain.subjects import Facts, Subject

Row = Mapping[str, Any]
Rows = Sequence[Row]
Registers = Mapping[str, Rows]
"""Rows by kind of register in the order of their first days, each true from `valid_from` to before `valid_until`."""


Alike = dict[tuple[object, ...], tuple[Subject, date]]
"""Subjects without a name, each with the day of its next turn, by all that their facts are made of, for the same days
to judge and terms of the law."""


@dataclass(slots=True)
class Span:
    """The days to judge, and what is known of those after them.

    Attributes:
        fixed: rising; the first day, the last, and the days between on which the law changes.
        first_days: by kind of register, the first day of any of its rows.
        next_turn: the first day after the last one on which a subject made so far has other facts, as far as rows tell.
    """

    fixed: tuple[date, ...]
    first_days: Mapping[str, date]
    next_turn: date = date.max

    def of(self, kinds: Collection[str]) -> Self:
        """The same days for what is made of these registers alone."""
        return type(self)(self.fixed, {kind: day for kind, day in self.first_days.items() if kind in kinds})

    def turns(self, day: date) -> None:
        """Note that something is another from a day on."""
        if self.fixed[-1] < day < self.next_turn:
            self.next_turn = day

    def known(self, kind: str, day: date) -> bool:
        """Whether a register had any row by that day; before, what it holds is unknown rather than nothing."""
        first = self.first_days.get(kind)
        return first is not None and first <= day

    def days(self, *changes: date | None) -> tuple[date, ...]:
        """The fixed days and those changes that lie between the first and the last, rising; later ones are noted."""
        first, last = self.fixed[0], self.fixed[-1]
        found = set(self.fixed)
        for day in changes:
            if day is not None and day > first:
                if day <= last:
                    found.add(day)
                elif day < self.next_turn:
                    self.next_turn = day
        return tuple(sorted(found))


def only(registers: Registers, kinds: Collection[str]) -> Registers:
    """These registers and no others, so that nothing is made of one that is not named.

    Raises:
        KeyError: one of them was not read.
    """
    return {kind: registers[kind] for kind in kinds}


def by_reference(rows: Rows, name: str = "source_ref") -> dict[str, list[Row]]:
    """The rows by a reference, each list in its order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def bounds(rows: Iterable[Row]) -> Iterator[date]:
    """The days on which a row begins or ends."""
    for row in rows:
        yield row["valid_from"]
        yield row["valid_until"]


def is_true(row: Row, day: date) -> bool:
    """Whether the row is true on the day."""
    begins: date = row["valid_from"]
    ends: date = row["valid_until"]
    return begins <= day < ends


def true_on(rows: Rows, day: date) -> Row | None:
    """The row that is true on a day; of several the one that began last. The rows are in the order of their days."""
    for index in range(bisect_right(rows, day, key=_begins) - 1, -1, -1):
        if rows[index]["valid_until"] > day:
            return rows[index]
    return None


def _begins(row: Row) -> date:
    day: date = row["valid_from"]
    return day


def subject_over(
    kind: str, rows: Rows, days: tuple[date, ...], facts: Callable[[Row, date], Facts], *, label: str = "name"
) -> Subject:
    """The subject of one reference, with facts on each of its days on which one of its rows is true."""
    subject = Subject(kind=kind, key=rows[-1]["source_ref"], label=rows[-1][label], days=days)
    if len(rows) == 1:
        (only,) = rows
        for day in days[bisect_left(days, only["valid_from"]) : bisect_left(days, only["valid_until"])]:
            subject.by_day[day] = facts(only, day)
        return subject
    for day in days:
        row = true_on(rows, day)
        if row is not None:
            subject.by_day[day] = facts(row, day)
    return subject


def event(
    kind: str,
    key: str,
    label: str,
    *,
    on: date,
    facts: Facts,
    span: Span,
    city: str | None = None,
    unit: str | None = None,
) -> Iterator[Subject]:
    """What happened on one day, if that is a day to judge; it is true on that day, so its breach lasts that day."""
    first, last = span.fixed[0], span.fixed[-1]
    span.turns(on)
    span.turns(on + timedelta(days=1))
    if first <= on <= last:
        days = (on, on + timedelta(days=1)) if on < last else (on,)
        yield Subject(kind=kind, key=key, label=label, city=city, by_day={on: facts}, days=days, unit=unit)


def showing(subjects: Iterable[Subject], things: Iterable[str]) -> Iterator[Subject]:
    """The subjects, which show the same event as these things do (`kind:key`)."""
    about = tuple(things)
    for subject in subjects:
        yield replace(subject, about=(*subject.about, *about)) if about else subject


def lasting(subject: Subject, facts: Iterable[tuple[date, Facts]], until: date, span: Span) -> Iterator[Subject]:
    """The subject with facts from each of these days on, until it is no more; nothing where no day is judged."""
    changes = dict(facts)
    first, last = min(changes), span.fixed[-1]
    span.turns(first)
    if first > last or until <= span.fixed[0]:
        return
    days = span.days(*changes, until)
    for day in days:
        if first <= day < until:
            subject.by_day[day] = changes[max(change for change in changes if change <= day)]
    if subject.by_day:
        yield replace(subject, days=[day for day in days if first <= day <= until])


def whole_seconds(since: datetime, until: datetime) -> int:
    """The seconds between, rounded up, so that a moment beyond a limit is beyond it; 0 when `until` is not later."""
    return max(0, -((since - until) // timedelta(seconds=1)))
